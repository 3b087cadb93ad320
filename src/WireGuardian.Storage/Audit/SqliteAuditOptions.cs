using WireGuardian.Core.Audit.Evidence;

namespace WireGuardian.Storage.Audit;

/// <summary>Limits and times of the audit log.</summary>
public sealed record SqliteAuditOptions
{
    /// <summary>Asked for the version of the policy in force where a record names none.</summary>
    public Func<string> PolicyVersion { get; init; } = static () => "";

    /// <summary>Signs receipts and checkpoints; null for neither. The log's owner disposes it, after the log.</summary>
    public AuditSigningKey? SigningKey { get; init; }

    /// <summary>After so many records the trail gets a checkpoint.</summary>
    public int CheckpointRecords { get; init; } = 1000;

    /// <summary>For so long records may be without a checkpoint.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Told of every checkpoint once it is in the store, by the thread that writes it: it must be quick, and not throw.</summary>
    public Action<SignedCheckpoint> CheckpointMade { get; init; } = static _ => { };

    /// <summary>How many records retention takes away between two commits of others.</summary>
    public int PrunedAtOnce { get; init; } = 2000;

    /// <summary>How long a record without anybody waiting for it may wait for others to share its commit.</summary>
    public TimeSpan CommitDelay { get; init; } = TimeSpan.FromMilliseconds(25);

    /// <summary>Records that may wait for their commit; more are refused.</summary>
    public int MaximumQueuedRecords { get; init; } = 50_000;

    /// <summary>Bytes that may wait for their commit; more are refused.</summary>
    public long MaximumQueuedBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>How long the writer waits for another process's lock on the store before that counts as a failure; whole seconds.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long after a failure the store is tried again; doubles up to <see cref="LongestRetryDelay"/>.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    public TimeSpan LongestRetryDelay { get; init; } = TimeSpan.FromSeconds(5);
}
