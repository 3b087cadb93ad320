using System.Collections.Frozen;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;

namespace WireGuardian.Postgres.Catalog;

/// <summary>A database as it concerns principals that the same rules mask something for.</summary>
internal sealed class PostgresView : ICatalogView
{
    private static readonly string[] CommonOperators = ["+", "-", "*", "/", "%", "^", "=", "<>", "<", ">", "<=", ">="];

    private readonly CatalogPicture _picture;
    private readonly RoutineKinds _routineKinds;
    private readonly Taint _taint;
    private readonly FrozenDictionary<ColumnKey, ColumnResolution> _columns;
    private readonly FrozenDictionary<uint, ColumnResolution> _defaults;
    private readonly FrozenSet<string> _columnNames;
    private readonly FrozenDictionary<string, FrozenSet<Identifier>> _maskedColumnsByTable;
    private readonly RowTriggers _triggers;
    private readonly RowRoutines _rowRoutines;
    private readonly FrozenSet<uint> _maskingViews;

    private PostgresView(
        CatalogPicture picture,
        RoutineKinds routineKinds,
        Taint taint,
        Dictionary<ColumnKey, ColumnResolution> columns,
        Dictionary<uint, ColumnResolution> defaults)
    {
        _picture = picture;
        _routineKinds = routineKinds;
        _taint = taint;
        _columns = columns.ToFrozenDictionary();
        _defaults = defaults.ToFrozenDictionary();
        var names = NamesOf(picture, columns);
        _columnNames = names.Values.ToFrozenSet(StringComparer.Ordinal);
        var relations = columns.Where(column => column.Value.Origin is not ColumnOrigin.Unmasked).Select(column => column.Key.Relation).ToHashSet();
        // What is stored in a column whose documents are masked in places may be stored elsewhere in them.
        var masked = names.Where(name => columns[name.Key] is { Origin: ColumnOrigin.Masked, Rule.Places: null }).ToList();
        _triggers = RowTriggers.Find(
            picture, taint, routineKinds.LeavesValuesBehind, _columnNames, masked.ToLookup(column => column.Key.Relation, column => column.Value), relations.Contains);
        _rowRoutines = RowRoutines.Find(picture, taint, routineKinds, relations.Contains);
        _maskedColumnsByTable = TablesOf(picture, masked);
        _maskingViews = columns.Where(column => column.Value.Origin is ColumnOrigin.Masked && IsOfUnmasked(column.Key)).Select(column => column.Key.Relation).ToFrozenSet();
    }

    /// <summary>Concludes, from the picture, what the rules in <paramref name="effective"/> mask.</summary>
    public static PostgresView Create(CatalogPicture picture, RoutineKinds routineKinds, IReadOnlyList<MaskingRule> effective)
    {
        var rules = effective.ToHashSet<MaskingRule>(ReferenceEqualityComparer.Instance);
        var tables = InheritedMasks.Compute(picture, rules);
        var masked = new Dictionary<ColumnKey, MaskingRule>(tables);
        foreach (var key in picture.ValueColumns)
            masked[key] = BuiltInReaders.Rule;
        var filled = picture.Filled.Select(column => (column.Key, Rule: ColumnRules.Effective(column.Rule, rules.Contains)))
            .Where(column => column.Rule is not null).ToDictionary(column => column.Key, column => column.Rule!);
        var taint = Taint.Compute(picture, masked.Keys.Select(key => key.Relation));
        var harmless = filled.Keys.Select(key => key.Relation).Where(relation => !taint.Relations.Contains(relation)).ToHashSet();
        if (harmless.Count > 0)
            taint = Taint.Compute(picture, masked.Keys.Concat(filled.Keys).Select(key => key.Relation));
        var columns = new ViewColumns(picture, taint, masked, filled, harmless, [.. effective, BuiltInReaders.Rule]);
        return new PostgresView(picture, routineKinds, taint, columns.Resolve(), columns.Defaults());
    }

    public bool MasksNothing => false;

