using System.Text.RegularExpressions;
using WireGuardian.Core.Approvals;
using WireGuardian.Testing.Programs;

namespace WireGuardian.Core.Tests.Approvals;

public sealed partial class ApprovalTransitionsTests
{
    private static readonly ApprovalState[] States = Enum.GetValues<ApprovalState>();

    [Test]
    public void The_ways_that_a_request_may_go_are_those_drawn()
    {
        var drawn = new Dictionary<ApprovalState, ApprovalState[]>
        {
            [ApprovalState.Pending] = [ApprovalState.Approved, ApprovalState.Denied, ApprovalState.Expired, ApprovalState.Withdrawn, ApprovalState.Abandoned],
            [ApprovalState.Approved] = [ApprovalState.Expired, ApprovalState.Withdrawn, ApprovalState.Released, ApprovalState.Abandoned],
        };
        foreach (var from in States)
            Assert.That(States.Where(to => ApprovalTransitions.Allows(from, to)), Is.EqualTo(drawn.GetValueOrDefault(from, [])), from.ToName());
    }

    [Test]
    public void Nothing_leads_out_of_an_end_and_something_out_of_every_other_state() =>
        Assert.That(States.Where(from => !States.Any(to => ApprovalTransitions.Allows(from, to))), Is.EqualTo(States.Where(ApprovalTransitions.IsEnd)));

    [Test]
    public void A_way_that_is_not_drawn_is_refused_loudly()
    {
        using var fixture = QueueFixture.StartAsync().GetAwaiter().GetResult();
        var pending = fixture.Request();
        Assert.That(() => ApprovalTransitions.Release(pending), Throws.InvalidOperationException);
        Assert.That(() => ApprovalTransitions.End(pending, ApprovalState.Released), Throws.InvalidOperationException);
        var denied = ApprovalTransitions.Decide(pending, new("dana", false, "no", fixture.Time.GetUtcNow()));
        Assert.That(() => ApprovalTransitions.Decide(denied, new("omar", true, "", fixture.Time.GetUtcNow())), Throws.InvalidOperationException);
        Assert.That(() => ApprovalTransitions.End(denied, ApprovalState.Expired), Throws.InvalidOperationException);
    }

    [Test]
    public void No_other_code_changes_the_state_of_a_request()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(source => Path.GetFileName(source) != "ApprovalTransitions.cs" && ChangesState().IsMatch(File.ReadAllText(source)));
        Assert.That(sources, Is.Empty);
    }

    [GeneratedRegex(@"\bwith\s*\{[^}]*\bState\s*=")]
    private static partial Regex ChangesState();
}
