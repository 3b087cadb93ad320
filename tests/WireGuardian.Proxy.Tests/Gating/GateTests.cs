using System.Diagnostics.Metrics;
using WireGuardian.Core.Approvals;
using WireGuardian.Core.Identity;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.Proxy.Gating;
using WireGuardian.Testing.Approvals;
using WireGuardian.Testing.Audit;
using WireGuardian.Testing.Time;

namespace WireGuardian.Proxy.Tests.Gating;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class GateTests : IDisposable
{
    private static readonly Operator Dana = new("dana", []);

    private readonly InMemoryAuditLog _audit = new();
    private readonly InMemoryApprovalStore _store = new();
    private readonly FakeTime _time = new();
    private readonly Meter _meter = new("test");
    private ApprovalQueue _queue = null!;
    private Gate _gate = null!;
    private string _digest = "what was held";

    [SetUp]
    public async Task Start()
    {
        _queue = await ApprovalQueue.StartAsync(_store, _audit, _time, new ApprovalMetrics(_meter), null, CancellationToken.None);
        _gate = new Gate(_queue, _audit, _time);
    }

    public void Dispose() => _meter.Dispose();

    [TestCase(RuleAction.Allow, GateResult.Passed, "allow")]
    [TestCase(RuleAction.Deny, GateResult.Denied, "deny")]
    public async Task Whatever_it_says_is_on_record_before_it_is_said(RuleAction action, GateResult result, string decision)
    {
        var recorded = new TaskCompletionSource();
        _audit.BeforeDurable = _ => recorded.Task;
        var passing = PassAsync(action);
        Assert.That(passing.IsCompleted, Is.False);
        recorded.SetResult();
        Assert.That((await passing).Result, Is.EqualTo(result));
        Assert.That(_audit.Records[^1].Decision, Is.EqualTo(decision));
    }

    [TestCase(RuleAction.Allow)]
    [TestCase(RuleAction.Deny)]
    [TestCase(RuleAction.Hold)]
    public async Task What_cannot_be_recorded_does_not_pass(RuleAction action)
    {
        _audit.IsBroken = true;
        Assert.That((await PassAsync(action)).Result, Is.EqualTo(GateResult.Unavailable));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task The_caller_does_not_wait_for_the_store_of_held_statements(CancellationToken cancellationToken)
    {
        using var stored = new ManualResetEventSlim();
        _store.BeforeFind = () => stored.Wait(cancellationToken);
        var holding = HoldAsync(cancellationToken);
        // It has come back although the store has not.
        Assert.That(holding.IsCompleted, Is.False);
        stored.Set();
        var passing = await holding;
        await _queue.DecideAsync(_queue.Pending.Single().Id, Dana, false, "no", cancellationToken);
        Assert.That((await passing).Result, Is.EqualTo(GateResult.Denied));
    }

    [TestCase(true, GateResult.Passed)]
    [TestCase(false, GateResult.Denied)]
    public async Task A_held_statement_waits_for_the_decision(bool approve, GateResult result)
    {
        var passing = await HoldAsync();
        Assert.That(passing.IsCompleted, Is.False);
        await _queue.DecideAsync(_queue.Pending.Single().Id, Dana, approve, "because", CancellationToken.None);
        var outcome = await passing;
        Assert.That(outcome.Result, Is.EqualTo(result));
        if (!approve)
            Assert.That(outcome.Reason, Does.Contain("dana").And.Contain("because"));
    }

    [Test]
    public async Task An_approval_is_good_only_for_what_was_held()
    {
        var passing = await HoldAsync();
        _digest = "something else";
        await _queue.DecideAsync(_queue.Pending.Single().Id, Dana, true, "", CancellationToken.None);
        Assert.That((await passing).Result, Is.Not.EqualTo(GateResult.Passed));
    }

    [Test]
    public async Task Nobody_decides_and_it_expires()
    {
        var passing = await HoldAsync();
        _time.Advance(TimeSpan.FromMinutes(11));
        Assert.That((await passing).Result, Is.EqualTo(GateResult.Expired));
    }

    [Test]
    public async Task The_requester_goes_and_a_later_approval_has_no_effect()
    {
        using var gone = new CancellationTokenSource();
        var passing = await HoldAsync(gone.Token);
        var id = _queue.Pending.Single().Id;
        await gone.CancelAsync();
        Assert.That((await passing).Result, Is.EqualTo(GateResult.Abandoned));
        Assert.That((await _queue.DecideAsync(id, Dana, true, "", CancellationToken.None)).Counted, Is.False);
    }

    [Test]
    public async Task The_session_takes_it_back()
    {
        var outcome = await _gate.PassAsync(
            Statement(RuleAction.Hold),
            held =>
            {
                held.Withdraw("cancelled");
                return Task.CompletedTask;
            },
            CancellationToken.None);
        Assert.That(outcome.Result, Is.EqualTo(GateResult.Withdrawn));
    }

    private Task<GateOutcome> PassAsync(RuleAction action, CancellationToken cancellationToken = default) =>
        _gate.PassAsync(Statement(action), _ => Task.CompletedTask, cancellationToken);

    /// <summary>Begins to pass a statement that is held, and waits until it is.</summary>
    private async Task<Task<GateOutcome>> HoldAsync(CancellationToken cancellationToken = default)
    {
        var held = new TaskCompletionSource();
        var passing = _gate.PassAsync(
            Statement(RuleAction.Hold),
            _ =>
            {
                held.SetResult();
                return Task.CompletedTask;
            },
            cancellationToken);
        await held.Task;
        return passing;
    }

    private GatedStatement Statement(RuleAction action) => new()
    {
        Principal = new Principal("erin", [], "127.0.0.1", "psql"),
        Listener = "app",
        Protocol = "postgres",
        Database = "db",
        Statement = "DROP TABLE t",
        Verdict = new Verdict(action, new ApprovalRule { Name = "rule", Kinds = StatementKinds.Ddl, Action = action }, StatementKinds.Ddl, "Because."),
        Digest = () => _digest,
    };
}
