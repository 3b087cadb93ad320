using System.Collections.Frozen;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.MySql.Rewriting;
using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Catalog;

/// <summary>What the rules of one principal come to in one picture of the server.</summary>
internal sealed class MySqlView : ICatalogView
{
    private const StatementKinds Writing =
        StatementKinds.Insert | StatementKinds.Update | StatementKinds.Delete | StatementKinds.Merge | StatementKinds.Import | StatementKinds.Ddl;

    private const StatementKinds LeavingValues = Writing | StatementKinds.Export | StatementKinds.Unclassified;

    private readonly CatalogPicture _picture;
    private readonly IReadOnlyDictionary<(string Schema, string Table, string Column), MaskingRule> _masked;
    private readonly Taint _taint;
    private readonly ColumnSources _sources;
    private readonly RoutineKinds _routines;
    private readonly FrozenSet<string> _maskedNames;

    public MySqlView(CatalogPicture picture, IReadOnlyDictionary<(string Schema, string Table, string Column), MaskingRule> masked)
    {
        (_picture, _masked) = (picture, masked);
        _taint = Taint.Compute(picture, masked.Keys.Select(key => (key.Schema, key.Table)).Distinct());
        _sources = new(picture, masked, _taint);
        _routines = new(picture);
        _maskedNames = masked.Keys.Select(key => key.Column).ToFrozenSet(StringComparer.Ordinal);
    }

    public bool MasksNothing => _masked.Count == 0;

    public bool Involves(MySqlStatement statement)
    {
        var facts = statement.Facts;
        if (facts.IsOpaque || _taint.Reaches(facts.Identifiers) || MayReadUnseen(statement))
            return true;
        if ((facts.Kinds & Writing) == StatementKinds.None)
            return false;
        foreach (var identifier in facts.Identifiers)
        {
            if (_taint.WrittenNames.Contains(identifier, facts.Identifiers, _picture.Schemas))
                return true;
        }
        return !_picture.SeesTriggers;
    }

    public bool Copies(MySqlStatement statement)
    {
        var facts = statement.Facts;
        if (facts.IsOpaque)
            return true;
        if (!Involves(statement))
            return false;
        if (statement.UserVariablesWritten.Count > 0 || _routines.WritesVariables(statement) || (KindsOfRoutines(statement) & LeavingValues) != StatementKinds.None)
            return true;
        return facts.WriteSources.Any(source => source.ReadsWholeRow || source.Reads.Any(read => ReadsMasked(read, source, facts)));
    }

    public StatementKinds KindsOfRoutines(MySqlStatement statement) => _routines.Of(statement);

    public IReadOnlyList<ColumnSource>? Resolve(ResultShape shape, string? database, int columns) => _sources.Resolve(shape, database, columns);

    public MaskingRule? RuleOf(string database, string table, string column)
    {
        if (_masked.TryGetValue((database, table, column), out var rule))
            return rule;
        // Some results come without a database.
        if (database.Length > 0)
            return null;
        foreach (var (key, other) in _masked)
        {
            if (key.Table == table && key.Column == column)
                return other;
        }
        return null;
    }

    public DeclaredType? TypeOf(string database, string table, string column) =>
        _picture.Relations.TryGetValue((database, table), out var relation) ? relation.Columns.FirstOrDefault(one => one.Name == column)?.Type : null;

    /// <summary>Where the catalog login does not see everything, a name that it does not see may be a view or routine that reads a masked column.</summary>
    private bool MayReadUnseen(MySqlStatement statement)
    {
        if (!_picture.SeesRelations && statement.Facts.Relations.Any(relation => !IsKnown(relation)))
            return true;
        // A procedure that is not in the picture is newer than it.
        if (statement.Facts.Kinds.HasFlag(StatementKinds.Code) && !statement.Calls.Any(call => _routines.IsKnown(call.Name)))
            return true;
        return !_picture.SeesRoutines && statement.Calls.Any(call => call.Qualifier is not null || !BuiltInFunctions.Contains(call.Name));
    }

    private bool IsKnown(Identifier relation) =>
        relation.Qualifier is { } schema
            ? _picture.Relations.ContainsKey((schema, relation.Name)) || IsServersOwn(schema)
            : _picture.Relations.Values.Any(one => one.Name == relation.Name);

    private static bool IsServersOwn(string schema) => schema is "information_schema" or "performance_schema" or "sys" or "mysql";

    /// <summary>A stored value may come from a masked column, unless it only changes that column itself: <c>SET email = lower(email)</c>.</summary>
    private bool ReadsMasked(Identifier read, WriteSource source, StatementFacts facts)
    {
        if (_maskedNames.Contains(read.Name))
            return !(read.Name == source.TargetColumn && IsMaskedColumn(source));
        // An assignment reads the row that it changes, by the names of its columns.
        var isRowWritten = source.TargetColumn is not null && read == source.Target && source.Reads.Count < facts.Identifiers.Count;
        return !isRowWritten && _taint.Names.Contains(read, facts.Identifiers, _picture.Schemas);
    }

    /// <summary>True when the column written is masked in every relation that the target can be.</summary>
    private bool IsMaskedColumn(WriteSource source)
    {
        if (source.Target is not { } target || source.TargetColumn is not { } column)
            return false;
        var relations = _picture.Relations.Values.Where(relation => relation.Name == target.Name && (target.Qualifier is null || relation.Schema == target.Qualifier));
        // What is stored in a column whose documents are masked in places may be stored elsewhere in them.
        return relations.All(relation => _masked.TryGetValue((relation.Schema, relation.Name, column), out var rule) && rule.Places is null);
    }
}
