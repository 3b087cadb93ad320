using WireGuardian.Postgres.Lineage;

namespace WireGuardian.Postgres.Catalog;

/// <summary>The functions of a picture, and the bodies that were found so far of those that it cannot vouch for.</summary>
/// <param name="functions">The picture's.</param>
/// <param name="found">Bodies by function; null where there is none to be followed.</param>
/// <param name="open">Functions whose bodies are being looked into: what calls itself is not followed.</param>
internal sealed class FollowingFunctions(LineageFunctions functions, IReadOnlyDictionary<uint, FunctionBody?> found, IReadOnlySet<uint> open) : ILineageFunctions
{
    /// <summary>Functions that may have a body, which has to be found before the lineage is whole.</summary>
    public HashSet<uint> Missing { get; } = [];

    public FunctionLineage OfFunction(uint function) => functions.OfFunction(function);

    public FunctionLineage OfOperator(uint operatorOid) => functions.OfOperator(operatorOid);

    public FunctionLineage OfConversion(uint sourceType, uint targetType) => functions.OfConversion(sourceType, targetType);

    public FunctionLineage? OfTriggers(uint relation) => functions.OfTriggers(relation);

    public bool HasPlaces(ColumnKey column) => functions.HasPlaces(column);

    public FunctionBody? BodyOf(uint function)
    {
        if (functions.LabelOf(function) is { } labelled)
            return labelled.Body;
        if (!functions.CanFollow(function))
            return null;
        if (found.TryGetValue(function, out var body))
            return body;
        if (!open.Contains(function))
            Missing.Add(function);
        return null;
    }
}
