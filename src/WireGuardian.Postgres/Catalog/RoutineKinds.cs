using System.Collections.Frozen;
using WireGuardian.Core.Statements;

namespace WireGuardian.Postgres.Catalog;

/// <summary>What the routines that a statement names do inside, routines called by those included.</summary>
internal sealed class RoutineKinds
{
    /// <summary>What cannot leave a value behind.</summary>
    private const StatementKinds LeavesNothing = StatementKinds.Select | StatementKinds.Delete | StatementKinds.Session | StatementKinds.Transaction | StatementKinds.Explain;

    /// <summary>Beside the kinds, for this class alone: the routine puts its argument where it can be read later.</summary>
    private const StatementKinds Keeps = (StatementKinds)(1 << 30);

    private readonly FrozenDictionary<string, StatementKinds> _byName;
    private readonly FrozenDictionary<Identifier, StatementKinds> _qualified;
    private readonly FrozenDictionary<string, StatementKinds> _types;
    private readonly FrozenDictionary<string, StatementKinds> _bySymbol;
    private readonly FrozenSet<string> _schemas;

    public RoutineKinds(CatalogPicture picture)
    {
        var kinds = Close(picture);
        var effective = picture.Routines.Where(routine => kinds[routine.Oid] != StatementKinds.None).ToList();
        var types = picture.Casts.SelectMany(cast => cast.TypeNames.Select(type => (Name: type, Kinds: kinds.GetValueOrDefault(cast.Function))))
            .Concat(picture.TypeUses.Select(use => (Name: use.TypeName, Kinds: kinds.GetValueOrDefault(use.Function))))
            .Where(type => type.Kinds != StatementKinds.None)
            .ToList();
        var views = Views(picture, kinds);
        // Types are named in many ways (a schema, an array, a keyword): the name alone counts.
        _types = Combine(types, type => type.Name, type => type.Kinds, StringComparer.Ordinal);
        var named = effective.Select(routine => (Name: new Identifier(routine.Schema, routine.Name), Kinds: kinds[routine.Oid]))
            .Concat(views.Select(view => (Name: new Identifier(picture.Relations[view.Key].Schema, picture.Relations[view.Key].Name), Kinds: view.Value)))
            .ToList();
        _byName = Combine(named, name => name.Name.Name, name => name.Kinds, StringComparer.Ordinal);
        _qualified = Combine(named, name => name.Name, name => name.Kinds, null);
        _bySymbol = Combine(
            picture.Operators.Where(candidate => kinds.GetValueOrDefault(candidate.Function) != StatementKinds.None),
            candidate => candidate.Symbol,
            candidate => kinds[candidate.Function],
            StringComparer.Ordinal);
        _schemas = picture.Schemas;
    }

    /// <summary>The kinds of what runs when the statement runs the routines that it names.</summary>
    public StatementKinds Of(StatementFacts facts) => All(facts) & ~Keeps;

    /// <summary>True when the statement names a routine that can store or send what it is given, whatever that is.</summary>
    public bool LeavesValuesBehind(StatementFacts facts) => (All(facts) & ~LeavesNothing) != StatementKinds.None;

    private StatementKinds All(StatementFacts facts)
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
        var ofType = _types.GetValueOrDefault(identifier.Name);
        if (!_byName.TryGetValue(identifier.Name, out var kinds))
            return ofType;
        kinds |= ofType;
        if (identifier.Qualifier is not { } qualifier || !_schemas.Contains(qualifier))
            return kinds;
        foreach (var other in statement)
        {
            if (other.Name == qualifier)
                return kinds;
        }
        return ofType | _qualified.GetValueOrDefault(identifier);
    }

    /// <summary>What reading a view does, by the routines that its query calls.</summary>
    private static Dictionary<uint, StatementKinds> Views(CatalogPicture picture, Dictionary<uint, StatementKinds> routines)
    {
        var views = new Dictionary<uint, StatementKinds>();
        bool grew;
        do
        {
            grew = false;
            foreach (var dependency in picture.RelationDependencies)
            {
                if (!picture.Relations.TryGetValue(dependency.Dependent, out var relation) || !relation.IsView)
                    continue;
                var added = dependency.Kind switch
                {
                    DependencyKind.Routine => routines.GetValueOrDefault(dependency.Target),
                    DependencyKind.Relation => views.GetValueOrDefault(dependency.Target),
                    _ => StatementKinds.None,
                };
                var before = views.GetValueOrDefault(dependency.Dependent);
                if ((before | added) == before)
                    continue;
                views[dependency.Dependent] = before | added;
                grew = true;
            }
        }
        while (grew);
        return views;
    }

    /// <summary>The kinds of each routine together with those of the routines that it may call.</summary>
    private static Dictionary<uint, StatementKinds> Close(CatalogPicture picture)
    {
        var kinds = picture.Routines.ToDictionary(routine => routine.Oid, routine => routine.Kinds | (routine.KeepsArguments ? Keeps : StatementKinds.None));
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
