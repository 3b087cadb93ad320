using WireGuardian.Core.Statements;

namespace WireGuardian.Core.Policies;

/// <summary>One entry of <c>approvals:</c>. The first rule that matches a statement decides.</summary>
public sealed record ApprovalRule
{
    public required string Name { get; init; }

    /// <summary>Listener names that the rule is for; empty means all.</summary>
    public IReadOnlyList<string> Listeners { get; init; } = [];

    /// <summary>The rule matches a statement that has any of these kinds.</summary>
    public required StatementKinds Kinds { get; init; }

    public required RuleAction Action { get; init; }

    /// <summary>What becomes of the connection meanwhile.</summary>
    public HoldMode Mode { get; init; }

    /// <summary>With <see cref="HoldMode.Resubmit"/>: for so long an approval can be used, and a denial is what whoever comes back hears.</summary>
    public TimeSpan Validity { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a held statement waits before it is denied as expired.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Operator groups that may decide; empty means any operator.</summary>
    public IReadOnlyList<string> Approvers { get; init; } = [];

    /// <summary>How many different persons must approve.</summary>
    public int Minimum { get; init; } = 1;

    /// <summary>Operator groups that may release at once, with a reason; empty means nobody.</summary>
    public IReadOnlyList<string> BreakGlass { get; init; } = [];

    /// <summary>The most rows of a result that pass without an operator's yes; null for no limit.</summary>
    public long? MaxRows { get; init; }

    /// <summary>The same in bytes, as the server sends them.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>True where a result that grows beyond a limit waits for an operator.</summary>
    public bool LimitsResults => MaxRows is not null || MaxBytes is not null;

    /// <summary>True when the rule is for this listener.</summary>
    public bool AppliesTo(string listener) => Listeners.Count == 0 || Listeners.Contains(listener, StringComparer.Ordinal);
}