    public ColumnResolution Resolve(uint relation, short attribute)
    {
        if (_columns.TryGetValue(new ColumnKey(relation, attribute), out var column) || _defaults.TryGetValue(relation, out column))
            return column;
        if (relation < CatalogPicture.FirstUserOid)
            return default;
        // A column that was added since is as unknown as a relation that was.
        return _picture.Relations.TryGetValue(relation, out var known) && attribute <= known.Columns
            ? new ColumnResolution(ColumnOrigin.Unmasked, null, known.IsView)
            : new ColumnResolution(ColumnOrigin.Unknown, null, ThroughView: false);
    }

    public bool MasksMoreThanItReads(uint view) => _maskingViews.Contains(view);

    /// <summary>True for a view's column that is not a masked column of what the view reads.</summary>
    private bool IsOfUnmasked(ColumnKey column)
    {
        if (!_picture.Relations.TryGetValue(column.Relation, out var relation) || relation.Kind != 'v')
            return false;
        return !_picture.Views.TryGetValue(column.Relation, out var origins) || column.Attribute > origins.Columns.Count
            || origins.Columns[column.Attribute - 1] is var origin && (origin.Relation == 0 || Resolve(origin.Relation, origin.Attribute) is not { Origin: ColumnOrigin.Masked } below
                || (below.Rule!.Parts is not null && !ReferenceEquals(below.Rule, Resolve(column.Relation, column.Attribute).Rule)));
    }

    public bool Involves(StatementFacts facts)
    {
        if (facts.IsOpaque)
            return true;
        var writes = (facts.Kinds & ~(StatementKinds.Select | StatementKinds.Explain | StatementKinds.Session | StatementKinds.Transaction)) != 0;
        foreach (var identifier in facts.Identifiers)
        {
            if (IsTainted(identifier, facts) || (writes && _taint.WrittenNames.Contains(identifier, facts.Identifiers, _picture.Schemas)))
                return true;
        }
        return NamesTaintedOperator(facts);
    }

    public bool Copies(StatementFacts facts)
    {
        if (CopiesByCode(facts))
            return true;
        var involves = Involves(facts);
        foreach (var source in facts.WriteSources)
        {
            // The relations that a query reads whole rows of are among its Reads; those of an assignment may stand elsewhere in the statement.
            var isQuery = source.TargetColumn is null && !facts.Kinds.HasFlag(StatementKinds.Merge);
            if ((source.ReadsWholeRow && involves && !isQuery) || source.Reads.Any(read => ReadsMasked(read, source, facts)))
                return true;
        }
        return facts.WriteSources.Count > 0 && NamesTaintedOperator(facts);
    }

    public bool CopiesByCode(StatementFacts facts)
    {
        // A routine that writes may write what it is given, by whichever way its argument comes to it.
        if (facts.IsOpaque || (_routineKinds.LeavesValuesBehind(facts) && Involves(facts)))
            return true;
        if (_rowRoutines.MayFeed(facts) || _rowRoutines.MayRunLeaving(facts))
            return true;
        return facts.Identifiers.Any(identifier => _taint.CopyingNames.Contains(identifier, facts.Identifiers, _picture.Schemas)
            || _triggers.Routines.Contains(identifier, facts.Identifiers, _picture.Schemas)
            || ((facts.Kinds & RowTriggers.Writes) != StatementKinds.None && _triggers.Tables.Contains(identifier, facts.Identifiers, _picture.Schemas)));
    }

    public bool NamesMasked(Identifier identifier, StatementFacts facts) => IsTainted(identifier, facts);

    public bool LeavesValuesBehind(StatementFacts facts) => _routineKinds.LeavesValuesBehind(facts);

    public bool MakesLeaving(StatementFacts facts) => _routineKinds.MakesLeaving(facts);

    public bool NamesMaskedColumn(IReadOnlySet<Identifier> names) =>
        names.Any(name => _columnNames.Contains(name.Name) || BuiltInReaders.Contains(name.Name) || _taint.Names.Contains(name, names, _picture.Schemas));

