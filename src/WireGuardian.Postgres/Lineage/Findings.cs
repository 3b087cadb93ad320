using System.Runtime.CompilerServices;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Proxy;

namespace WireGuardian.Postgres.Lineage;

/// <summary>What is gathered along the walk through all the queries of one statement, and how far the walk may go.</summary>
internal sealed class Findings(ILineageFunctions functions)
{
    /// <summary>Nodes looked at, those looked at again by the rounds of recursive queries included. A page of SQL has some hundreds.</summary>
    private const int MostSteps = 3_000_000;

    private readonly Dictionary<ColumnKey, ColumnLineage> _writes = [];
    private readonly HashSet<uint> _relations = [];
    private readonly HashSet<uint> _functions = [];
    private int _steps;

    public IReadOnlySet<uint> Relations => _relations;

    public IReadOnlySet<uint> Functions => _functions;

    public IReadOnlyList<StoredColumn> Writes =>
        _writes.Select(write => new StoredColumn(write.Key, write.Value)).OrderBy(write => write.Target.Relation).ThenBy(write => write.Target.Attribute).ToArray();

    /// <summary>Counts a step downwards. Throws <see cref="ProtocolException"/> where the walk would not end soon or the stack not hold it.</summary>
    public void Step()
    {
        if (++_steps > MostSteps || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new ProtocolException(ProtocolFault.Server, "a query tree is too deep or too large to be followed");
    }

    public void AddRelation(uint relation)
    {
        if (relation != 0)
            _relations.Add(relation);
    }

    public void AddWrite(ColumnKey target, ColumnLineage stored) =>
        _writes[target] = _writes.TryGetValue(target, out var before) ? before.Or(stored) : stored;

    public FunctionLineage OfFunction(uint function)
    {
        _functions.Add(function);
        return functions.OfFunction(function);
    }

    public FunctionLineage OfOperator(uint operatorOid) => functions.OfOperator(operatorOid);

    public FunctionLineage OfConversion(uint sourceType, uint targetType) => functions.OfConversion(sourceType, targetType);

    public FunctionLineage? OfTriggers(uint relation) => functions.OfTriggers(relation);
}
