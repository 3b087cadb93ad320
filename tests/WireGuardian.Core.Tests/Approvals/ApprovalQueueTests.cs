using WireGuardian.Core.Approvals;
using WireGuardian.Testing.Approvals;
using static WireGuardian.Core.Tests.Approvals.QueueFixture;

namespace WireGuardian.Core.Tests.Approvals;

public sealed class ApprovalQueueTests
{
    private QueueFixture _fixture = null!;

    [SetUp]
    public async Task Start() => _fixture = await QueueFixture.StartAsync();

    [TearDown]
    public void Stop() => _fixture.Dispose();

    [Test]
    public async Task A_held_statement_is_pending_under_an_id_of_its_own_and_on_record()
    {
        var first = await _fixture.HoldAsync();
        var second = await _fixture.HoldAsync();
        Assert.That(_fixture.Queue.Pending.Select(request => request.Id), Is.EqualTo(new[] { first.Id, second.Id }));
        Assert.That(first.Id, Does.Match("^[0-9a-hjkmnp-tv-z]{8}$").And.Not.EqualTo(second.Id));
        Assert.That(_fixture.Queue.Find(first.Id.ToUpperInvariant())?.State, Is.EqualTo(ApprovalState.Pending));
        Assert.That(_fixture.Audit.Events, Is.EqualTo(new[] { "hold", "hold" }));
        Assert.That(_fixture.Audit.Records[0].RequestId, Is.EqualTo(first.Id));
        Assert.That(first.Decision.IsCompleted, Is.False);
    }

    [Test]
    public async Task An_approved_statement_is_released_once_and_each_step_is_on_record()
    {
        var held = await _fixture.HoldAsync();
        var outcome = await _fixture.ApproveAsync(held.Id, Dana);
        Assert.That(outcome.Counted, Is.True);
        Assert.That((await held.Decision).State, Is.EqualTo(ApprovalState.Approved));
        Assert.That(_fixture.Queue.Pending, Is.Empty);
        Assert.That(await held.TryReleaseAsync("d1", CancellationToken.None), Is.True);
        Assert.That(await held.TryReleaseAsync("d1", CancellationToken.None), Is.False);
        Assert.That(_fixture.Audit.Events, Is.EqualTo(new[] { "hold", "approve", "release" }));
        Assert.That(_fixture.Audit.Records[1].Operator, Is.EqualTo("dana"));
        Assert.That(_fixture.Queue.Find(held.Id)?.State, Is.EqualTo(ApprovalState.Released));
        Assert.That(_fixture.Queue.Find(held.Id)?.Approvals.Single().Operator, Is.EqualTo("dana"));
    }

