namespace WireGuardian.Core.Audit;

/// <summary>The append-only trail.</summary>
public interface IAuditLog
{
    /// <summary>
    /// Records something whose statement may go on as soon as this returns: the record then survives the death of this process, and is in the durable store
    /// within a bounded time. Throws <see cref="AuditUnavailableException"/> when it cannot be kept.
    /// </summary>
    void Append(AuditRecord record);

    /// <summary>Records something and completes when it is durable in the store (survives power loss), in a commit shared with others.</summary>
    ValueTask AppendDurableAsync(AuditRecord record, CancellationToken cancellationToken);

    /// <summary>Records in the store, oldest first, narrowed by <paramref name="query"/>.</summary>
    IReadOnlyList<ChainedAuditRecord> Query(AuditQuery query);
}

/// <summary>What to read from the trail.</summary>
/// <param name="Limit">At most so many records, the newest of those that match.</param>
/// <param name="Since">Only records from this time on.</param>
/// <param name="RequestId">Only records of this approval request.</param>
public sealed record AuditQuery(int Limit = 100, DateTimeOffset? Since = null, string? RequestId = null);

/// <summary>The trail cannot be written: full disk, lost store, too much waiting.</summary>
public sealed class AuditUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