    public bool HasRoutine(string name) => _routineKinds.Has(name);

    public StatementKinds KindsOfRoutines(StatementFacts facts) => _routineKinds.Of(facts);

    public StatementKinds KindsOfTriggers(StatementFacts facts) => _routineKinds.OfTriggers(facts);

    private bool IsTainted(Identifier identifier, StatementFacts facts) =>
        BuiltInReaders.Contains(identifier.Name) || _taint.Names.Contains(identifier, facts.Identifiers, _picture.Schemas);

    /// <summary>Where somebody made one of the common operators, which are not among a statement's facts, every statement may use it.</summary>
    private bool NamesTaintedOperator(StatementFacts facts) =>
        _taint.Symbols.Count > 0 && (_taint.Symbols.Overlaps(facts.Operators) || _taint.Symbols.Overlaps(CommonOperators));

    /// <summary>A stored value may come from a masked column, unless it only changes that column itself: <c>SET email = lower(email)</c>.</summary>
    private bool ReadsMasked(Identifier read, WriteSource source, StatementFacts facts) =>
        IsTainted(read, facts)
            ? !IsRowWritten(read, source, facts)
            : _columnNames.Contains(read.Name) && !(read.Name == source.TargetColumn && IsMaskedColumn(source));

    /// <summary>
    /// An assignment reads the row that it changes, by the names of its columns. Where the source is all that the statement names, as with a statement in WITH,
    /// the relation may have been read otherwise.
    /// </summary>
    private static bool IsRowWritten(Identifier read, WriteSource source, StatementFacts facts) =>
        source.TargetColumn is not null && read == source.Target && source.Reads.Count < facts.Identifiers.Count;

    /// <summary>True when the column written is masked in every relation that the target can be.</summary>
    private bool IsMaskedColumn(WriteSource source) =>
        source.Target is { } target && source.TargetColumn is { } column && _maskedColumnsByTable.TryGetValue(target.Name, out var masked)
        && masked.Contains(new Identifier(target.Qualifier, column));

    /// <summary>The names of all columns of users' relations that are masked or computed from masked ones.</summary>
    private static Dictionary<ColumnKey, string> NamesOf(CatalogPicture picture, Dictionary<ColumnKey, ColumnResolution> columns)
    {
        var names = picture.Bound.ToDictionary(column => column.Key, column => column.Name);
        foreach (var (relation, namesakes) in picture.NamesakeColumns)
        {
            foreach (var (name, attribute) in namesakes)
                names[new ColumnKey(relation, attribute)] = name;
        }
        foreach (var (key, name) in picture.ViewColumnNames)
            names[key] = name;
        foreach (var column in picture.GeneratedColumns.Values)
            names[column.Key] = column.Name;
        return names.Where(name => columns.TryGetValue(name.Key, out var column) && column.Origin is not ColumnOrigin.Unmasked).ToDictionary();
    }

    /// <summary>
    /// For each table name the masked columns, as <c>schema.column</c>, and as <c>column</c> alone where the column is masked in every relation of that name.
    /// </summary>
    private static FrozenDictionary<string, FrozenSet<Identifier>> TablesOf(CatalogPicture picture, IEnumerable<KeyValuePair<ColumnKey, string>> names)
    {
        var namesakes = picture.Relations.Values.GroupBy(relation => relation.Name, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count());
        return names
            .Where(column => picture.Relations.ContainsKey(column.Key.Relation))
            .Select(column => (Relation: picture.Relations[column.Key.Relation], Column: column.Value))
            .GroupBy(column => column.Relation.Name, StringComparer.Ordinal)
            .ToFrozenDictionary(
                table => table.Key,
                table => table.Select(column => new Identifier(column.Relation.Schema, column.Column))
                    .Concat(table.GroupBy(column => column.Column, StringComparer.Ordinal)
                        .Where(group => group.Count() == namesakes[table.Key])
                        .Select(group => new Identifier(null, group.Key)))
                    .ToFrozenSet(),
                StringComparer.Ordinal);
    }
}
