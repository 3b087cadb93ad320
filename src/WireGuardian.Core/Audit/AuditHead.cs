namespace WireGuardian.Core.Audit;

/// <summary>The end of a chain: keep it somewhere else, and a trail that was cut short shows.</summary>
/// <param name="Sequence">Sequence of the last record; 0 when there is none.</param>
/// <param name="Hash">Its hash (hex); of 32 zero bytes when there is none.</param>
public sealed record AuditHead(long Sequence, string Hash)
{
    /// <summary>The head of a chain without records.</summary>
    public static AuditHead Empty { get; } = new(0, new string('0', 2 * AuditChain.HashBytes));
}
