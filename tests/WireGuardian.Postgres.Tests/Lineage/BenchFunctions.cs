using WireGuardian.Postgres.Catalog;
using WireGuardian.Postgres.Lineage;

namespace WireGuardian.Postgres.Tests.Lineage;

/// <summary>Functions as the tests' schemas mean them: a user's whose name begins with <c>tainted</c> reads elsewhere, the others compute from their arguments.</summary>
internal sealed class BenchFunctions : ILineageFunctions
{
    private const uint CountStar = 2803;
    private const uint CountAny = 2147;
    private const uint RegrCount = 2818;
    private const uint NumNulls = 438;

    /// <summary>OIDs of the built-in readers.</summary>
    public IReadOnlySet<uint> Readers { get; init; } = new HashSet<uint>();

    /// <summary>OIDs of the users' functions, and of the operators by them, that compute.</summary>
    public IReadOnlySet<uint> Computing { get; init; } = new HashSet<uint>();

    /// <summary>By relation, what its triggers make rows of.</summary>
    public IReadOnlyDictionary<uint, FunctionLineage> Triggers { get; init; } = new Dictionary<uint, FunctionLineage>();

    public FunctionLineage OfFunction(uint function) => function switch
    {
        CountStar or CountAny or RegrCount or NumNulls => FunctionLineage.Counts,
        < CatalogPicture.FirstUserOid when !Readers.Contains(function) => FunctionLineage.Computes,
        _ => Computing.Contains(function) ? FunctionLineage.Computes : FunctionLineage.ReadsElsewhere,
    };

    public FunctionLineage OfOperator(uint operatorOid) =>
        operatorOid is > 0 and < CatalogPicture.FirstUserOid || Computing.Contains(operatorOid) ? FunctionLineage.Computes : FunctionLineage.ReadsElsewhere;

    public FunctionLineage OfConversion(uint sourceType, uint targetType) => FunctionLineage.Computes;

    public FunctionLineage? OfTriggers(uint relation) => Triggers.TryGetValue(relation, out var lineage) ? lineage : null;
}
