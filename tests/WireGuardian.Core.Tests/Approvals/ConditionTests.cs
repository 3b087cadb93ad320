using WireGuardian.Core.Approvals;
using static WireGuardian.Core.Tests.Approvals.QueueFixture;

namespace WireGuardian.Core.Tests.Approvals;

/// <summary>What an approver may ask for, and what becomes of it.</summary>
public sealed class ConditionTests
{
    private static readonly TimeSpan TwoMinutes = TimeSpan.FromMinutes(2);

    private QueueFixture _fixture = null!;

    [SetUp]
    public async Task Start() => _fixture = await QueueFixture.StartAsync();

    [TearDown]
    public void Stop() => _fixture.Dispose();

    [Test]
    public async Task An_approval_lapses_at_the_end_of_its_validity_and_not_before([Values] bool early)
    {
        var held = await _fixture.HoldAsync();
        await ApproveAsync(held.Id, new(Dana, DecisionVerb.Approve) { ValidFor = TwoMinutes });
        _fixture.Time.Advance(early ? TwoMinutes - TimeSpan.FromTicks(1) : TwoMinutes);
        Assert.That(await held.TryReleaseAsync("d1", CancellationToken.None), Is.EqualTo(early));
        Assert.That(held.Request.State, Is.EqualTo(early ? ApprovalState.Released : ApprovalState.Expired));
        Assert.That(_fixture.Audit.Events[^1], Is.EqualTo(early ? "release" : "expire"));
    }

    [Test]
    public async Task The_shortest_validity_counts_and_what_has_lapsed_counts_no_more()
    {
        var held = await _fixture.HoldAsync(minimum: 2);
        await ApproveAsync(held.Id, new(Dana, DecisionVerb.Approve) { ValidFor = TwoMinutes });
        _fixture.Time.Advance(TwoMinutes);
        Assert.That((await ApproveAsync(held.Id, new(Omar, DecisionVerb.Approve) { ValidFor = 3 * TwoMinutes })).Request!.State, Is.EqualTo(ApprovalState.Pending), "dana's has lapsed");
        var again = await ApproveAsync(held.Id, new(Dana, DecisionVerb.Approve) { ValidFor = TwoMinutes });
        Assert.That(again.Request!.State, Is.EqualTo(ApprovalState.Approved));
        Assert.That(again.Request.ReleaseBy, Is.EqualTo(_fixture.Time.GetUtcNow() + TwoMinutes));
    }

    [Test]
    public async Task Rows_are_limited_only_where_that_can_be_kept([Values] bool can)
    {
        var held = await _fixture.Queue.SubmitAsync(_fixture.Request(minimum: 2) with { CanLimitRows = can }, CancellationToken.None);
        var outcome = await ApproveAsync(held.Id, new(Dana, DecisionVerb.Approve) { MaxRows = 50 });
        Assert.That(outcome.Counted, Is.EqualTo(can));
        if (!can)
        {
            Assert.That(outcome.Refusal, Is.EqualTo(DecisionRefusal.Impossible));
            Assert.That(held.Request.Approvals, Is.Empty);
            return;
        }
        await ApproveAsync(held.Id, new(Omar, DecisionVerb.Approve) { MaxRows = 100 });
        Assert.That((await held.Decision).MaxRows, Is.EqualTo(50), "the fewer");
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(8 * 24 * 60)]
    public async Task A_validity_is_of_some_seconds_to_seven_days(int minutes)
    {
        var held = await _fixture.HoldAsync();
        var outcome = await ApproveAsync(held.Id, new(Dana, DecisionVerb.Approve) { ValidFor = TimeSpan.FromMinutes(minutes) });
        Assert.That((outcome.Counted, outcome.Refusal), Is.EqualTo((false, DecisionRefusal.Impossible)));
    }

    private async Task<DecisionOutcome> ApproveAsync(string id, OperatorDecision decision) => await _fixture.Queue.DecideAsync(id, decision, CancellationToken.None);
}
