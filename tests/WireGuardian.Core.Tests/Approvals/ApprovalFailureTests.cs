using WireGuardian.Core.Approvals;
using WireGuardian.Testing.Approvals;
using static WireGuardian.Core.Tests.Approvals.QueueFixture;

namespace WireGuardian.Core.Tests.Approvals;

/// <summary>The trail or the store fails.</summary>
public sealed class ApprovalFailureTests
{
    private QueueFixture _fixture = null!;

    [SetUp]
    public async Task Start() => _fixture = await QueueFixture.StartAsync();

    [TearDown]
    public void Stop() => _fixture.Dispose();

    [Test]
    public async Task What_cannot_be_recorded_is_not_held()
    {
        _fixture.Audit.IsBroken = true;
        Assert.That(async () => await _fixture.HoldAsync(), Throws.TypeOf<ApprovalRefusedException>());
        Assert.That(_fixture.Queue.Pending, Is.Empty);
        _fixture.Audit.IsBroken = false;
        for (var index = 0; index < 50; index++)
            await _fixture.HoldAsync();
    }

    [Test]
    public async Task Nobody_sees_a_request_before_its_hold_is_on_record()
    {
        var recorded = new TaskCompletionSource();
        _fixture.Audit.BeforeDurable = _ => recorded.Task;
        var submitting = _fixture.HoldAsync();
        Assert.That(_fixture.Queue.Pending, Is.Empty);
        Assert.That(submitting.IsCompleted, Is.False);
        recorded.SetResult();
        await submitting;
        Assert.That(_fixture.Queue.Pending, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_decision_that_waits_to_be_stored_is_listed_as_it_stands()
    {
        var first = await _fixture.HoldAsync();
        var second = await _fixture.HoldAsync();
        await _fixture.DenyAsync(first.Id, Dana);
        // The store still has the second as pending, and will have it so until it can be written.
        _fixture.Store.RefusesSaving = true;
        await _fixture.DenyAsync(second.Id, Dana);
        Assert.That(Listed(ApprovalState.Denied), Is.EquivalentTo(new[] { first.Id, second.Id }));
        Assert.That(Listed(ApprovalState.Pending), Is.Empty);
        _fixture.Store.IsBroken = true;
        Assert.That(() => Listed(ApprovalState.Denied), Throws.TypeOf<ApprovalStoreException>());

        string[] Listed(ApprovalState state) => [.. _fixture.Queue.InState(state, 10).Select(request => request.Id)];
    }

    [Test]
    public async Task What_cannot_be_stored_is_not_held()
    {
        _fixture.Store.IsBroken = true;
        Assert.That(async () => await _fixture.HoldAsync(), Throws.TypeOf<ApprovalRefusedException>());
        Assert.That(_fixture.Queue.Pending, Is.Empty);
        _fixture.Store.IsBroken = false;
        await _fixture.HoldAsync();
    }

    [Test]
    public async Task A_decision_that_cannot_be_recorded_does_not_count([Values] bool approve)
    {
        var held = await _fixture.HoldAsync();
        _fixture.Audit.IsBroken = true;
        var outcome = await _fixture.Queue.DecideAsync(held.Id, Dana, approve, "x", CancellationToken.None);
        Assert.That(outcome.Counted, Is.False);
        Assert.That(outcome.Problem, Does.Contain("audit record"));
        Assert.That(outcome.Request!.State, Is.EqualTo(ApprovalState.Pending));
        Assert.That(outcome.Request.Approvals, Is.Empty);
        Assert.That(held.Decision.IsCompleted, Is.False);
        _fixture.Audit.IsBroken = false;
        Assert.That((await _fixture.ApproveAsync(held.Id, Dana)).Counted, Is.True);
    }

    [Test]
    public async Task The_requester_learns_of_an_approval_after_its_record()
    {
        var held = await _fixture.HoldAsync();
        var recorded = new TaskCompletionSource();
        _fixture.Audit.BeforeDurable = _ => recorded.Task;
        var approving = _fixture.ApproveAsync(held.Id, Dana);
        Assert.That(held.Decision.IsCompleted, Is.False);
        Assert.That(_fixture.Queue.Find(held.Id)!.State, Is.EqualTo(ApprovalState.Pending));
        recorded.SetResult();
        await approving;
        Assert.That((await held.Decision).State, Is.EqualTo(ApprovalState.Approved));
    }

    [Test]
    public async Task A_release_that_cannot_be_recorded_is_none_and_stays_none()
    {
        var held = await _fixture.HoldAsync();
        await _fixture.ApproveAsync(held.Id, Dana);
        _fixture.Audit.IsBroken = true;
        Assert.That(await held.TryReleaseAsync("d1", CancellationToken.None), Is.False);
        _fixture.Audit.IsBroken = false;
        Assert.That(await held.TryReleaseAsync("d1", CancellationToken.None), Is.False);
        Assert.That(_fixture.Queue.Find(held.Id)!.State, Is.EqualTo(ApprovalState.Withdrawn));
    }

    [Test]
    public async Task What_stops_a_statement_works_without_a_record()
    {
        var expiring = await _fixture.HoldAsync();
        var withdrawn = await _fixture.HoldAsync();
        _fixture.Audit.IsBroken = true;
        withdrawn.Withdraw("cancel");
        _fixture.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.That((await withdrawn.Decision).State, Is.EqualTo(ApprovalState.Withdrawn));
        Assert.That((await expiring.Decision).State, Is.EqualTo(ApprovalState.Expired));
    }

    [Test]
    public async Task A_store_that_fails_later_hides_no_decision_and_gets_it_when_it_is_back()
    {
        var held = await _fixture.HoldAsync();
        _fixture.Store.IsBroken = true;
        Assert.That((await _fixture.DenyAsync(held.Id, Dana)).Counted, Is.True);
        Assert.That(_fixture.Queue.Find(held.Id)!.State, Is.EqualTo(ApprovalState.Denied));
        Assert.That((await _fixture.ApproveAsync("nosuchid", Dana)).Counted, Is.False);
        _fixture.Store.IsBroken = false;
        (await _fixture.HoldAsync()).Withdraw("x");
        Assert.That(_fixture.Store.Find(held.Id)!.State, Is.EqualTo(ApprovalState.Denied));
    }

    [Test]
    public async Task After_a_restart_nothing_is_pending_and_the_trail_says_so()
    {
        var pending = await _fixture.HoldAsync();
        var approved = await _fixture.HoldAsync();
        await _fixture.ApproveAsync(approved.Id, Dana);
        using var next = await _fixture.RestartAsync();
        Assert.That(next.Queue.Pending, Is.Empty);
        Assert.That(next.Queue.Find(pending.Id)!.State, Is.EqualTo(ApprovalState.Abandoned));
        Assert.That(next.Queue.Find(approved.Id)!.State, Is.EqualTo(ApprovalState.Abandoned));
        Assert.That(next.Queue.Find(approved.Id)!.Approvals.Single().Operator, Is.EqualTo("dana"));
        Assert.That(next.Audit.Events, Is.EqualTo(new[] { "hold", "hold", "approve", "abandon", "abandon" }));
        Assert.That((await next.ApproveAsync(pending.Id, Dana)).Problem, Does.Contain("abandoned"));
    }

    [Test]
    public async Task After_a_restart_the_trail_corrects_the_store()
    {
        var held = await _fixture.HoldAsync();
        await _fixture.ApproveAsync(held.Id, Dana);
        _fixture.Store.IsBroken = true;
        Assert.That(await held.TryReleaseAsync("d1", CancellationToken.None), Is.True);
        _fixture.Store.IsBroken = false;
        using var next = await _fixture.RestartAsync();
        Assert.That(next.Queue.Find(held.Id)!.State, Is.EqualTo(ApprovalState.Released));
        Assert.That(next.Audit.Events, Is.EqualTo(new[] { "hold", "approve", "release" }));
    }
}
