using WireGuardian.Core.Approvals;
using WireGuardian.Core.Policies;
using static WireGuardian.Core.Tests.Approvals.QueueFixture;

namespace WireGuardian.Core.Tests.Approvals;

/// <summary>Statements whose connections do not wait, and come back.</summary>
public sealed class ResubmitTests
{
    private static readonly TimeSpan Validity = TimeSpan.FromMinutes(5);

    private QueueFixture _fixture = null!;

    [SetUp]
    public async Task Start() => _fixture = await QueueFixture.StartAsync();

    [TearDown]
    public void Stop() => _fixture.Dispose();

    [Test]
    public async Task It_passes_once_after_its_approval()
    {
        var first = await SendAsync();
        Assert.That(first.Result, Is.EqualTo(ResubmitResult.Pending));
        await _fixture.ApproveAsync(first.Request.Id, Dana);
        var second = await SendAsync(client: "10.0.0.9");
        Assert.That((second.Result, second.Request.Id), Is.EqualTo((ResubmitResult.Released, first.Request.Id)));
        var third = await SendAsync();
        Assert.That(third.Result, Is.EqualTo(ResubmitResult.Pending));
        Assert.That(third.Request.Id, Is.Not.EqualTo(first.Request.Id), "the approval is spent");
        Assert.That(_fixture.Audit.Events, Is.EqualTo(new[] { "hold", "approve", "release", "hold" }));
        Assert.That(_fixture.Audit.Records[2].Client, Is.EqualTo("10.0.0.9"));
    }

