using WireGuardian.Core.Statements;

namespace WireGuardian.Postgres.Relay;

/// <summary>
/// COPY … TO STDOUT with masked columns, and the description of its columns that the proxy asked for. CopyOutResponse tells nothing of where columns come from; so
/// a query for the same columns is described on the session's own connection right before the COPY: in the same transaction, so that what it read stays locked.
/// </summary>
/// <param name="copy">What the analyzer read.</param>
/// <param name="changes">How often the catalog had changed when both were sent; null while a change was under way.</param>
public sealed class DescribedCopy(CopyOut copy, long? changes)
{
    public CopyOut Copy { get; } = copy;

    /// <summary>The body of the RowDescription; null where none came.</summary>
    public byte[]? Description { get; set; }

    /// <summary>
    /// True when the names in both mean the same. A relation named with its schema is locked by the description; other names might be found elsewhere once
    /// somebody creates, moves or hides a relation in between.
    /// </summary>
    public bool HoldsUnder(long changesNow) => Copy.IsCertain || changes == changesNow;
}
