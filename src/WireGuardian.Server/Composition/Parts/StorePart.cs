using WireGuardian.Core.Approvals;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Labels;
using WireGuardian.Core.Policies;
using WireGuardian.Server.Configuration;
using WireGuardian.Storage;
using WireGuardian.Storage.Approvals;
using WireGuardian.Storage.Audit;
using WireGuardian.Storage.Labels;

namespace WireGuardian.Server.Composition.Parts;

/// <summary>The audit trail, the approval queue and the labels on the embedded store.</summary>
internal sealed class StorePart : IServerPart
{
    private readonly ServerContext _context;
    private readonly SqliteAuditLog _audit;
    private readonly SqliteApprovalStore _approvals;
    private readonly SqliteLabelStore _labels;
    private ApprovalQueue? _queue;

    /// <exception cref="StorageException">The data directory cannot be used.</exception>
    public StorePart(ServerContext context)
    {
        _context = context;
        PredicateBudgets = new(context.Time);
        var directory = context.Configuration.DataDirectory;
        _audit = SqliteAuditLog.Open(directory, new AuditMetrics(context.Meter), context.Time);
        _approvals = SqliteApprovalStore.Open(directory);
        _labels = SqliteLabelStore.Open(directory);
        try
        {
            Labels = new LabelBook(_labels);
        }
        catch (LabelStoreException broken)
        {
            throw new StorageException(broken.Message, broken);
        }
    }

    public string Name => "audit";

    public string? Problem => _audit.IsHealthy ? null : "the audit trail cannot be written";

    public IAuditLog Audit => _audit;

    public LabelBook Labels { get; }

    /// <summary>Kept in memory: what principals have used in the last hour, on all listeners.</summary>
    public PredicateBudgets PredicateBudgets { get; }

    /// <summary>The queue, once started.</summary>
    public ApprovalQueue Queue => _queue ?? throw new InvalidOperationException("the approval queue is not started");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var limits = _context.Configuration.ApprovalLimits;
        var options = new ApprovalQueueOptions { MaximumHeld = limits.MaxPending, MaximumHeldPerUser = limits.MaxPendingPerUser };
        _queue = await ApprovalQueue.StartAsync(_approvals, _audit, _context.Time, new ApprovalMetrics(_context.Meter), options, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _queue is null ? Task.CompletedTask : _queue.DisposeAsync().AsTask();

    public void Apply(WireGuardianConfiguration configuration)
    {
        // Limits of the queue take a restart.
    }

    public async ValueTask DisposeAsync()
    {
        if (_queue is not null)
            await _queue.DisposeAsync();
        _approvals.Dispose();
        _labels.Dispose();
        await _audit.DisposeAsync();
    }
}
