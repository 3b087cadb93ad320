using WireGuardian.Core.Detection;
using WireGuardian.Core.Identity;

namespace WireGuardian.Core.Policies;

/// <summary>One entry of <c>detection:</c>. The first rule that covers a column decides; a masking rule on the column comes before all of them.</summary>
public sealed record DetectionRule
{
    /// <summary>The lowest score that counts where a rule says none, in hundredths.</summary>
    public const int DefaultMinimumScore = 50;

    public required string Name { get; init; }

    /// <summary>Listener names that the rule is for; empty means all.</summary>
    public IReadOnlyList<string> Listeners { get; init; } = [];

    /// <summary>Columns that the rule is for; empty means all.</summary>
    public IReadOnlyList<ColumnPattern> Columns { get; init; } = [];

    /// <summary>Columns among them that it is not for.</summary>
    public IReadOnlyList<ColumnPattern> Except { get; init; } = [];

    /// <summary>What is looked for.</summary>
    public DetectorSet Detectors { get; init; } = DetectorSet.All;

    /// <summary>Findings of a lower score do not count; 1 to 100, in hundredths.</summary>
    public int MinimumScore { get; init; } = DefaultMinimumScore;

    public DetectionMaskKind Mask { get; init; }

    /// <summary>Login names, or names of groups, that see values as they are.</summary>
    public IReadOnlyList<string> Exempt { get; init; } = [];

    /// <summary>Findings are counted and nothing is changed.</summary>
    public bool Observe { get; init; }

    /// <summary>True when the rule is for this listener.</summary>
    public bool AppliesTo(string listener) => Listeners.Count == 0 || Listeners.Contains(listener, StringComparer.Ordinal);

    /// <summary>True when this principal sees values as they are.</summary>
    public bool Exempts(Principal principal) => Exempt.Any(principal.Is);

    /// <summary>True when the rule is for this column.</summary>
    public bool Covers(string schema, string table, string column) =>
        (Columns.Count == 0 || Columns.Any(pattern => pattern.Matches(schema, table, column))) && !Except.Any(pattern => pattern.Matches(schema, table, column));

    private bool CoversEverything => Columns.Count == 0 && Except.Count == 0;

    /// <summary>The rule that decides on a column of a listener's results; null where none does, or where it exempts the principal.</summary>
    /// <param name="rules">The listener's (<see cref="Policy.DetectionFor"/>).</param>
    /// <param name="column">Where its values come from; null where that is not known (an expression), so that they may come from any column that a rule covers.</param>
    /// <param name="principal">Who asks.</param>
    public static DetectionRule? Find(IEnumerable<DetectionRule> rules, (string Schema, string Table, string Column)? column, Principal principal)
    {
        if (column is not var (schema, table, name))
            return Strictest(rules, principal);
        var rule = rules.FirstOrDefault(rule => rule.Covers(schema, table, name));
        return rule is null || rule.Exempts(principal) ? null : rule;
    }

    /// <summary>All that could decide, as one: whoever computes with a column must not see more by that. It bears the name of the first that masks.</summary>
    private static DetectionRule? Strictest(IEnumerable<DetectionRule> rules, Principal principal)
    {
        DetectionRule? strictest = null;
        foreach (var rule in rules)
        {
            if (!rule.Exempts(principal) && (strictest is null || (strictest.Observe && !rule.Observe)))
                strictest = rule;
            else if (strictest is not null && !rule.Exempts(principal) && rule.Observe == strictest.Observe)
                strictest = strictest.With(rule);
            // No rule after one for all columns decides on any.
            if (rule.CoversEverything)
                break;
        }
        return strictest;
    }

    private DetectionRule With(DetectionRule other) => this with
    {
        Detectors = new(Detectors.Bits | other.Detectors.Bits),
        MinimumScore = Math.Min(MinimumScore, other.MinimumScore),
        Mask = Mask == DetectionMaskKind.Value ? Mask : other.Mask,
    };
}
