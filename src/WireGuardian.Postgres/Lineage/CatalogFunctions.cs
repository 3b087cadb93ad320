using WireGuardian.Postgres.Catalog;

namespace WireGuardian.Postgres.Lineage;

/// <summary>
/// Functions as the catalog has them. What comes with the server computes from its arguments, but for the readers (<see cref="BuiltInReaders"/>) and what counts. A user's
/// routine computes from its arguments too where it cannot come by a masked column (<see cref="Taint"/>): what else it reads, no rule masks.
/// </summary>
/// <param name="readers">OIDs of the built-in readers.</param>
/// <param name="untainted">OIDs of the users' routines that cannot reach a masked column; those not among them may.</param>
/// <param name="untaintedOperators">OIDs of the users' operators by such routines.</param>
/// <param name="hasTaintedCast">
/// True where a cast runs a routine that may reach a masked column. Built-in functions call casts without a sign in the tree (to_json and its kin), so then none is trusted.
/// </param>
internal sealed class CatalogFunctions(
    IReadOnlySet<uint> readers, IReadOnlySet<uint> untainted, IReadOnlySet<uint> untaintedOperators, bool hasTaintedCast) : ILineageFunctions
{
    /// <summary>count(*), count("any") and regr_count: OIDs of pg_proc.dat, the same in all versions.</summary>
    private const uint CountStar = 2803;
    private const uint CountAny = 2147;
    private const uint RegrCount = 2818;

    public FunctionLineage OfFunction(uint function)
    {
        if (function is CountStar or CountAny or RegrCount)
            return FunctionLineage.Counts;
        var computes = function < CatalogPicture.FirstUserOid ? !readers.Contains(function) && !hasTaintedCast : untainted.Contains(function);
        return computes ? FunctionLineage.Computes : FunctionLineage.ReadsElsewhere;
    }

    public FunctionLineage OfOperator(uint operatorOid) =>
        operatorOid is > 0 and < CatalogPicture.FirstUserOid || untaintedOperators.Contains(operatorOid) ? FunctionLineage.Computes : FunctionLineage.ReadsElsewhere;

    public FunctionLineage OfConversion(uint sourceType, uint targetType) => hasTaintedCast ? FunctionLineage.ReadsElsewhere : FunctionLineage.Computes;
}
