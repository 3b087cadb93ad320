using WireGuardian.Core.Masking;
using WireGuardian.Core.Policies;

namespace WireGuardian.Postgres.Catalog;

/// <summary>
/// The masking rule that a label comes to under the rules in force. Plain copies of one rule's column have that rule, unless that masks places in documents; all others are redacted, but for those whom
/// every rule behind them exempts. A rule that is no longer in the configuration exempts nobody.
/// </summary>
/// <param name="all">All rules of the configuration.</param>
/// <param name="here">Those that are for this listener.</param>
internal sealed class LabelRules(IReadOnlyList<MaskingRule> all, IReadOnlyList<MaskingRule> here)
{
    private readonly Dictionary<string, MaskingRule> _made = new(StringComparer.Ordinal);

    /// <summary>The rules that were made, with the names that they stand for.</summary>
    public Dictionary<MaskingRule, IReadOnlyList<string>> Made { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>The rule; null where all rules behind it are for other listeners.</summary>
    /// <param name="names">The names of the rules behind it.</param>
    /// <param name="isDerived">The values are computed.</param>
    public MaskingRule? Of(IEnumerable<string> names, bool isDerived)
    {
        string[] present = [.. names.Where(name => here.Any(rule => rule.Name == name) || !all.Any(rule => rule.Name == name)).Distinct().Order(StringComparer.Ordinal)];
        if (present.Length == 0)
            return null;
        if (!isDerived && present.Length == 1 && here.FirstOrDefault(rule => rule.Name == present[0]) is { } own && own.Columns.All(pattern => pattern.Path is null))
            return own;
        var key = string.Join('+', present);
        if (!_made.TryGetValue(key, out var rule))
        {
            _made[key] = rule = Make(key, present);
            Made[rule] = present;
        }
        return rule;
    }

    /// <summary>Both at once, for a column that has a rule of its own and a label.</summary>
    public MaskingRule Both(MaskingRule own, MaskingRule label)
    {
        if (Covers(own, [label], isPlain: ReferenceEquals(own, label)))
            return own;
        return Of([.. NamesOf(own), .. Made.TryGetValue(label, out var names) ? names : [label.Name]], isDerived: true)!;
    }

    /// <summary>The names of the rules of the configuration that are behind one of a picture.</summary>
    public static IEnumerable<string> NamesOf(MaskingRule rule) => ColumnRules.Behind(rule).Select(one => one.Name);

    /// <summary>True when a column that <paramref name="rule"/> masks shows nothing more of a value than the rules of its origin would.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="origins">The rules of the columns that the value comes from.</param>
    /// <param name="isPlain">It is the value of a column as it stands.</param>
    public static bool Covers(MaskingRule rule, IReadOnlyCollection<MaskingRule> origins, bool isPlain) =>
        (isPlain && origins.All(origin => ReferenceEquals(origin, rule)))
        || (rule is { Places: null, Mask: MaskKind.Redact or MaskKind.Null } && origins.All(origin => rule.Exempt.All(name => origin.Exempt.Contains(name, StringComparer.Ordinal))));

    private MaskingRule Make(string key, string[] names)
    {
        MaskingRule[] sources = [.. here.Where(rule => names.Contains(rule.Name, StringComparer.Ordinal))];
        var isComplete = sources.Length == names.Length;
        return new MaskingRule
        {
            Name = $"label:{key}",
            Columns = [],
            Mask = MaskKind.Redact,
            Exempt = isComplete ? [.. sources[0].Exempt.Where(name => sources.All(source => source.Exempt.Contains(name, StringComparer.Ordinal)))] : [],
            Predicates = sources.Select(source => source.Predicates).Append(RuleAction.Allow).Max(),
            PredicateBudget = sources.Select(source => source.PredicateBudget).OfType<PredicateBudget>().MinBy(budget => budget.PerHour),
        };
    }
}
