using WireGuardian.Core.Policies;

namespace WireGuardian.Postgres.Catalog;

/// <summary>
/// The masked columns of tables for a set of rules in force. A row of a child shows under the parent's OID, and the parent's rule is meant for the
/// rows of its children: so masks go along inheritance and partitions, both ways, by column name.
/// </summary>
internal static class InheritedMasks
{
    public static Dictionary<ColumnKey, MaskingRule> Compute(CatalogPicture picture, IReadOnlySet<MaskingRule> effective)
    {
        var masked = new Dictionary<ColumnKey, MaskingRule>();
        var combined = new List<MaskingRule>();
        var own = picture.Bound.Where(column => !column.IsHeld).ToDictionary(column => column.Key, column => column.Rule);
        var computed = new List<BoundColumn>();
        foreach (var column in picture.Bound)
        {
            if (ColumnRules.Effective(column.Rule, effective.Contains) is not { } rule || (column.IsHeld && IsFilled(picture, column)))
                continue;
            if (column.IsHeld && picture.GeneratedColumns.ContainsKey(column.Key))
                computed.Add(column with { Rule = rule });
            else
                masked[column.Key] = Shared(rule, combined);
        }
        if (masked.Count > 0)
        {
            // Downwards a child's own rule decides, also where it exempts. Upwards every mask counts: the parent's name shows the child's rows.
            while (Spread(picture, edge => edge.Parent, edge => edge.Child, masked, Downwards))
            {
            }
            while (Spread(picture, edge => edge.Child, edge => edge.Parent, masked, Upwards))
            {
            }
        }
        // As long as one is computed from masked columns, that is what is said of it.
        foreach (var column in computed)
        {
            if (!picture.GeneratedColumns[column.Key].Sources.Any(source => masked.ContainsKey(column.Key with { Attribute = source })))
                masked.TryAdd(column.Key, column.Rule);
        }
        return masked;

        MaskingRule? Downwards(ColumnKey key, MaskingRule rule)
        {
            if (!masked.TryGetValue(key, out var there) && !own.TryGetValue(key, out there))
                return rule;
            return there.Parts is null ? null : Shared(ColumnRules.Together(there, rule, effective.Contains), combined);
        }

        MaskingRule? Upwards(ColumnKey key, MaskingRule rule) =>
            !masked.TryGetValue(key, out var there) || (there.Parts is not null && rule.Parts is null) ? rule
            : there.Parts is null ? null : Shared(ColumnRules.Together(there, rule, effective.Contains), combined);
    }

    /// <summary>What a materialized view was filled with counts where its definition says nothing (<see cref="ViewColumns"/>).</summary>
    private static bool IsFilled(CatalogPicture picture, BoundColumn column) => picture.Relations.TryGetValue(column.Key.Relation, out var relation) && relation.Kind == 'm';

    /// <summary>Columns with the same places have one and the same rule, so that it is seen that they are masked alike.</summary>
    private static MaskingRule Shared(MaskingRule rule, List<MaskingRule> combined)
    {
        if (rule.Parts is not { } parts)
            return rule;
        if (combined.Find(other => other.Parts!.SequenceEqual(parts)) is { } known)
            return known;
        combined.Add(rule);
        return rule;
    }

    /// <param name="picture">The database.</param>
    /// <param name="from">Where masks come from.</param>
    /// <param name="to">Where they go.</param>
    /// <param name="masked">What is masked so far.</param>
    /// <param name="choose">What becomes of a column that a rule comes to; null where nothing does.</param>
    private static bool Spread(
        CatalogPicture picture, Func<Inheritance, uint> from, Func<Inheritance, uint> to, Dictionary<ColumnKey, MaskingRule> masked, Func<ColumnKey, MaskingRule, MaskingRule?> choose)
    {
        var spread = false;
        foreach (var edge in picture.Inheritance)
        {
            if (!picture.NamesakeColumns.TryGetValue(from(edge), out var sources) || !picture.NamesakeColumns.TryGetValue(to(edge), out var targets))
                continue;
            foreach (var (name, attribute) in sources)
            {
                if (!masked.TryGetValue(new ColumnKey(from(edge), attribute), out var rule) || !targets.TryGetValue(name, out var target))
                    continue;
                var key = new ColumnKey(to(edge), target);
                if (choose(key, rule) is not { } chosen || ReferenceEquals(chosen, masked.GetValueOrDefault(key)))
                    continue;
                masked[key] = chosen;
                spread = true;
            }
        }
        return spread;
    }
}