    [Test]
    public async Task A_pending_statement_cannot_be_released()
    {
        var held = await _fixture.HoldAsync();
        Assert.That(await held.TryReleaseAsync("d1", CancellationToken.None), Is.False);
        Assert.That(_fixture.Queue.Pending, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task One_denial_ends_it_whatever_the_minimum()
    {
        var held = await _fixture.HoldAsync(minimum: 2);
        Assert.That((await _fixture.ApproveAsync(held.Id, Dana)).Counted, Is.True);
        Assert.That((await _fixture.DenyAsync(held.Id, Omar, "not today")).Counted, Is.True);
        var decided = await held.Decision;
        Assert.That(decided.State, Is.EqualTo(ApprovalState.Denied));
        Assert.That(decided.Approvals[^1].Reason, Is.EqualTo("not today"));
        Assert.That(await held.TryReleaseAsync("d1", CancellationToken.None), Is.False);
    }

    [Test]
    public async Task Two_approvals_by_different_operators_reach_a_minimum_of_two()
    {
        var held = await _fixture.HoldAsync(minimum: 2);
        var first = await _fixture.ApproveAsync(held.Id, Dana);
        Assert.That(first.Counted, Is.True);
        Assert.That(first.Request!.State, Is.EqualTo(ApprovalState.Pending));
        Assert.That(_fixture.Queue.Pending.Single().Approvals.Single().Operator, Is.EqualTo("dana"));

        var again = await _fixture.ApproveAsync(held.Id, new("DANA", ["dba"]));
        Assert.That(again.Counted, Is.False);
        Assert.That(again.Problem, Does.Contain("already decided"));
        Assert.That(held.Decision.IsCompleted, Is.False);

        Assert.That((await _fixture.ApproveAsync(held.Id, Omar)).Request!.State, Is.EqualTo(ApprovalState.Approved));
        Assert.That(_fixture.Audit.Records.Select(record => (record.Event, record.Decision)), Is.EqualTo(new[]
        {
            ("hold", "hold"), ("approve", "pending"), ("decision-refused", "refused"), ("approve", "approved"),
        }));
    }

    [Test]
    public async Task The_requester_may_not_decide()
    {
        var held = await _fixture.HoldAsync(user: "Dana");
        var outcome = await _fixture.ApproveAsync(held.Id, Dana);
        Assert.That(outcome.Counted, Is.False);
        Assert.That(outcome.Problem, Does.Contain("requester"));
        Assert.That(_fixture.Audit.Events[^1], Is.EqualTo("decision-refused"));
        Assert.That(held.Decision.IsCompleted, Is.False);
    }

    [Test]
    public async Task Only_operators_of_the_approver_groups_may_decide([Values] bool approve)
    {
        var held = await _fixture.HoldAsync(approvers: ["security"]);
        var outcome = await _fixture.Queue.DecideAsync(held.Id, Dana, approve, "x", CancellationToken.None);
        Assert.That(outcome.Counted, Is.False);
        Assert.That(outcome.Problem, Does.Contain("security"));
        Assert.That((await _fixture.ApproveAsync(held.Id, Omar with { Groups = ["x", "security"] })).Counted, Is.True);
    }

    [Test]
    public async Task A_decision_on_an_unknown_request_is_refused_and_recorded()
    {
        var outcome = await _fixture.ApproveAsync("nosuchid", Dana);
        Assert.That(outcome, Is.EqualTo(new DecisionOutcome(false, null, "There is no request with this id.", DecisionRefusal.UnknownRequest)));
        Assert.That(_fixture.Audit.Events, Is.EqualTo(new[] { "decision-refused" }));
    }

    [Test]
    public async Task A_decision_on_a_decided_request_is_refused_and_says_what_it_is()
    {
        var held = await _fixture.HoldAsync();
        await _fixture.DenyAsync(held.Id, Dana);
        var outcome = await _fixture.ApproveAsync(held.Id, Omar);
        Assert.That(outcome.Counted, Is.False);
        Assert.That(outcome.Problem, Does.Contain("denied"));
        Assert.That(outcome.Request!.State, Is.EqualTo(ApprovalState.Denied));
    }

    [Test]
    public async Task A_request_expires_at_its_time_and_not_before()
    {
        var held = await _fixture.HoldAsync();
        _fixture.Time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1));
        Assert.That(held.Decision.IsCompleted, Is.False);
        _fixture.Time.Advance(TimeSpan.FromTicks(1));
        Assert.That((await held.Decision).State, Is.EqualTo(ApprovalState.Expired));
        Assert.That(_fixture.Audit.Events, Is.EqualTo(new[] { "hold", "expire" }));
        Assert.That((await _fixture.ApproveAsync(held.Id, Dana)).Problem, Does.Contain("expired"));
    }

    [Test]
    public async Task A_time_out_of_two_months_is_kept()
    {
        var request = _fixture.Request() with { ExpiresAt = _fixture.Time.GetUtcNow() + TimeSpan.FromDays(60) };
        var held = await _fixture.Queue.SubmitAsync(request, CancellationToken.None);
        _fixture.Time.Advance(TimeSpan.FromDays(59));
        Assert.That(held.Decision.IsCompleted, Is.False);
        _fixture.Time.Advance(TimeSpan.FromDays(1));
        Assert.That((await held.Decision).State, Is.EqualTo(ApprovalState.Expired));
    }

    [Test]
    public async Task An_approval_does_not_expire()
    {
        var held = await _fixture.HoldAsync();
        await _fixture.ApproveAsync(held.Id, Dana);
        _fixture.Time.Advance(TimeSpan.FromHours(1));
        Assert.That(await held.TryReleaseAsync("d1", CancellationToken.None), Is.True);
    }

