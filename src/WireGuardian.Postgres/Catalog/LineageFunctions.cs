using System.Collections.Frozen;
using WireGuardian.Core.Policies;
using WireGuardian.Postgres.Lineage;

namespace WireGuardian.Postgres.Catalog;

/// <summary>
/// What the results of functions are made of: those that come with the server of their arguments, but for the readers; a user's too, unless it may read a
/// masked column or cannot be seen through. What is in no picture reads elsewhere.
/// </summary>
internal sealed class LineageFunctions : ILineageFunctions
{
    /// <summary>count(any), count(*), num_nonnulls and num_nulls: the same OIDs in every version.</summary>
    private static readonly FrozenSet<uint> Counting = new uint[] { 2147, 2803, 440, 438 }.ToFrozenSet();

    private readonly IReadOnlySet<uint> _readers;
    private readonly FrozenSet<uint> _computing;
    private readonly FrozenDictionary<uint, Operator> _operators;
    private readonly FrozenDictionary<uint, FunctionLineage> _triggers;
    private readonly FrozenSet<uint> _inSql;
    private readonly FrozenDictionary<uint, LabelledFunction> _labels;
    private readonly FrozenSet<ColumnKey> _withPlaces;

    /// <summary>A cast may reach a masked column. Functions that come with the server (to_json and its kin) call casts without a sign in the tree: then none is trusted.</summary>
    private readonly bool _hasTaintedCast;

    /// <param name="picture">The database.</param>
    /// <param name="taint">What may read a column that is masked for anybody.</param>
    public LineageFunctions(CatalogPicture picture, Taint taint)
    {
        _readers = picture.Readers;
        _inSql = picture.Routines.Where(routine => routine.IsSql).Select(routine => routine.Oid).ToFrozenSet();
        _labels = picture.FunctionLabels.ToFrozenDictionary(one => one.Key, one => new LabelledFunction(one.Value));
        _withPlaces = picture.MaskedColumns().Where(column => column.Value.Places is not null).Select(column => column.Key).ToFrozenSet();
        _computing = picture.Routines.Select(routine => routine.Oid).Where(oid => !taint.Routines.Contains(oid)).ToFrozenSet();
        _operators = picture.Operators.ToFrozenDictionary(one => one.Oid);
        _hasTaintedCast = picture.Casts.Any(cast => taint.Routines.Contains(cast.Function));
        _triggers = TriggersOf(picture).ToFrozenDictionary();
    }

    /// <inheritdoc/>
    public FunctionLineage OfFunction(uint function)
    {
        if (_labels.TryGetValue(function, out var labelled))
            return labelled.Label.Result == FunctionResult.Arguments ? FunctionLineage.Computes : FunctionLineage.ReadsElsewhere;
        if (function >= CatalogPicture.FirstUserOid)
            return _computing.Contains(function) ? FunctionLineage.Computes : FunctionLineage.ReadsElsewhere;
        if (_readers.Contains(function) || (_hasTaintedCast && !Counting.Contains(function)))
            return FunctionLineage.ReadsElsewhere;
        return Counting.Contains(function) ? FunctionLineage.Counts : FunctionLineage.Computes;
    }

    /// <summary>True for a function whose body can be asked for.</summary>
    public bool CanFollow(uint function) => _inSql.Contains(function);

    /// <summary>What the configuration says of a function; null where it says nothing.</summary>
    public LabelledFunction? LabelOf(uint function) => _labels.TryGetValue(function, out var labelled) ? labelled : null;

    /// <inheritdoc/>
    public FunctionLineage OfOperator(uint operatorOid)
    {
        if (operatorOid < CatalogPicture.FirstUserOid)
            return FunctionLineage.Computes;
        return _operators.TryGetValue(operatorOid, out var known) && !known.IsReader ? OfFunction(known.Function) : FunctionLineage.ReadsElsewhere;
    }

    /// <inheritdoc/>
    public FunctionLineage OfConversion(uint sourceType, uint targetType) => _hasTaintedCast ? FunctionLineage.ReadsElsewhere : FunctionLineage.Computes;

    /// <inheritdoc/>
    public bool HasPlaces(ColumnKey column) => _withPlaces.Contains(column);

    /// <inheritdoc/>
    public FunctionLineage? OfTriggers(uint relation) => _triggers.TryGetValue(relation, out var triggers) ? triggers : null;

    /// <summary>A row that a parent's name writes may be a child's, and go through its triggers.</summary>
    private Dictionary<uint, FunctionLineage> TriggersOf(CatalogPicture picture)
    {
        var triggers = new Dictionary<uint, FunctionLineage>();
        foreach (var trigger in picture.RowTriggers)
            Add(trigger.Relation, OfFunction(trigger.Function));
        bool grew;
        do
        {
            grew = false;
            foreach (var edge in picture.Inheritance)
            {
                grew |= triggers.TryGetValue(edge.Child, out var child) && Add(edge.Parent, child);
                grew |= triggers.TryGetValue(edge.Parent, out var parent) && Add(edge.Child, parent);
            }
        }
        while (grew);
        return triggers;

        bool Add(uint relation, FunctionLineage lineage)
        {
            var worst = lineage == FunctionLineage.ReadsElsewhere ? lineage : FunctionLineage.Computes;
            if (triggers.TryGetValue(relation, out var known) && (known == worst || known == FunctionLineage.ReadsElsewhere))
                return false;
            triggers[relation] = worst;
            return true;
        }
    }
}
