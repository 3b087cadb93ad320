namespace WireGuardian.Core.Audit;

/// <summary>Which records are wanted; what is null or empty does not matter.</summary>
public sealed record AuditFilter
{
    /// <summary>Records up to this sequence: the end of a trail that grows meanwhile.</summary>
    public long? UpTo { get; init; }

    public DateTimeOffset? Since { get; init; }

    /// <summary>Records before this time.</summary>
    public DateTimeOffset? Until { get; init; }

    public string? RequestId { get; init; }

    /// <summary>The requester's database login.</summary>
    public string? Principal { get; init; }

    public string? Operator { get; init; }

    /// <summary>As <see cref="AuditRecord.Event"/>: any of them.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    public bool Matches(AuditRecord record) =>
        (Since is null || record.Time >= Since)
        && (Until is null || record.Time < Until)
        && (RequestId is null || record.RequestId == RequestId)
        && (Principal is null || record.Principal == Principal)
        && (Operator is null || record.Operator == Operator)
        && (Events.Count == 0 || Events.Contains(record.Event, StringComparer.Ordinal));
}
