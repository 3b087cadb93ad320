using System.Collections.Frozen;
using WireGuardian.Core.Statements;

namespace WireGuardian.Postgres.Catalog;

/// <summary>Where users' code runs: what a name stands for decides what a statement does, and DDL can change that while it runs. Names alone count, whatever their schema.</summary>
internal sealed class UsersCode
{
    private static readonly string[] CommonOperators = ["+", "-", "*", "/", "%", "^", "=", "<>", "<", ">", "<=", ">="];

    private readonly FrozenSet<string> _read;
    private readonly FrozenSet<string> _written;
    private readonly FrozenSet<string> _symbols;
    private readonly FrozenSet<string> _inBodies;
    private readonly bool _isEverywhere;

    public UsersCode(CatalogPicture picture)
    {
        _symbols = picture.Operators.Select(candidate => candidate.Symbol).ToFrozenSet(StringComparer.Ordinal);
        // These are not among a statement's facts.
        _isEverywhere = CommonOperators.Any(_symbols.Contains);
        _read = picture.Routines.Select(routine => routine.Name)
            .Concat(picture.Relations.Values.Where(relation => relation.Kind == 'v').Select(relation => relation.Name))
            .Concat(picture.Casts.SelectMany(cast => cast.TypeNames))
            .Concat(picture.TypeUses.Select(use => use.TypeName))
            .ToFrozenSet(StringComparer.Ordinal);
        _written = Written(picture).Where(picture.Relations.ContainsKey).Select(relation => picture.Relations[relation].Name).ToFrozenSet(StringComparer.Ordinal);
        _inBodies = picture.Routines.SelectMany(routine => routine.References).Select(reference => reference.Name).ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>True where the statement may run code of a user's making: a routine, view, type or operator of theirs is among its names, or a table with triggers that it writes.</summary>
    public bool IsRunBy(StatementFacts facts)
    {
        if (facts.IsOpaque || _isEverywhere || (_symbols.Count > 0 && _symbols.Overlaps(facts.Operators)))
            return true;
        var writes = _written.Count > 0 && (facts.Kinds & RowTriggers.Writes) != StatementKinds.None;
        foreach (var identifier in facts.Identifiers)
        {
            if (_read.Contains(identifier.Name) || (writes && _written.Contains(identifier.Name)))
                return true;
        }
        return false;
    }

    /// <summary>True where a routine's body holds the name.</summary>
    public bool Names(string name) => _inBodies.Contains(name);

    /// <summary>Relations that run code when they are written, those that are written along with others included.</summary>
    private static HashSet<uint> Written(CatalogPicture picture)
    {
        var written = picture.Triggers.Select(trigger => trigger.Dependent).Concat(picture.RowTriggers.Select(trigger => trigger.Relation)).Concat(picture.RuledRelations)
            .Concat(picture.RelationDependencies.Where(dependency => dependency.Kind is not DependencyKind.Relation).Select(dependency => dependency.Dependent))
            .ToHashSet();
        int before;
        do
        {
            before = written.Count;
            foreach (var edge in picture.Inheritance.Concat(picture.Cascades))
            {
                if (written.Contains(edge.Child))
                    written.Add(edge.Parent);
                else if (written.Contains(edge.Parent))
                    written.Add(edge.Child);
            }
            foreach (var dependency in picture.RelationDependencies)
            {
                if (dependency.Kind is DependencyKind.Relation && written.Contains(dependency.Target))
                    written.Add(dependency.Dependent);
            }
        }
        while (written.Count != before);
        return written;
    }
}
