using System.Text.Json.Serialization;
using WireGuardian.Core.Identity;
using WireGuardian.Core.Masking;
using WireGuardian.Core.Masking.Documents;

namespace WireGuardian.Core.Policies;

/// <summary>One entry of <c>masking:</c>. The first rule that matches a column decides.</summary>
public sealed record MaskingRule
{
    public required string Name { get; init; }

    /// <summary>Listener names that the rule is for; empty means all.</summary>
    public IReadOnlyList<string> Listeners { get; init; } = [];

    /// <summary>Columns that the rule is for.</summary>
    public required IReadOnlyList<ColumnPattern> Columns { get; init; }

    public required MaskKind Mask { get; init; }

    /// <summary>Login names, or names of groups, that see the column as it is.</summary>
    public IReadOnlyList<string> Exempt { get; init; } = [];

    /// <summary>What becomes of a statement that uses one of its columns to choose, join, group or order rows.</summary>
    public RuleAction Predicates { get; init; } = RuleAction.Allow;

    /// <summary>
    /// True where what is computed from its columns alone (<c>upper(email)</c>) is left as it is; otherwise it is redacted as a whole. What is computed from columns that several
    /// rules mask is left alone if all of them say so.
    /// </summary>
    public bool LeavesDerived { get; init; }

    /// <summary>How many such statements each principal may send where they are allowed; null for any number.</summary>
    public PredicateBudget? PredicateBudget { get; init; }

    /// <summary>
    /// Of what stands for a column whose documents are masked place by place (<see cref="ColumnRules"/>): the rules and their places, in order. Null for a rule of the configuration.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<RulePart>? Parts { get; init; }

    /// <summary>Of the same, the rules that mask something for the principals whom it is for.</summary>
    [JsonIgnore]
    public IReadOnlyList<MaskingRule>? InForce { get; init; }

    /// <summary>Of the same, the places. The values of the column are masked there; what is computed from them is redacted as a whole, unless it comes from elsewhere in them.</summary>
    [JsonIgnore]
    public JsonPlaces? Places { get; init; }

    /// <summary>True when the rule is for this listener.</summary>
    public bool AppliesTo(string listener) => Listeners.Count == 0 || Listeners.Contains(listener, StringComparer.Ordinal);

    /// <summary>True when this principal sees the rule's columns as they are.</summary>
    public bool Exempts(Principal principal) => Exempt.Any(principal.Is);
}
