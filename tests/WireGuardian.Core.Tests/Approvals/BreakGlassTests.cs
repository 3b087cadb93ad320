using WireGuardian.Core.Approvals;
using static WireGuardian.Core.Tests.Approvals.QueueFixture;

namespace WireGuardian.Core.Tests.Approvals;

public sealed class BreakGlassTests
{
    private QueueFixture _fixture = null!;

    [SetUp]
    public async Task Start() => _fixture = await QueueFixture.StartAsync();

    [TearDown]
    public void Stop() => _fixture.Dispose();

    [Test]
    public async Task Who_may_releases_at_once_whatever_the_minimum_and_everybody_sees_it()
    {
        using var stop = new CancellationTokenSource();
        await using var changes = _fixture.Queue.WatchAsync(stop.Token).GetAsyncEnumerator(CancellationToken.None);
        var held = await HoldAsync("oncall");
        await _fixture.Queue.DecideAsync(held.Id, new(Dana, DecisionVerb.Approve) { ValidFor = TimeSpan.FromSeconds(1) }, CancellationToken.None);
        var outcome = await BreakAsync(held.Id, "oncall", "production is down");
        Assert.That(outcome.Counted, Is.True, outcome.Problem);
        Assert.That((await held.Decision).State, Is.EqualTo(ApprovalState.Approved));
        Assert.That(outcome.Request!.ReleaseBy, Is.Null, "another's condition does not bind it");
        Assert.That(await held.TryReleaseAsync("d1", CancellationToken.None), Is.True);
        Assert.That(_fixture.Audit.Events, Is.EqualTo(new[] { "hold", "approve", "break-glass", "release" }));
        Assert.That(_fixture.Audit.Records[2].Detail, Is.EqualTo("production is down"));
        await stop.CancelAsync();
        var seen = new List<bool>();
        while (await changes.MoveNextAsync())
            seen.Add(changes.Current.GlassIsBroken);
        Assert.That(seen, Is.EqualTo(new[] { false, false, true, true }));
    }

    [TestCase("oncall", "dba", "because", DecisionRefusal.NotPermitted)]
    [TestCase("", "oncall", "because", DecisionRefusal.NotPermitted, Description = "the rule lets nobody")]
    [TestCase("oncall", "oncall", " ", DecisionRefusal.Impossible, Description = "no reason")]
    public async Task Nobody_else_does_and_nobody_without_a_reason(string may, string group, string reason, DecisionRefusal refusal)
    {
        var held = await HoldAsync(may);
        var outcome = await BreakAsync(held.Id, group, reason);
        Assert.That((outcome.Counted, outcome.Refusal), Is.EqualTo((false, refusal)));
        Assert.That(_fixture.Audit.Events[^1], Is.EqualTo("decision-refused"));
        Assert.That(held.Decision.IsCompleted, Is.False);
    }

    private async Task<IHeldStatement> HoldAsync(string may) =>
        await _fixture.Queue.SubmitAsync(_fixture.Request(minimum: 3, approvers: "dba") with { BreakGlass = may.Length > 0 ? [may] : [] }, CancellationToken.None);

    private async Task<DecisionOutcome> BreakAsync(string id, string group, string reason) =>
        await _fixture.Queue.DecideAsync(id, new(Omar with { Groups = [group] }, DecisionVerb.BreakGlass) { Reason = reason }, CancellationToken.None);
}
