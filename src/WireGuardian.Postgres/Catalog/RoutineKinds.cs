using System.Collections.Frozen;
using WireGuardian.Core.Statements;

namespace WireGuardian.Postgres.Catalog;

/// <summary>What the routines that a statement names do inside, routines called by those included.</summary>
internal sealed class RoutineKinds
{
    private readonly FrozenDictionary<string, StatementKinds> _byName;
    private readonly FrozenDictionary<Identifier, StatementKinds> _qualified;
    private readonly FrozenDictionary<string, StatementKinds> _bySymbol;
    private readonly FrozenSet<string> _schemas;

    public RoutineKinds(CatalogPicture picture)
    {
        var kinds = Close(picture);
        var effective = picture.Routines.Where(routine => kinds[routine.Oid] != StatementKinds.None).ToList();
        _byName = Combine(effective, routine => routine.Name, routine => kinds[routine.Oid], StringComparer.Ordinal);
        _qualified = Combine(effective, routine => new Identifier(routine.Schema, routine.Name), routine => kinds[routine.Oid], null);
        _bySymbol = Combine(
            picture.Operators.Where(candidate => kinds.GetValueOrDefault(candidate.Function) != StatementKinds.None),
            candidate => candidate.Symbol,
            candidate => kinds[candidate.Function],
            StringComparer.Ordinal);
        _schemas = picture.Schemas;
    }

    public StatementKinds Of(StatementFacts facts)
    {
        var kinds = StatementKinds.None;
        foreach (var identifier in facts.Identifiers)
            kinds |= Of(identifier, facts.Identifiers);
        if (_bySymbol.Count > 0)
        {
            foreach (var symbol in facts.Operators)
                kinds |= _bySymbol.GetValueOrDefault(symbol);
        }
        return kinds;
    }

    private StatementKinds Of(Identifier identifier, IReadOnlySet<Identifier> statement)
    {
        if (!_byName.TryGetValue(identifier.Name, out var kinds))
            return StatementKinds.None;
        if (identifier.Qualifier is not { } qualifier || !_schemas.Contains(qualifier))
            return kinds;
        foreach (var other in statement)
        {
            if (other.Name == qualifier)
                return kinds;
        }
        return _qualified.GetValueOrDefault(identifier);
    }

    /// <summary>The kinds of each routine together with those of the routines that it may call.</summary>
    private static Dictionary<uint, StatementKinds> Close(CatalogPicture picture)
    {
        var kinds = picture.Routines.ToDictionary(routine => routine.Oid, routine => routine.Kinds);
        var byName = picture.Routines.ToLookup(routine => routine.Name, StringComparer.Ordinal);
        var calls = picture.Routines
            .SelectMany(caller => caller.References.SelectMany(reference => byName[reference.Name]
                .Where(callee => callee.Oid != caller.Oid && (reference.Qualifier is null || reference.Qualifier == callee.Schema))
                .Select(callee => (Caller: caller.Oid, Callee: callee.Oid))))
            .Concat(picture.RoutineDependencies
                .Where(dependency => dependency.Kind is DependencyKind.Routine)
                .Select(dependency => (Caller: dependency.Dependent, Callee: dependency.Target)))
            .Where(call => kinds.ContainsKey(call.Caller) && kinds.ContainsKey(call.Callee))
            .Distinct()
            .ToArray();

        bool grew;
        do
        {
            grew = false;
            foreach (var (caller, callee) in calls)
            {
                var both = kinds[caller] | kinds[callee];
                grew |= both != kinds[caller];
                kinds[caller] = both;
            }
        }
        while (grew);
        return kinds;
    }

    private static FrozenDictionary<TKey, StatementKinds> Combine<TItem, TKey>(
        IEnumerable<TItem> items, Func<TItem, TKey> key, Func<TItem, StatementKinds> kinds, IEqualityComparer<TKey>? comparer)
        where TKey : notnull =>
        items.GroupBy(key, kinds, comparer).ToFrozenDictionary(group => group.Key, group => group.Aggregate((one, other) => one | other), comparer);
}
