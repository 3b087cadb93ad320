using WireGuardian.Core.Policies;

namespace WireGuardian.Postgres.Catalog;

/// <summary>Follows the columns of views over masked columns down to their origin.</summary>
/// <param name="picture">The database.</param>
/// <param name="taint">By which relations a masked column may be reached.</param>
/// <param name="masked">The masked columns of tables, and those of views that rules name.</param>
/// <param name="filled">Columns of materialized views that were filled with masked values.</param>
/// <param name="harmless">Those of these materialized views whose definition has to do with no masked column any more.</param>
/// <param name="order">The rules, the deciding one first.</param>
internal sealed class ViewColumns(
    CatalogPicture picture, Taint taint, IReadOnlyDictionary<ColumnKey, MaskingRule> masked, IReadOnlyDictionary<ColumnKey, MaskingRule> filled, IReadOnlySet<uint> harmless,
    IReadOnlyList<MaskingRule> order)
{
    private readonly Dictionary<ColumnKey, ColumnResolution> _resolved = [];
    private readonly Dictionary<uint, MaskingRule> _below = [];
    private readonly ILookup<uint, uint> _targets = picture.RelationDependencies
        .Where(dependency => dependency.Kind is DependencyKind.Relation)
        .ToLookup(dependency => dependency.Dependent, dependency => dependency.Target);

    private readonly ILookup<uint, MaskingRule> _rules = masked.Concat(filled).ToLookup(column => column.Key.Relation, column => column.Value);

    /// <summary>Every column that is not plainly unmasked, tables' included.</summary>
    public Dictionary<ColumnKey, ColumnResolution> Resolve()
    {
        foreach (var column in picture.GeneratedColumns.Values)
            ResolveGenerated(column);
        foreach (var view in TaintedViews())
        {
            if (!picture.Views.TryGetValue(view, out var origins))
                continue;
            for (short attribute = 1; attribute <= origins.Columns.Count; attribute++)
                Resolve(new ColumnKey(view, attribute), []);
        }
        foreach (var key in masked.Keys.Concat(filled.Keys))
            Resolve(key, []);
        return _resolved;
    }

    /// <summary>What stands for a column of these views that is not resolved by itself.</summary>
    public Dictionary<uint, ColumnResolution> Defaults() =>
        TaintedViews().ToDictionary(view => view, view => new ColumnResolution(ColumnOrigin.Derived, RuleBelow(view), ThroughView: true));

    private IEnumerable<uint> TaintedViews() => taint.Relations.Where(relation => IsView(relation) && !harmless.Contains(relation));

    private bool IsView(uint oid) => picture.Relations.TryGetValue(oid, out var relation) && relation.IsView;

    private ColumnResolution Resolve(ColumnKey key, HashSet<ColumnKey> above)
    {
        if (_resolved.TryGetValue(key, out var known))
            return known;
        var isView = IsView(key.Relation);
        if (masked.TryGetValue(key, out var rule))
            return _resolved[key] = isView && rule.Parts is not null ? WithPlaces(key, rule, above) : new ColumnResolution(ColumnOrigin.Masked, rule, isView);
        var isReached = isView && taint.Relations.Contains(key.Relation) && !harmless.Contains(key.Relation);
        var defined = isReached ? OfView(key, above) : new ColumnResolution(ColumnOrigin.Unmasked, null, isView);
        if (filled.TryGetValue(key, out var former) && !Shows(defined, former))
        {
            // Where another column's values may have come in, the former places say nothing of these.
            var both = former.Parts is null || defined.Origin is ColumnOrigin.Unmasked ? former : former with { Parts = null, Places = null };
            return _resolved[key] = new ColumnResolution(ColumnOrigin.Masked, both, ThroughView: false);
        }
        return isReached ? _resolved[key] = defined : defined;
    }

    /// <summary>
    /// A rule for places in a view's documents leaves what is masked of the column that it shows. Documents that it computes may hold anything anywhere: they are masked as a whole.
    /// </summary>
    private ColumnResolution WithPlaces(ColumnKey key, MaskingRule rule, HashSet<ColumnKey> above)
    {
        var shown = OfView(key, above);
        var chosen = shown.Origin switch
        {
            ColumnOrigin.Masked => ColumnRules.Together(rule, shown.Rule!, one => ReferenceEquals(one, shown.Rule) || order.Contains(one, ReferenceEqualityComparer.Instance)),
            ColumnOrigin.Unmasked => rule,
            _ => rule with { Parts = null, Places = null },
        };
        return new ColumnResolution(ColumnOrigin.Masked, chosen, ThroughView: true);
    }

    /// <summary>True when a materialized view's definition says at least what it was filled by.</summary>
    private static bool Shows(ColumnResolution defined, MaskingRule former) =>
        ReferenceEquals(defined.Rule, former) || (defined.Origin is ColumnOrigin.Derived && !defined.Rule!.LeavesDerived)
        || (defined is { Origin: ColumnOrigin.Masked, Rule.Parts: { } parts } && former.Parts?.All(parts.Contains) == true);

    private void ResolveGenerated(GeneratedColumn column)
    {
        // Documents that are computed may hold anything anywhere, whatever a rule says of places in them.
        if (masked.TryGetValue(column.Key, out var own) && own.Parts is null)
            return;
        foreach (var source in column.Sources)
        {
            if (masked.TryGetValue(column.Key with { Attribute = source }, out var rule) && !(own is not null && rule.LeavesDerived))
                _resolved[column.Key] = new ColumnResolution(ColumnOrigin.Derived, rule, ThroughView: false);
        }
    }

    private ColumnResolution OfView(ColumnKey key, HashSet<ColumnKey> above)
    {
        var origin = picture.Views.TryGetValue(key.Relation, out var origins) && key.Attribute <= origins.Columns.Count
            ? origins.Columns[key.Attribute - 1]
            : default;

        // Views cannot be built in a circle; a catalog that says so is not believed.
        if (origin.Relation == 0 || !above.Add(key))
            return new ColumnResolution(ColumnOrigin.Derived, RuleBelow(key.Relation), ThroughView: true);
        return Resolve(origin, above) with { ThroughView = true };
    }

    /// <summary>The first rule of those that mask something under the view.</summary>
    private MaskingRule RuleBelow(uint view)
    {
        if (_below.TryGetValue(view, out var known))
            return known;
        var seen = new HashSet<uint>();
        var open = new Stack<uint>([view]);
        var rules = new HashSet<MaskingRule>(ReferenceEqualityComparer.Instance);
        while (open.TryPop(out var relation))
        {
            if (!seen.Add(relation))
                continue;
            rules.UnionWith(_rules[relation].SelectMany(rule => rule.InForce ?? [rule]));
            foreach (var target in _targets[relation])
                open.Push(target);
        }
        return _below[view] = order.FirstOrDefault(rules.Contains) ?? (picture.ReaderRelations.Contains(view) ? BuiltInReaders.Rule : order[0]);
    }
}
