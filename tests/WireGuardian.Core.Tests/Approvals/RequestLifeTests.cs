using FsCheck;
using FsCheck.Fluent;

namespace WireGuardian.Core.Tests.Approvals;

/// <summary>Whatever befalls a request, in whatever order: one outcome, at most one execution, and none without its record.</summary>
public sealed class RequestLifeTests
{
    [Test]
    [CancelAfter(300_000)]
    public void Whatever_befalls_a_request_it_has_one_outcome_and_runs_at_most_once_and_on_record() =>
        Prop.ForAll<byte[]>(choices =>
        {
            using var life = new RequestLife(choices ?? []);
            life.LiveAsync().GetAwaiter().GetResult();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithEndSize(60));
}
