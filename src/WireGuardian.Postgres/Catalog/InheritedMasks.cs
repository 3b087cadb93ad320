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
        var computed = new List<BoundColumn>();
        foreach (var column in picture.Bound)
        {
            if (!column.IsHeld)
                decided.Add(column.Key);
            if (!effective.Contains(column.Rule) || (column.IsHeld && IsFilled(picture, column)))
                continue;
            if (column.IsHeld && picture.GeneratedColumns.ContainsKey(column.Key))
                computed.Add(column);
            else
                masked[column.Key] = column.Rule;
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
        // As long as one is computed from masked columns, that is what is said of it.
        foreach (var column in computed)
        {
            if (!picture.GeneratedColumns[column.Key].Sources.Any(source => masked.ContainsKey(column.Key with { Attribute = source })))
                masked.TryAdd(column.Key, column.Rule);
        }
        return masked;
    }

    /// <summary>What a materialized view was filled with counts where its definition says nothing (<see cref="ViewColumns"/>).</summary>
    private static bool IsFilled(CatalogPicture picture, BoundColumn column) => picture.Relations.TryGetValue(column.Key.Relation, out var relation) && relation.Kind == 'm';

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
