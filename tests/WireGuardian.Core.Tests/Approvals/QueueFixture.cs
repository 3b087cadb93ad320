using System.Diagnostics.Metrics;
using WireGuardian.Core.Approvals;
using WireGuardian.Core.Identity;
using WireGuardian.Core.Statements;
using WireGuardian.Testing.Approvals;
using WireGuardian.Testing.Audit;
using WireGuardian.Testing.Time;

namespace WireGuardian.Core.Tests.Approvals;

/// <summary>A queue with everything around it in memory.</summary>
internal sealed class QueueFixture : IDisposable
{
    public static readonly Operator Dana = new("dana", ["dba"]);
    public static readonly Operator Omar = new("omar", ["dba"]);

    private QueueFixture()
    {
    }

    public InMemoryAuditLog Audit { get; private init; } = new();
    public InMemoryApprovalStore Store { get; private init; } = new();
    public FakeTime Time { get; } = new();
    public Meter Meter { get; } = new("WireGuardian");
    public ApprovalQueue Queue { get; private set; } = null!;

    public static async Task<QueueFixture> StartAsync(ApprovalQueueOptions? options = null)
    {
        var fixture = new QueueFixture();
        await fixture.StartQueueAsync(options);
        return fixture;
    }

    /// <summary>Another process on the same trail and store.</summary>
    public async Task<QueueFixture> RestartAsync()
    {
        var fixture = new QueueFixture { Audit = Audit, Store = Store };
        await fixture.StartQueueAsync(null);
        return fixture;
    }

    public ApprovalRequest Request(string user = "erin", int minimum = 1, params string[] approvers) => new()
    {
        Id = "",
        State = ApprovalState.Pending,
        Listener = "app-pg",
        Protocol = "postgres",
        User = user,
        Database = "shop",
        Client = "127.0.0.1",
        Application = "psql",
        Statement = "DROP TABLE people",
        Kinds = StatementKinds.Ddl,
        Rule = "schema-changes",
        Reason = "The rule schema-changes holds statements of kind ddl.",
        Digest = "d1",
        CreatedAt = Time.GetUtcNow(),
        ExpiresAt = Time.GetUtcNow() + TimeSpan.FromMinutes(10),
        Approvers = approvers,
        Minimum = minimum,
    };

    public async Task<IHeldStatement> HoldAsync(string user = "erin", int minimum = 1, params string[] approvers) =>
        await Queue.SubmitAsync(Request(user, minimum, approvers), CancellationToken.None);

    public async Task<DecisionOutcome> ApproveAsync(string id, Operator by) =>
        await Queue.DecideAsync(id, by, true, "", CancellationToken.None);

    public async Task<DecisionOutcome> DenyAsync(string id, Operator by, string reason = "no") =>
        await Queue.DecideAsync(id, by, false, reason, CancellationToken.None);

    public void Dispose() => Meter.Dispose();

    private async Task StartQueueAsync(ApprovalQueueOptions? options) =>
        Queue = await ApprovalQueue.StartAsync(Store, Audit, Time, new ApprovalMetrics(Meter), options, CancellationToken.None);
}
