using WireGuardian.Core.Masking;
using WireGuardian.Core.Masking.Documents;

namespace WireGuardian.Core.Policies;

/// <summary>A rule and the place in a column's documents that it is for.</summary>
/// <param name="Rule">A rule of the configuration.</param>
/// <param name="Path">The place; null for the column as a whole.</param>
public sealed record RulePart(MaskingRule Rule, JsonPath? Path);

/// <summary>
/// What rules come to on one column. The first that matches decides: a rule for a path on its place alone, so that all of them apply, each to its own place, and where two
/// meet the first; a rule for the whole column on all that is left, and none after it counts.
/// </summary>
public static class ColumnRules
{
    /// <summary>What stands for a column that another part came to: in the order of the rules.</summary>
    /// <param name="former">What stood for it; null for nothing.</param>
    /// <param name="part">The part. A rule for the whole column is not put in the place of one that there was.</param>
    /// <param name="order">The rules in order.</param>
    public static MaskingRule With(MaskingRule? former, RulePart part, IReadOnlyList<MaskingRule> order)
    {
        var parts = PartsOf(former);
        if (parts.Contains(part) || (part.Path is null && parts.Any(other => other.Path is null)))
            return former!;
        return Of([.. parts, part], order)!;
    }

    /// <summary>What stands for a column whose rules were loaded again; null where none of them is in force any more.</summary>
    /// <param name="former">What stood for it.</param>
    /// <param name="present">The rule that one has become; null for none.</param>
    /// <param name="order">The rules in order.</param>
    public static MaskingRule? Renewed(MaskingRule former, Func<MaskingRule, MaskingRule?> present, IReadOnlyList<MaskingRule> order) =>
        former.Parts is null ? present(former) : Of([.. former.Parts.Select(part => present(part.Rule) is { } rule ? part with { Rule = rule } : null).OfType<RulePart>()], order);

    /// <summary>What stands for a column under those of its rules that are in force for somebody: the places of the others stay as they are. Null where nothing is masked.</summary>
    /// <param name="rule">What stands for the column.</param>
    /// <param name="effective">True for a rule that is in force.</param>
    public static MaskingRule? Effective(MaskingRule rule, Func<MaskingRule, bool> effective)
    {
        if (rule.Parts is not { } parts)
            return effective(rule) ? rule : null;
        return parts.Any(part => effective(part.Rule)) ? Combine(parts, effective) : null;
    }

    /// <summary>
    /// What stands for a column that is another one too (a view's, a partition's): its own places come first. One of the two, where the other has no place that it lacks.
    /// </summary>
    /// <param name="own">What stands for it, place by place.</param>
    /// <param name="other">What stands for the other.</param>
    /// <param name="effective">True for a rule that is in force.</param>
    public static MaskingRule Together(MaskingRule own, MaskingRule other, Func<MaskingRule, bool> effective)
    {
        var (first, second) = (PartsOf(own), PartsOf(other));
        if (second.All(first.Contains))
            return own;
        if (first.All(second.Contains))
            return other;
        RulePart[] parts = [.. first, .. second.Where(part => !first.Contains(part))];
        var whole = Array.FindIndex(parts, part => part.Path is null);
        return Combine(whole < 0 ? parts : parts[..(whole + 1)], effective);
    }

    /// <summary>The rules behind one that stands for a column: itself, unless it was put together.</summary>
    public static IEnumerable<MaskingRule> Behind(MaskingRule rule) => rule.Parts?.Select(part => part.Rule).Distinct() ?? rule.InForce ?? [rule];

    /// <summary>True for one that leaves what is at no place of its own as it is.</summary>
    public static bool IsPartial(MaskingRule rule) => rule.Parts is { } parts && parts.All(part => part.Path is not null);

    private static IReadOnlyList<RulePart> PartsOf(MaskingRule? rule) => rule is null ? [] : rule.Parts ?? [new RulePart(rule, null)];

    private static MaskingRule? Of(IReadOnlyList<RulePart> parts, IReadOnlyList<MaskingRule> order)
    {
        RulePart[] sorted = [.. parts.OrderBy(part => IndexOf(part.Rule, order))];
        var whole = Array.FindIndex(sorted, part => part.Path is null);
        if (whole >= 0)
            sorted = sorted[..(whole + 1)];
        return sorted is [] ? null : sorted[0].Path is null ? sorted[0].Rule : Combine(sorted, static _ => true);
    }

    private static int IndexOf(MaskingRule rule, IReadOnlyList<MaskingRule> order)
    {
        for (var index = 0; index < order.Count; index++)
        {
            if (ReferenceEquals(order[index], rule))
                return index;
        }
        return order.Count;
    }

    private static MaskingRule Combine(IReadOnlyList<RulePart> parts, Func<MaskingRule, bool> effective)
    {
        MaskingRule[] rules = [.. parts.Select(part => part.Rule).Where(effective).Distinct()];
        return new MaskingRule
        {
            Name = rules.Length == 1 ? rules[0].Name : string.Join('+', rules.Select(rule => rule.Name)),
            Columns = [],
            // Of what is not masked place by place.
            Mask = MaskKind.Redact,
            Exempt = [.. rules[0].Exempt.Where(name => rules.All(rule => rule.Exempt.Contains(name, StringComparer.Ordinal)))],
            Predicates = rules.Max(rule => rule.Predicates),
            LeavesDerived = rules.All(rule => rule.LeavesDerived),
            Parts = parts,
            InForce = rules,
            Places = new([.. parts.Select(part => new JsonPlace(part.Path ?? JsonPath.Root, effective(part.Rule) ? part.Rule.Mask : null))]),
        };
    }
}
