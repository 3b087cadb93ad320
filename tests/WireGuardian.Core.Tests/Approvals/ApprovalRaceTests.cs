using WireGuardian.Core.Approvals;
using WireGuardian.Core.Identity;
using WireGuardian.Testing.Approvals;
using static WireGuardian.Core.Tests.Approvals.QueueFixture;

namespace WireGuardian.Core.Tests.Approvals;

public sealed class ApprovalRaceTests
{
    private static readonly string[] Ends = ["approve", "deny", "expire", "withdraw", "abandon"];

    [Test]
    public async Task Of_decisions_expiry_withdrawal_and_abandonment_at_once_exactly_one_wins()
    {
        using var fixture = await QueueFixture.StartAsync();
        fixture.Audit.BeforeDurable = async _ => await Task.Yield();
        for (var round = 0; round < 300; round++)
        {
            var held = await fixture.HoldAsync();
            var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Task<DecisionOutcome>[] deciding =
            [
                .. Enumerable.Range(0, 4).Select(index => After(start.Task, () =>
                    fixture.Queue.DecideAsync(held.Id, new Operator($"operator{index}", []), index % 2 == 0, "x", CancellationToken.None).AsTask())),
            ];
            Task[] others =
            [
                After(start.Task, () => { held.Withdraw("cancel"); return Task.FromResult(true); }),
                After(start.Task, () => { fixture.Time.Advance(TimeSpan.FromMinutes(10)); return Task.FromResult(true); }),
            ];
            start.SetResult();
            var outcomes = await Task.WhenAll(deciding);
            await Task.WhenAll(others);
            var decided = await held.Decision;

            var counted = outcomes.Count(outcome => outcome.Counted);
            Assert.That(counted, Is.EqualTo(decided.State is ApprovalState.Approved or ApprovalState.Denied ? 1 : 0));
            var ends = fixture.Audit.Records.Where(record => record.RequestId == held.Id && Ends.Contains(record.Event)).ToList();
            Assert.That(ends.Select(record => record.Decision), Is.EqualTo(new[] { decided.State.ToName() }));
            held.Abandon();
        }
    }

    [Test]
    public async Task Of_many_releases_at_once_exactly_one_is_true()
    {
        using var fixture = await QueueFixture.StartAsync();
        fixture.Audit.BeforeDurable = async _ => await Task.Yield();
        for (var round = 0; round < 100; round++)
        {
            var held = await fixture.HoldAsync();
            await fixture.ApproveAsync(held.Id, Dana);
            var released = await Task.WhenAll(
                Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await held.TryReleaseAsync("d1", CancellationToken.None))));
            Assert.That(released.Count(won => won), Is.EqualTo(1));
        }
        Assert.That(fixture.Audit.Events.Count(name => name == "release"), Is.EqualTo(100));
    }

    [Test]
    public async Task A_release_and_an_abandonment_at_once_agree_with_the_trail()
    {
        using var fixture = await QueueFixture.StartAsync();
        fixture.Audit.BeforeDurable = async _ => await Task.Yield();
        for (var round = 0; round < 200; round++)
        {
            var held = await fixture.HoldAsync();
            await fixture.ApproveAsync(held.Id, Dana);
            var releasing = Task.Run(async () => await held.TryReleaseAsync("d1", CancellationToken.None));
            held.Abandon();
            var released = await releasing;
            Assert.That(
                fixture.Audit.Records.Any(record => record.RequestId == held.Id && record.Event == "release"), Is.EqualTo(released));
        }
    }

    [Test]
    public async Task The_limits_hold_when_many_submit_at_once()
    {
        using var fixture = await QueueFixture.StartAsync(new ApprovalQueueOptions { MaximumHeldPerUser = 5 });
        fixture.Audit.BeforeDurable = async _ => await Task.Yield();
        var submitted = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(async () =>
        {
            try
            {
                await fixture.HoldAsync();
                return true;
            }
            catch (ApprovalRefusedException)
            {
                return false;
            }
        })));
        Assert.That(submitted.Count(queued => queued), Is.EqualTo(5));
    }

    private static async Task<T> After<T>(Task start, Func<Task<T>> run)
    {
        await start;
        await Task.Yield();
        return await run();
    }
}