    [Test]
    public async Task A_withdrawn_request_can_no_longer_be_decided()
    {
        var held = await _fixture.HoldAsync();
        held.Withdraw("The client sent a cancel request.");
        Assert.That((await held.Decision).State, Is.EqualTo(ApprovalState.Withdrawn));
        Assert.That((await _fixture.ApproveAsync(held.Id, Dana)).Counted, Is.False);
        Assert.That(_fixture.Audit.Records[1].Event, Is.EqualTo("withdraw"));
        Assert.That(_fixture.Audit.Records[1].Detail, Is.EqualTo("The client sent a cancel request."));
    }

    [Test]
    public async Task Withdrawing_what_is_approved_changes_nothing()
    {
        var held = await _fixture.HoldAsync();
        await _fixture.ApproveAsync(held.Id, Dana);
        held.Withdraw("too late");
        Assert.That(await held.TryReleaseAsync("d1", CancellationToken.None), Is.True);
    }

    [Test]
    public async Task What_is_abandoned_after_its_approval_cannot_be_released()
    {
        var held = await _fixture.HoldAsync();
        await _fixture.ApproveAsync(held.Id, Dana);
        held.Abandon();
        Assert.That(await held.TryReleaseAsync("d1", CancellationToken.None), Is.False);
        Assert.That(_fixture.Queue.Find(held.Id)?.State, Is.EqualTo(ApprovalState.Abandoned));
        Assert.That(_fixture.Audit.Events, Is.EqualTo(new[] { "hold", "approve", "abandon" }));
    }

    [Test]
    public async Task What_is_abandoned_after_its_release_stays_released()
    {
        var held = await _fixture.HoldAsync();
        await _fixture.ApproveAsync(held.Id, Dana);
        await held.TryReleaseAsync("d1", CancellationToken.None);
        held.Abandon();
        Assert.That(_fixture.Queue.Find(held.Id)?.State, Is.EqualTo(ApprovalState.Released));
        Assert.That(_fixture.Audit.Events, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Another_digest_is_not_released_and_spoils_the_approval()
    {
        var held = await _fixture.HoldAsync();
        await _fixture.ApproveAsync(held.Id, Dana);
        Assert.That(await held.TryReleaseAsync("d2", CancellationToken.None), Is.False);
        Assert.That(await held.TryReleaseAsync("d1", CancellationToken.None), Is.False);
        Assert.That(_fixture.Queue.Find(held.Id)?.State, Is.EqualTo(ApprovalState.Withdrawn));
        Assert.That(_fixture.Audit.Events, Is.EqualTo(new[] { "hold", "approve", "withdraw" }));
    }

    [Test]
    public async Task The_queue_refuses_more_than_its_limits()
    {
        using var fixture = await QueueFixture.StartAsync(new ApprovalQueueOptions { MaximumHeld = 3, MaximumHeldPerUser = 2 });
        await fixture.HoldAsync("erin");
        var second = await fixture.HoldAsync("erin");
        Assert.That(async () => await fixture.HoldAsync("erin"), Throws.TypeOf<ApprovalRefusedException>().With.Message.Contains("of this user"));
        await fixture.HoldAsync("sam");
        Assert.That(async () => await fixture.HoldAsync("bob"), Throws.TypeOf<ApprovalRefusedException>().With.Message.StartsWith("3 statements"));
        await fixture.DenyAsync(second.Id, Dana);
        await fixture.HoldAsync("erin");
        Assert.That(fixture.Audit.Events.Count(name => name == "hold"), Is.EqualTo(4));
    }

    [Test]
    public async Task A_request_says_what_became_of_those_like_it()
    {
        var first = await _fixture.HoldAsync();
        Assert.That(_fixture.Queue.Find(first.Id)!.Context.Similar, Is.Null);
        await _fixture.DenyAsync(first.Id, Dana);
        var second = await _fixture.HoldAsync();
        Assert.That(_fixture.Queue.Find(second.Id)!.Context.Similar, Is.EqualTo(new SimilarRequests(0, 1, "dana", false, _fixture.Time.GetUtcNow())));
    }

    [Test]
    public async Task Stopping_abandons_what_is_held_and_refuses_more()
    {
        var held = await _fixture.HoldAsync();
        await _fixture.Queue.DisposeAsync();
        Assert.That((await held.Decision).State, Is.EqualTo(ApprovalState.Abandoned));
        Assert.That(async () => await _fixture.HoldAsync(), Throws.TypeOf<ApprovalRefusedException>());
    }
}
