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

    private readonly Dictionary<uint, StatementKinds> _kinds;
    private readonly FrozenSet<string> _names;
    private readonly KindsByName _named;
    private readonly KindsByName _written;
    private readonly FrozenDictionary<string, StatementKinds> _types;
    private readonly FrozenDictionary<string, StatementKinds> _bySymbol;

    public RoutineKinds(CatalogPicture picture)
    {
        var kinds = _kinds = Close(picture);
        var effective = picture.Routines.Where(routine => kinds[routine.Oid] != StatementKinds.None).ToList();
        var types = picture.Casts.SelectMany(cast => cast.TypeNames.Select(type => (Name: type, Kinds: kinds.GetValueOrDefault(cast.Function))))
            .Concat(picture.TypeUses.Select(use => (Name: use.TypeName, Kinds: kinds.GetValueOrDefault(use.Function))))
            .Where(type => type.Kinds != StatementKinds.None)
            .ToList();
        var views = Views(picture, kinds);
        // Types are named in many ways (a schema, an array, a keyword): the name alone counts.
        _types = Combine(types, type => type.Name, type => type.Kinds, StringComparer.Ordinal);
        _names = picture.Routines.Select(routine => routine.Name).ToFrozenSet(StringComparer.Ordinal);
        _named = new(
            effective.Select(routine => (new Identifier(routine.Schema, routine.Name), kinds[routine.Oid])).Concat(Named(picture, views)), picture.Schemas);
        _written = new(Named(picture, Written(picture, kinds)), picture.Schemas);
        _bySymbol = Combine(
            picture.Operators.Where(candidate => kinds.GetValueOrDefault(candidate.Function) != StatementKinds.None),
            candidate => candidate.Symbol,
            candidate => kinds[candidate.Function],
            StringComparer.Ordinal);
    }

    /// <summary>The kinds of what runs when the statement runs the routines that it names.</summary>
    public StatementKinds Of(StatementFacts facts) => All(facts) & ~Keeps;

    /// <summary>The kinds of what the server runs by itself when the statement writes the relations that it names.</summary>
    public StatementKinds OfTriggers(StatementFacts facts)
    {
        var kinds = StatementKinds.None;
        if (_written.IsEmpty || (facts.Kinds & RowTriggers.Writes) == StatementKinds.None)
            return kinds;
        foreach (var identifier in facts.Identifiers)
            kinds |= _written.Of(identifier, facts.Identifiers);
        return kinds & ~Keeps;
    }

    /// <summary>True where the routine that a statement makes, or gives another name, can store or send what it is given: by itself, or by what it calls.</summary>
    public bool MakesLeaving(StatementFacts facts) =>
        facts.RoutineIsUnseen || (facts.RoutineKinds & ~LeavesNothing) != StatementKinds.None || LeavesValuesBehind(facts)
        || facts.Identifiers.Any(identifier => BuiltInReaders.KeepsArguments(identifier.Name));

    /// <summary>True when there is a routine with this name.</summary>
    public bool Has(string name) => _names.Contains(name);

    /// <summary>True for a routine that can store or send what it is given.</summary>
    public bool LeavesValuesBehind(uint routine) => (_kinds.GetValueOrDefault(routine) & ~LeavesNothing) != StatementKinds.None;

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

    private StatementKinds Of(Identifier identifier, IReadOnlySet<Identifier> statement) =>
        _types.GetValueOrDefault(identifier.Name) | _named.Of(identifier, statement);

    private static IEnumerable<(Identifier Name, StatementKinds Kinds)> Named(CatalogPicture picture, Dictionary<uint, StatementKinds> relations) =>
        relations.Where(one => picture.Relations.ContainsKey(one.Key))
            .Select(one => (new Identifier(picture.Relations[one.Key].Schema, picture.Relations[one.Key].Name), one.Value));

    /// <summary>What runs beside a statement that writes a relation: triggers, and the routines of defaults, checks and rules.</summary>
    private static Dictionary<uint, StatementKinds> Written(CatalogPicture picture, Dictionary<uint, StatementKinds> routines)
    {
        var written = new Dictionary<uint, StatementKinds>();
        bool grew;
        void Add(uint relation, StatementKinds kinds)
        {
            var before = written.GetValueOrDefault(relation);
            if ((before | kinds) == before)
                return;
            grew = true;
            written[relation] = before | kinds;
        }

        do
        {
            grew = false;
            foreach (var trigger in picture.Triggers)
                Add(trigger.Dependent, routines.GetValueOrDefault(trigger.Target));
            foreach (var edge in picture.Inheritance.Concat(picture.Cascades))
            {
                Add(edge.Parent, written.GetValueOrDefault(edge.Child));
                Add(edge.Child, written.GetValueOrDefault(edge.Parent));
            }
            foreach (var dependency in picture.RelationDependencies)
            {
                Add(dependency.Dependent, dependency.Kind switch
                {
                    DependencyKind.Routine => routines.GetValueOrDefault(dependency.Target),
                    DependencyKind.Relation => written.GetValueOrDefault(dependency.Target),
                    _ => StatementKinds.None,
                });
            }
        }
        while (grew);
        return written;
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
        var readOnly = picture.Routines.Where(routine => routine.IsReadOnly).Select(routine => routine.Oid).ToHashSet();
        var calls = picture.Routines
            .SelectMany(caller => caller.References.SelectMany(reference => byName[reference.Name]
                .Where(callee => callee.Oid != caller.Oid && (reference.Qualifier is null || reference.Qualifier == callee.Schema))
                .Select(callee => (Caller: caller.Oid, Callee: callee.Oid))))
            .Concat(picture.RoutineDependencies
                .Where(dependency => dependency.Kind is DependencyKind.Routine)
                .Select(dependency => (Caller: dependency.Dependent, Callee: dependency.Target)))
            .Where(call => !readOnly.Contains(call.Caller) && kinds.ContainsKey(call.Caller) && kinds.ContainsKey(call.Callee))
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
