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
        var decided = new HashSet<ColumnKey>();
        var combined = new List<MaskingRule>();
        foreach (var column in picture.Bound)
        {
            decided.Add(column.Key);
            if (ColumnRules.Effective(column.Rule, effective.Contains) is { } rule)
                masked[column.Key] = Shared(rule, combined);
        }
        if (masked.Count > 0)
        {
            // Downwards a child's own rule decides, also where it exempts. Upwards every mask counts: the parent's name shows the child's rows.
            while (Spread(picture, edge => edge.Parent, edge => edge.Child, masked, decided))
            {
            }
            while (Spread(picture, edge => edge.Child, edge => edge.Parent, masked, []))
            {
            }
        }
        return masked;
    }

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

    private static bool Spread(
        CatalogPicture picture,
        Func<Inheritance, uint> from,
        Func<Inheritance, uint> to,
        Dictionary<ColumnKey, MaskingRule> masked,
        HashSet<ColumnKey> decided)
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
                if (!decided.Contains(key))
                    spread |= masked.TryAdd(key, rule);
            }
        }
        return spread;
    }
}
