using Microsoft.Extensions.Logging;
using WireGuardian.Core.Approvals;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Audit.Evidence;
using WireGuardian.Core.Policies;
using WireGuardian.Server.Configuration;
using WireGuardian.Server.Evidence;
using WireGuardian.Storage.Approvals;
using WireGuardian.Storage.Audit;

namespace WireGuardian.Server.Composition.Parts;

/// <summary>The audit trail with its evidence, and the approval queue, on the embedded store.</summary>
internal sealed class StorePart : IServerPart
{
    private readonly ServerContext _context;
    private readonly ILogger _logger;
    private readonly AuditSigningKey _signingKey;
    private readonly CheckpointSinks _sinks;
    private readonly SqliteAuditLog _audit;
    private readonly SqliteApprovalStore _approvals;
    private ApprovalQueue? _queue;
    private RetentionSchedule? _retention;

    /// <exception cref="Storage.StorageException">The data directory cannot be used.</exception>
    /// <exception cref="IOException">The signing key in it cannot be used.</exception>
    public StorePart(ServerContext context)
    {
        _context = context;
        _logger = context.Loggers.CreateLogger("WireGuardian.Server");
        var directory = context.Configuration.DataDirectory;
        MaskingKeyFile.CreateDataDirectory(directory);
        var options = context.Configuration.Audit;
        _signingKey = options.SigningKey ?? AuditSigningKeyFile.ReadOrCreate(directory);
        _sinks = new CheckpointSinks(CheckpointSinks.Of(options.Sinks, context.Output, context.Ready), context.Meter, _logger, context.Time);
        _audit = SqliteAuditLog.Open(directory, new AuditMetrics(context.Meter), context.Time, new SqliteAuditOptions
        {
            PolicyVersion = () => context.Policies.Current.VersionName,
            SigningKey = _signingKey,
            CheckpointRecords = options.CheckpointRecords,
            CheckpointInterval = options.CheckpointInterval,
            CheckpointMade = _sinks.Add,
        });
        _approvals = SqliteApprovalStore.Open(directory);
    }

    public string Name => "audit";

    public string? Problem => _audit.IsHealthy ? null : "the audit trail cannot be written";

    public IAuditLog Audit => _audit;

    /// <summary>The trail and its evidence, for auditors.</summary>
    public IAuditArchive Archive => _audit.Archive;

    /// <summary>The queue, once started.</summary>
    public ApprovalQueue Queue => _queue ?? throw new InvalidOperationException("the approval queue is not started");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _logger.SigningKey(_signingKey.Public.Id);
        var limits = _context.Configuration.ApprovalLimits;
        var options = new ApprovalQueueOptions { MaximumHeld = limits.MaxPending, MaximumHeldPerUser = limits.MaxPendingPerUser };
        _queue = await ApprovalQueue.StartAsync(_approvals, _audit, _context.Time, new ApprovalMetrics(_context.Meter), options, cancellationToken);
        await _queue.FollowPolicyAsync(PolicyFingerprint.Of(_context.Policies.Current));
        _retention = new RetentionSchedule(_audit, _approvals, _context.Configuration.Audit.Retention, _context.Time, _logger);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _queue is null ? Task.CompletedTask : _queue.DisposeAsync().AsTask();

    /// <summary>Limits of the queue take a restart, and so does what is signed and where it goes.</summary>
    public void Apply(WireGuardianConfiguration configuration)
    {
        _retention?.Change(configuration.Audit.Retention);
        _ = _queue?.FollowPolicyAsync(PolicyFingerprint.Of(configuration.Policy));
    }

    public async ValueTask DisposeAsync()
    {
        if (_retention is not null)
            await _retention.DisposeAsync();
        if (_queue is not null)
            await _queue.DisposeAsync();
        _approvals.Dispose();
        await _audit.DisposeAsync();
        // After the trail, whose end makes a last checkpoint.
        await _sinks.DisposeAsync();
        _signingKey.Dispose();
    }
}
