using System.Diagnostics.Metrics;
using WireGuardian.Core.Approvals;
using WireGuardian.Core.Identity;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.Proxy.Gating;
using WireGuardian.Proxy.Metrics;
using WireGuardian.Proxy.Session;
using WireGuardian.Testing.Approvals;
using WireGuardian.Testing.Audit;
using WireGuardian.Testing.Time;

namespace WireGuardian.Proxy.Tests.Session;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SessionGateTests : IDisposable
{
    private readonly InMemoryAuditLog _audit = new();
    private readonly FakeTime _time = new();
    private readonly Meter _meter = new("test");
    private readonly TaskCompletionSource<IHeldStatement> _announced = new();
    private SessionGate _gate = null!;

    [SetUp]
    public async Task Start()
    {
        var queue = await ApprovalQueue.StartAsync(new InMemoryApprovalStore(), _audit, _time, new ApprovalMetrics(_meter), null, CancellationToken.None);
        _gate = new(new Gate(queue, _audit, _time), new ProxyMetrics(_meter).ForListener("app", "postgres"), (held, _) =>
        {
            _announced.SetResult(held);
            return Task.CompletedTask;
        });
    }

    public void Dispose()
    {
        _gate.Dispose();
        _meter.Dispose();
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task What_the_server_cannot_parse_needs_no_operator(CancellationToken cancellationToken)
    {
        Assert.That((await PassAsync(isTypo: true).WaitAsync(cancellationToken)).Result, Is.EqualTo(GateResult.Passed));
        Assert.That(_announced.Task.IsCompleted, Is.False);
        Assert.That((_audit.Records[^1].Decision, _audit.Records[^1].Rule), Is.EqualTo(("allow", "")));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Only_what_is_held_can_be_taken_back(CancellationToken cancellationToken)
    {
        Assert.That(_gate.Withdraw("too early"), Is.False);
        var passing = PassAsync(isTypo: false);
        await _announced.Task.WaitAsync(cancellationToken);
        Assert.That(_gate.Withdraw("cancelled"), Is.True);
        Assert.That((await passing.WaitAsync(cancellationToken)).Result, Is.EqualTo(GateResult.Withdrawn));
        Assert.That(_gate.Withdraw("too late"), Is.False);
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_session_that_drains_holds_nothing_more(CancellationToken cancellationToken)
    {
        _gate.Close("stopping");
        Assert.That((await PassAsync(isTypo: false).WaitAsync(cancellationToken)).Result, Is.EqualTo(GateResult.Withdrawn));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Nobody_waits_for_a_client_that_is_gone(CancellationToken cancellationToken)
    {
        var passing = PassAsync(isTypo: false);
        await _announced.Task.WaitAsync(cancellationToken);
        _gate.ClientIsGone();
        Assert.That((await passing.WaitAsync(cancellationToken)).Result, Is.EqualTo(GateResult.Abandoned));
    }

    private Task<GateOutcome> PassAsync(bool isTypo) => _gate.PassAsync(
        new()
        {
            Principal = new Principal("erin", [], "127.0.0.1", "psql"),
            Listener = "app",
            Protocol = "postgres",
            Database = "db",
            Statement = "DROP TABLE t",
            Verdict = new Verdict(
                RuleAction.Hold, new ApprovalRule { Name = "rule", Kinds = StatementKinds.Ddl, Action = RuleAction.Hold }, StatementKinds.Ddl, "Because."),
            Digest = () => "what was held",
        },
        _ => new(isTypo),
        CancellationToken.None);
}
