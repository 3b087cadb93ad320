using WireGuardian.Core.Statements;
using WireGuardian.Proxy.Catalog;

namespace WireGuardian.Postgres.Catalog;

/// <summary>
/// Everything by which a masked column may be reached, as the least set that is closed under: a relation with a masked column; what inherits
/// from such a relation or is inherited by it; a relation whose view, rule, default, policy or constraint uses a member; a routine whose body names one or
/// cannot be seen through; an operator, cast or type that runs such a routine; a table whose triggers do.
/// </summary>
internal sealed class Taint
{
    private readonly CatalogPicture _picture;
    private readonly HashSet<uint> _relations = [];
    private readonly HashSet<uint> _written = [];
    private readonly HashSet<uint> _routines = [];
    private readonly HashSet<uint> _operators = [];
    private bool _grew;

    private Taint(CatalogPicture picture) => _picture = picture;

    /// <summary>Relations, by OID.</summary>
    public IReadOnlySet<uint> Relations => _relations;

    /// <summary>Routines, by OID.</summary>
    public IReadOnlySet<uint> Routines => _routines;

    /// <summary>Names of relations, routines and types.</summary>
    public NameSet Names { get; } = new();

    /// <summary>Names of tables where writing runs code that may read a masked column.</summary>
    public NameSet WrittenNames { get; } = new();

    /// <summary>Names of routines that may read a masked column and also write.</summary>
    public NameSet CopyingNames { get; } = new();

    /// <summary>Symbols of operators.</summary>
    public HashSet<string> Symbols { get; } = new(StringComparer.Ordinal);

    public static Taint Compute(CatalogPicture picture, IEnumerable<uint> maskedRelations)
    {
        var taint = new Taint(picture);
        foreach (var relation in maskedRelations)
            taint.AddRelation(relation);
        foreach (var relation in picture.ReaderRelations)
            taint.AddRelation(relation);
        do
        {
            taint._grew = false;
            taint.SpreadToRelations();
            taint.SpreadToWritten();
            taint.SpreadToRoutines();
            taint.SpreadToOperatorsAndTypes();
        }
        while (taint._grew);
        return taint;
    }

    private void SpreadToRelations()
    {
        foreach (var edge in _picture.Inheritance)
        {
            if (_relations.Contains(edge.Parent))
                AddRelation(edge.Child);
            if (_relations.Contains(edge.Child))
                AddRelation(edge.Parent);
        }
        foreach (var dependency in _picture.RelationDependencies)
        {
            if (IsTainted(dependency))
                AddRelation(dependency.Dependent);
        }
    }

    private void SpreadToWritten()
    {
        foreach (var trigger in _picture.Triggers)
        {
            if (_routines.Contains(trigger.Target))
                AddWritten(trigger.Dependent);
        }
        foreach (var edge in _picture.Inheritance.Concat(_picture.Cascades))
        {
            if (_written.Contains(edge.Child))
                AddWritten(edge.Parent);
            if (_written.Contains(edge.Parent))
                AddWritten(edge.Child);
        }
        foreach (var dependency in _picture.RelationDependencies)
        {
            if (dependency.Kind is DependencyKind.Relation && _written.Contains(dependency.Target))
                AddWritten(dependency.Dependent);
        }
    }

    private void SpreadToRoutines()
    {
        foreach (var dependency in _picture.RoutineDependencies)
        {
            if (IsTainted(dependency))
                _grew |= _routines.Add(dependency.Dependent);
        }
        foreach (var routine in _picture.Routines)
        {
            if (!_routines.Contains(routine.Oid) && MayRead(routine))
                _grew |= _routines.Add(routine.Oid);
            if (_routines.Contains(routine.Oid))
                AddRoutineName(routine);
        }
    }

    private bool MayRead(Routine routine) =>
        routine.ReadsAnything
        || routine.Operators.Overlaps(Symbols)
        || routine.References.Any(reference => Names.Contains(reference) || (routine.Kinds != 0 && WrittenNames.Contains(reference)));

    private void AddRoutineName(Routine routine)
    {
        Names.Add(routine.Schema, routine.Name);
        const StatementKinds Harmless = StatementKinds.Select | StatementKinds.Delete | StatementKinds.Session | StatementKinds.Transaction | StatementKinds.Explain;
        if ((routine.Kinds & ~Harmless) != 0 || routine.KeepsArguments)
            CopyingNames.Add(routine.Schema, routine.Name);
    }

    private void SpreadToOperatorsAndTypes()
    {
        foreach (var candidate in _picture.Operators)
        {
            if ((candidate.IsReader || _routines.Contains(candidate.Function)) && _operators.Add(candidate.Oid))
            {
                _grew = true;
                Symbols.Add(candidate.Symbol);
            }
        }
        foreach (var cast in _picture.Casts)
        {
            if (_routines.Contains(cast.Function))
                AddTypeNames(cast.TypeNames);
        }
        foreach (var use in _picture.TypeUses)
        {
            if (_routines.Contains(use.Function))
                AddTypeNames([use.TypeName]);
        }
    }

    private bool IsTainted(Dependency dependency) => dependency.Kind switch
    {
        DependencyKind.Relation => _relations.Contains(dependency.Target),
        DependencyKind.Routine => _routines.Contains(dependency.Target),
        DependencyKind.Operator => _operators.Contains(dependency.Target),
        _ => false,
    };

    private void AddRelation(uint oid)
    {
        if (!_relations.Add(oid))
            return;
        _grew = true;
        if (_picture.Relations.TryGetValue(oid, out var relation))
            Names.Add(relation.Schema, relation.Name);
    }

    private void AddWritten(uint oid)
    {
        if (!_written.Add(oid))
            return;
        _grew = true;
        if (_picture.Relations.TryGetValue(oid, out var relation))
            WrittenNames.Add(relation.Schema, relation.Name);
    }

    /// <summary>Types are named in many ways (a schema, an array, a keyword): the name alone counts.</summary>
    private void AddTypeNames(IReadOnlyList<string> names)
    {
        foreach (var name in names)
            _grew |= Names.AddAnywhere(name);
    }
}
