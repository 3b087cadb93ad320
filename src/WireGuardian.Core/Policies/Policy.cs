namespace WireGuardian.Core.Policies;

/// <summary>Everything that decides, as one immutable value. A reload makes a new one with the next <see cref="Version"/>.</summary>
public sealed record Policy
{
    /// <summary>Grows by one with every reload; part of what an approval is bound to.</summary>
    public long Version { get; init; }

    public IReadOnlyList<MaskingRule> Masking { get; init; } = [];

    public IReadOnlyList<ApprovalRule> Approvals { get; init; } = [];

    public CopiesMode Copies { get; init; }

    /// <summary>Group name to database logins.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Groups { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
}