    [Test]
    public async Task While_it_is_pending_it_stays_one_request_and_each_attempt_is_on_record()
    {
        var first = await SendAsync();
        var again = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => SendAsync())));
        Assert.That(again.Select(one => (one.Result, one.Request.Id)).Distinct(), Is.EqualTo(new[] { (ResubmitResult.Pending, first.Request.Id) }));
        Assert.That(_fixture.Queue.Pending, Has.Count.EqualTo(1));
        Assert.That(_fixture.Audit.Events.Count(name => name == "resubmit"), Is.EqualTo(8));
    }

    [Test]
    public async Task Of_many_that_come_at_once_one_makes_the_request_and_one_spends_the_approval()
    {
        _fixture.Audit.BeforeDurable = async _ => await Task.Yield();
        for (var round = 0; round < 50; round++)
        {
            var digest = $"d{round}";
            var asked = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => SendAsync(digest))));
            Assert.That(asked.Select(one => one.Request.Id).Distinct().Count(), Is.EqualTo(1));
            await _fixture.ApproveAsync(asked[0].Request.Id, Dana);
            var came = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => SendAsync(digest))));
            Assert.That(came.Count(one => one.Result == ResubmitResult.Released), Is.EqualTo(1));
            await _fixture.DenyAsync(came.First(one => one.Result == ResubmitResult.Pending).Request.Id, Dana);
        }
        Assert.That(_fixture.Audit.Events.Count(name => name == "release"), Is.EqualTo(50));
    }

    [Test]
    public async Task Another_statement_does_not_pass()
    {
        var first = await SendAsync();
        await _fixture.ApproveAsync(first.Request.Id, Dana);
        var other = await SendAsync("d2");
        Assert.That((other.Result, other.Request.Id == first.Request.Id), Is.EqualTo((ResubmitResult.Pending, false)));
        Assert.That((await SendAsync()).Result, Is.EqualTo(ResubmitResult.Released), "and the approval is not spoilt by it");
    }

    [Test]
    public async Task An_approval_lapses_at_the_end_of_its_validity([Values] bool early)
    {
        var first = await SendAsync();
        await _fixture.ApproveAsync(first.Request.Id, Dana);
        _fixture.Time.Advance(early ? Validity - TimeSpan.FromTicks(1) : Validity);
        var second = await SendAsync();
        Assert.That(second.Result, Is.EqualTo(early ? ResubmitResult.Released : ResubmitResult.Pending));
        Assert.That(_fixture.Queue.Find(first.Request.Id)!.State, Is.EqualTo(early ? ApprovalState.Released : ApprovalState.Expired));
    }

    [Test]
    public async Task An_approver_may_set_a_shorter_validity_and_no_longer_one([Values(1, 60)] int minutes)
    {
        var first = await SendAsync();
        var outcome = await _fixture.Queue.DecideAsync(
            first.Request.Id, new(Dana, DecisionVerb.Approve) { ValidFor = TimeSpan.FromMinutes(minutes) }, CancellationToken.None);
        Assert.That(outcome.Request!.ReleaseBy, Is.EqualTo(_fixture.Time.GetUtcNow() + TimeSpan.FromMinutes(Math.Min(minutes, 5))));
    }

    [Test]
    public async Task A_denial_is_what_whoever_comes_back_hears_for_as_long_as_an_approval_would_be_valid()
    {
        var first = await SendAsync();
        await _fixture.DenyAsync(first.Request.Id, Dana, "not today");
        var second = await SendAsync();
        Assert.That((second.Result, second.Request.Id), Is.EqualTo((ResubmitResult.Denied, first.Request.Id)));
        using var next = await _fixture.RestartAsync();
        Assert.That((await SendAsync(next, "d1")).Result, Is.EqualTo(ResubmitResult.Denied), "after a restart too");
        _fixture.Time.Advance(Validity);
        Assert.That((await SendAsync()).Result, Is.EqualTo(ResubmitResult.Pending));
    }

    [Test]
    public async Task What_is_pending_or_approved_outlives_the_process()
    {
        var pending = await SendAsync("d1");
        var approved = await SendAsync("d2");
        await _fixture.ApproveAsync(approved.Request.Id, Dana);
        await _fixture.Queue.DisposeAsync();
        using var next = await _fixture.RestartAsync();
        Assert.That(next.Queue.Pending.Single().Id, Is.EqualTo(pending.Request.Id));
        Assert.That((await SendAsync(next, "d2")).Result, Is.EqualTo(ResubmitResult.Released));
        Assert.That((await next.ApproveAsync(pending.Request.Id, Dana)).Counted, Is.True);
        Assert.That((await SendAsync(next, "d1")).Result, Is.EqualTo(ResubmitResult.Released));
        Assert.That(next.Audit.Events, Has.None.EqualTo("abandon"));
    }

    [Test]
    public async Task What_was_spent_before_a_crash_is_spent_after_it_though_the_store_never_heard_of_it()
    {
        var first = await SendAsync();
        await _fixture.ApproveAsync(first.Request.Id, Dana);
        _fixture.Store.RefusesSaving = true;
        Assert.That((await SendAsync()).Result, Is.EqualTo(ResubmitResult.Released));
        _fixture.Store.RefusesSaving = false;
        using var next = await _fixture.RestartAsync();
        Assert.That(next.Queue.Find(first.Request.Id)!.State, Is.EqualTo(ApprovalState.Released));
        Assert.That((await SendAsync(next, "d1")).Result, Is.EqualTo(ResubmitResult.Pending));
    }

    [Test]
    public async Task An_approval_that_only_one_of_trail_and_store_knows_is_none_after_a_restart([Values] bool trailKnows)
    {
        var first = await SendAsync();
        if (trailKnows)
        {
            _fixture.Store.RefusesSaving = true;
            await _fixture.ApproveAsync(first.Request.Id, Dana);
            _fixture.Store.RefusesSaving = false;
        }
        else
        {
            var forged = new ApprovalDecision("mallory", true, "", _fixture.Time.GetUtcNow());
            _fixture.Store.Save(first.Request with { State = ApprovalState.Approved, Approvals = [forged], ReleaseBy = _fixture.Time.GetUtcNow() + Validity });
        }
        using var next = await _fixture.RestartAsync();
        Assert.That(next.Queue.Find(first.Request.Id)!.State, Is.EqualTo(ApprovalState.Abandoned));
        Assert.That((await SendAsync(next, "d1")).Result, Is.EqualTo(ResubmitResult.Pending));
    }

    [Test]
    public async Task What_came_to_its_end_while_no_process_ran_is_expired()
    {
        var first = await SendAsync();
        var request = _fixture.Store.Find(first.Request.Id)!;
        _fixture.Store.Save(request with { ExpiresAt = _fixture.Time.GetUtcNow() });
        using var next = await _fixture.RestartAsync();
        Assert.That(next.Queue.Find(first.Request.Id)!.State, Is.EqualTo(ApprovalState.Expired));
        Assert.That(next.Audit.Events[^1], Is.EqualTo("expire"));
    }

    [Test]
    public async Task Under_another_policy_nothing_asked_for_before_can_run()
    {
        var pending = await SendAsync("d1");
        var approved = await SendAsync("d2");
        var same = await SendAsync("d3", fingerprint: "p2");
        await _fixture.ApproveAsync(approved.Request.Id, Dana);
        await _fixture.Queue.FollowPolicyAsync("p2");
        Assert.That(_fixture.Queue.Find(pending.Request.Id)!.State, Is.EqualTo(ApprovalState.Withdrawn));
        Assert.That(_fixture.Queue.Find(approved.Request.Id)!.State, Is.EqualTo(ApprovalState.Withdrawn));
        Assert.That(_fixture.Queue.Find(same.Request.Id)!.State, Is.EqualTo(ApprovalState.Pending));
    }

    [Test]
    public async Task The_limits_count_what_no_connection_waits_for()
    {
        using var fixture = await QueueFixture.StartAsync(new ApprovalQueueOptions { MaximumHeldPerUser = 2 });
        await SendAsync(fixture, "d1");
        var second = await SendAsync(fixture, "d2");
        await fixture.ApproveAsync(second.Request.Id, Dana);
        Assert.That(async () => await SendAsync(fixture, "d3"), Throws.TypeOf<ApprovalRefusedException>().With.Message.Contains("of this user"));
        Assert.That((await SendAsync(fixture, "d2")).Result, Is.EqualTo(ResubmitResult.Released));
        await SendAsync(fixture, "d3");
    }

    [Test]
    public async Task What_cannot_be_recorded_is_neither_asked_for_nor_let_pass()
    {
        var first = await SendAsync();
        _fixture.Audit.IsBroken = true;
        Assert.That(async () => await SendAsync(), Throws.TypeOf<ApprovalRefusedException>());
        Assert.That(async () => await SendAsync("d2"), Throws.TypeOf<ApprovalRefusedException>());
        _fixture.Audit.IsBroken = false;
        await _fixture.ApproveAsync(first.Request.Id, Dana);
        _fixture.Audit.IsBroken = true;
        Assert.That(async () => await SendAsync(), Throws.TypeOf<ApprovalRefusedException>());
        _fixture.Audit.IsBroken = false;
        Assert.That((await SendAsync()).Result, Is.EqualTo(ResubmitResult.Pending), "a release that could not be recorded is none and stays none");
    }

    private Task<ResubmitOutcome> SendAsync(string digest = "d1", string client = "127.0.0.1", string fingerprint = "p1") =>
        SendAsync(_fixture, digest, client, fingerprint);

    private static async Task<ResubmitOutcome> SendAsync(QueueFixture fixture, string digest, string client = "127.0.0.1", string fingerprint = "p1") =>
        await fixture.Queue.ResubmitAsync(
            fixture.Request() with { Mode = HoldMode.Resubmit, Validity = Validity, Digest = digest, Client = client, PolicyFingerprint = fingerprint }, CancellationToken.None);
}
