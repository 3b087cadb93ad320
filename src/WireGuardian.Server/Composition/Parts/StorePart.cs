using WireGuardian.Core.Approvals;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Policies;
using WireGuardian.Server.Configuration;
using WireGuardian.Storage.Approvals;
using WireGuardian.Storage.Audit;

namespace WireGuardian.Server.Composition.Parts;

/// <summary>The audit trail and the approval queue on the embedded store.</summary>
internal sealed class StorePart : IServerPart
{
    private readonly ServerContext _context;
    private readonly SqliteAuditLog _audit;
    private readonly SqliteApprovalStore _approvals;
    private ApprovalQueue? _queue;

    /// <exception cref="Storage.StorageException">The data directory cannot be used.</exception>
    public StorePart(ServerContext context)
    {
        _context = context;
        var directory = context.Configuration.DataDirectory;
        var options = new SqliteAuditOptions { PolicyVersion = () => context.Policies.Current.VersionName };
        _audit = SqliteAuditLog.Open(directory, new AuditMetrics(context.Meter), context.Time, options);
        _approvals = SqliteApprovalStore.Open(directory);
    }

    public string Name => "audit";

    public string? Problem => _audit.IsHealthy ? null : "the audit trail cannot be written";

    public IAuditLog Audit => _audit;

    /// <summary>The queue, once started.</summary>
    public ApprovalQueue Queue => _queue ?? throw new InvalidOperationException("the approval queue is not started");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var limits = _context.Configuration.ApprovalLimits;
        var options = new ApprovalQueueOptions { MaximumHeld = limits.MaxPending, MaximumHeldPerUser = limits.MaxPendingPerUser };
        _queue = await ApprovalQueue.StartAsync(_approvals, _audit, _context.Time, new ApprovalMetrics(_context.Meter), options, cancellationToken);
        await _queue.FollowPolicyAsync(PolicyFingerprint.Of(_context.Policies.Current));
    }

    public Task StopAsync(CancellationToken cancellationToken) => _queue is null ? Task.CompletedTask : _queue.DisposeAsync().AsTask();

    public void Apply(WireGuardianConfiguration configuration)
    {
        // Limits of the queue take a restart.
        _ = _queue?.FollowPolicyAsync(PolicyFingerprint.Of(configuration.Policy));
    }

    public async ValueTask DisposeAsync()
    {
        if (_queue is not null)
            await _queue.DisposeAsync();
        _approvals.Dispose();
        await _audit.DisposeAsync();
    }
}
