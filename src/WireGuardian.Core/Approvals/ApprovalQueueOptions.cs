namespace WireGuardian.Core.Approvals;

/// <summary>The limits of the queue.</summary>
public sealed record ApprovalQueueOptions
{
    /// <summary>Held statements in all.</summary>
    public int MaximumHeld { get; init; } = 1000;

    /// <summary>Held statements of one database login.</summary>
    public int MaximumHeldPerUser { get; init; } = 50;

    /// <summary>Changes that a watcher may lag behind before it loses the oldest.</summary>
    public int WatchBuffer { get; init; } = 256;
}
