using System.Collections.Frozen;
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
    private readonly FrozenDictionary<(uint Source, uint Target), uint> _casts;
    private readonly CatalogPicture _picture;

    /// <param name="picture">The database.</param>
    /// <param name="taint">What may read a column that is masked for anybody.</param>
    public LineageFunctions(CatalogPicture picture, Taint taint)
    {
        _picture = picture;
        _readers = picture.Readers;
        _computing = picture.Routines.Select(routine => routine.Oid).Where(oid => !taint.Routines.Contains(oid)).ToFrozenSet();
        _operators = picture.Operators.ToFrozenDictionary(one => one.Oid);
        _casts = picture.Casts.ToFrozenDictionary(cast => (cast.Source, cast.Target), cast => cast.Function);
    }

    /// <inheritdoc/>
    public FunctionLineage OfFunction(uint function)
    {
        if (function >= CatalogPicture.FirstUserOid)
            return _computing.Contains(function) ? FunctionLineage.Computes : FunctionLineage.ReadsElsewhere;
        if (_readers.Contains(function))
            return FunctionLineage.ReadsElsewhere;
        return Counting.Contains(function) ? FunctionLineage.Counts : FunctionLineage.Computes;
    }

    /// <inheritdoc/>
    public FunctionLineage OfOperator(uint operatorOid)
    {
        if (operatorOid < CatalogPicture.FirstUserOid)
            return FunctionLineage.Computes;
        return _operators.TryGetValue(operatorOid, out var known) && !known.IsReader ? OfFunction(known.Function) : FunctionLineage.ReadsElsewhere;
    }

    /// <inheritdoc/>
    public FunctionLineage OfConversion(uint sourceType, uint targetType)
    {
        foreach (var (types, function) in _casts)
        {
            if (types.Target == targetType && (types.Source == sourceType || sourceType == 0) && OfFunction(function) != FunctionLineage.Computes)
                return FunctionLineage.ReadsElsewhere;
        }
        return FunctionLineage.Computes;
    }

    /// <inheritdoc/>
    public FunctionLineage? OfTriggers(uint relation)
    {
        var written = new HashSet<uint> { relation };
        // A row goes to the partition that it belongs in, and its triggers run.
        for (var grew = true; grew;)
        {
            grew = false;
            foreach (var edge in _picture.Inheritance)
                grew |= written.Contains(edge.Parent) && written.Add(edge.Child);
        }
        FunctionLineage? worst = null;
        foreach (var trigger in _picture.RowTriggers.Where(trigger => written.Contains(trigger.Relation)))
            worst = worst == FunctionLineage.ReadsElsewhere ? worst : OfFunction(trigger.Function);
        return worst is null or FunctionLineage.Computes ? worst : FunctionLineage.ReadsElsewhere;
    }
}
