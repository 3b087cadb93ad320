using WireGuardian.Core.Statements;
using WireGuardian.Proxy.Catalog;
using WireGuardian.Sql.Postgres;

namespace WireGuardian.Postgres.Catalog;

/// <summary>
/// Tables where writing a row hands it to code that may store a masked value of it, or one that it reads itself, where no rule masks it: triggers, unless it is
/// plain that theirs do not, and rewrite rules.
/// </summary>
internal sealed class RowTriggers
{
    /// <summary>Trigger functions in C that come with the server and its extensions and look at no more than keys, or fill in nothing of the row's own.</summary>
    private static readonly HashSet<string> HarmlessCompiled = new(StringComparer.Ordinal)
    {
        "suppress_redundant_updates_trigger", "moddatetime", "insert_username", "autoinc", "check_primary_key", "check_foreign_key", "lo_manage",
    };

    private readonly CatalogPicture _picture;
    private readonly Taint _taint;
    private readonly Func<uint, bool> _leavesValuesBehind;
    private readonly IReadOnlySet<string> _maskedNames;
    private readonly ILookup<uint, string> _maskedColumns;
    private readonly HashSet<string> _routineNames;
    private readonly HashSet<string> _operatorSymbols;
    private readonly HashSet<uint> _written = [];

    private RowTriggers(
        CatalogPicture picture, Taint taint, Func<uint, bool> leavesValuesBehind, IReadOnlySet<string> maskedNames, ILookup<uint, string> maskedColumns)
    {
        (_picture, _taint, _leavesValuesBehind, _maskedNames, _maskedColumns) = (picture, taint, leavesValuesBehind, maskedNames, maskedColumns);
        _routineNames = picture.Routines.Select(routine => routine.Name).ToHashSet(StringComparer.Ordinal);
        _operatorSymbols = picture.Operators.Select(candidate => candidate.Symbol).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Names of the tables, and of views through which they are written.</summary>
    public NameSet Tables { get; } = new();

    /// <summary>Names of routines that write one.</summary>
    public NameSet Routines { get; } = new();

    /// <param name="picture">The database.</param>
    /// <param name="taint">What reads masked columns.</param>
    /// <param name="leavesValuesBehind">True for routines that can store or send what they are given.</param>
    /// <param name="maskedNames">The names of all columns that are masked or computed from such.</param>
    /// <param name="maskedColumns">The columns of each relation that a rule masks.</param>
    /// <param name="hasMasked">True for relations with such a column.</param>
    public static RowTriggers Find(
        CatalogPicture picture,
        Taint taint,
        Func<uint, bool> leavesValuesBehind,
        IReadOnlySet<string> maskedNames,
        ILookup<uint, string> maskedColumns,
        Func<uint, bool> hasMasked)
    {
        var found = new RowTriggers(picture, taint, leavesValuesBehind, maskedNames, maskedColumns);
        var routines = picture.Routines.ToDictionary(routine => routine.Oid);
        foreach (var trigger in picture.RowTriggers)
        {
            if (found.MayCopy(trigger, routines.GetValueOrDefault(trigger.Function), hasMasked(trigger.Relation)))
                found._written.Add(trigger.Relation);
        }
        found._written.UnionWith(picture.RuledRelations.Where(hasMasked));
        found.Spread();
        return found;
    }

    private bool MayCopy(RowTrigger trigger, Routine? routine, bool isMasked)
    {
        var leaves = _leavesValuesBehind(trigger.Function);
        if (routine is null || routine.IsCompiled)
            return isMasked && !HarmlessCompiled.Contains(trigger.FunctionName);
        // What it reads itself it can store, or put into the row.
        if (_taint.Routines.Contains(trigger.Function) && (leaves || routine.KeepsRow || routine.RowColumns.Count > 0))
            return true;
        if (!isMasked)
            return false;
        if (routine.KeepsRow || (leaves && trigger.SeesTables))
            return true;
        if (!routine.RowColumns.Any(_maskedNames.Contains))
            return false;
        var masked = _maskedColumns[trigger.Relation].ToHashSet(StringComparer.Ordinal);
        return leaves || !(routine.RowColumns.All(masked.Contains) || routine.RowAssignments?.All(one => masked.Contains(one.Column) || IsHarmless(one)) == true);
    }

    /// <summary>What is set here is computed from nothing that is masked, and by nothing of a user's making.</summary>
    private bool IsHarmless(RowAssignment assignment) =>
        !assignment.Names.Any(name => _maskedNames.Contains(name.Name) || _routineNames.Contains(name.Name)) && !assignment.Operators.Any(_operatorSymbols.Contains);

    /// <summary>Who writes one of these tables, by whichever way, makes the trigger run.</summary>
    private void Spread()
    {
        int before;
        do
        {
            before = _written.Count;
            foreach (var edge in _picture.Inheritance.Concat(_picture.Cascades))
            {
                if (_written.Contains(edge.Child))
                    _written.Add(edge.Parent);
                else if (_written.Contains(edge.Parent))
                    _written.Add(edge.Child);
            }
            foreach (var dependency in _picture.RelationDependencies)
            {
                if (dependency.Kind is DependencyKind.Relation && _written.Contains(dependency.Target))
                    _written.Add(dependency.Dependent);
            }
            foreach (var oid in _written)
            {
                if (_picture.Relations.TryGetValue(oid, out var relation))
                    Tables.Add(relation.Schema, relation.Name);
            }
            foreach (var routine in _picture.Routines)
            {
                if ((routine.Kinds & Writes) != StatementKinds.None && routine.References.Any(Tables.Contains))
                    Routines.Add(routine.Schema, routine.Name);
            }
            foreach (var trigger in _picture.Triggers)
            {
                if (_picture.Routines.FirstOrDefault(routine => routine.Oid == trigger.Target) is { } function && Routines.Contains(new Identifier(function.Schema, function.Name)))
                    _written.Add(trigger.Dependent);
            }
        }
        while (_written.Count != before);
    }

    /// <summary>The kinds of statements that write rows.</summary>
    public const StatementKinds Writes = StatementKinds.Insert | StatementKinds.Update | StatementKinds.Delete | StatementKinds.Merge | StatementKinds.Import
        | StatementKinds.Code | StatementKinds.Unclassified;
}
