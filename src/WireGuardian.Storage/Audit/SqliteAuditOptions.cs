namespace WireGuardian.Storage.Audit;

/// <summary>Limits and times of the audit log.</summary>
public sealed record SqliteAuditOptions
{
    /// <summary>Asked for the version of the policy in force where a record names none.</summary>
    public Func<string> PolicyVersion { get; init; } = static () => "";

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
