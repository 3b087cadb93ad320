using System.Runtime.CompilerServices;
using WireGuardian.Core.Policies;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Proxy;

namespace WireGuardian.Postgres.Lineage;

/// <summary>What is gathered along the walk through all the queries of one statement, and how far the walk may go.</summary>
/// <param name="functions">What is known of functions.</param>
/// <param name="isBody">The statement is a function's body: what comes from its parameters is to be told.</param>
internal sealed class Findings(ILineageFunctions functions, bool isBody = false)
{
    /// <summary>Nodes looked at, those looked at again by the rounds of recursive queries included. A page of SQL has some hundreds.</summary>
    private const int MostSteps = 3_000_000;

    private readonly Dictionary<ColumnKey, ColumnLineage> _writes = [];
    private readonly HashSet<uint> _relations = [];
    private readonly HashSet<uint> _functions = [];
    private readonly HashSet<ColumnKey> _reads = [];
    private readonly HashSet<FunctionLabel> _labels = [];
    private int _steps;

    public IReadOnlySet<uint> Relations => _relations;

    public IReadOnlySet<uint> Functions => _functions;

    public IReadOnlySet<ColumnKey> Reads => _reads;

    /// <summary>Entries of the configuration by which calls were followed.</summary>
    public IReadOnlySet<FunctionLabel> Labels => _labels;

    /// <summary>What the statement's constants are has decided about the lineage: which parts of documents it takes.</summary>
    public bool MindsConstants { get; private set; }

    /// <summary>A function's result was followed to columns that the statement does not name.</summary>
    public bool SeesThrough { get; private set; }

    /// <summary>A function is called that reads what its arguments do not say, and that was not followed.</summary>
    public bool ReadsElsewhere => _functions.Any(function => functions.OfFunction(function) == FunctionLineage.ReadsElsewhere);

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

    public void AddRead(ColumnKey column) => _reads.Add(column);

    public void AddWrite(ColumnKey target, ColumnLineage stored) =>
        _writes[target] = _writes.TryGetValue(target, out var before) ? before.Or(stored) : stored;

    public FunctionLineage OfFunction(uint function)
    {
        _functions.Add(function);
        return functions.OfFunction(function);
    }

    /// <summary>Of a parameter of the statement, counted from 1: a value that the client gives, unless it is a function's.</summary>
    public ColumnLineage OfParameter(int number) =>
        !isBody ? ColumnLineage.Nothing
        : number is > 0 and <= short.MaxValue ? FunctionBody.Parameter(number)
        : ColumnLineage.Unknown("a parameter that no function has");

    /// <summary>What is known of a function that may read elsewhere.</summary>
    public FunctionBody? BodyOf(uint function) => functions.OfFunction(function) == FunctionLineage.ReadsElsewhere ? functions.BodyOf(function) : null;

    /// <summary>A call was followed: what its body names the statement names.</summary>
    public void Follow(FunctionBody body)
    {
        _functions.UnionWith(body.Functions);
        _relations.UnionWith(body.Relations);
        _reads.UnionWith(body.Reads);
        if (body.Label is { } label)
            _labels.Add(label);
        SeesThrough |= body.Columns.Any(column => column.Columns.Any(key => key.Relation != 0));
    }

    /// <summary>True for a column of whose documents it matters which part is taken; from then on the statement's constants matter.</summary>
    public bool TakesPartOf(ColumnKey column)
    {
        var has = functions.HasPlaces(column.Whole);
        MindsConstants |= has;
        return has;
    }

    public FunctionLineage OfOperator(uint operatorOid) => functions.OfOperator(operatorOid);

    public FunctionLineage OfConversion(uint sourceType, uint targetType) => functions.OfConversion(sourceType, targetType);

    public FunctionLineage? OfTriggers(uint relation) => functions.OfTriggers(relation);
}
