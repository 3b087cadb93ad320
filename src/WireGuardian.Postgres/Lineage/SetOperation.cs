using WireGuardian.Postgres.Catalog;
using WireGuardian.Postgres.Lineage.Trees;

namespace WireGuardian.Postgres.Lineage;

/// <summary>UNION, INTERSECT and EXCEPT: columns by their position.</summary>
internal sealed class SetOperation(QueryScope scope, RangeTable rangeTable, Findings findings)
{
    /// <summary>SETOPERATIONSTMT's op.</summary>
    private const int Union = 1;
    private const int Except = 3;

    public IReadOnlyList<ColumnLineage> Columns(TreeNode item)
    {
        findings.Step();
        if (item.Label == "RANGETBLREF")
            return rangeTable.Columns(item.Number("rtindex")) ?? [ColumnLineage.Unknown("a branch of a set operation that is not there")];
        if (item.Label != "SETOPERATIONSTMT" || item.Node("larg") is not { } larg || item.Node("rarg") is not { } rarg)
            return [ColumnLineage.Unknown($"a set operation of type {item.Label}")];

        var types = item.Oids("colTypes");
        var left = Converted(larg, Columns(larg), types);
        var right = Converted(rarg, Columns(rarg), types);
        var kind = item.Number("op");

        // All but UNION ALL compare rows as wholes to choose among them.
        if (kind != Union || !item.IsTrue("all"))
        {
            foreach (var column in left.Concat(right))
                scope.RowSources.Add(column);
        }

        // What EXCEPT shows is never of the right side.
        return kind == Except ? left : types.Select((_, index) => At(left, index).Or(At(right, index))).ToArray();
    }

    private static ColumnLineage At(IReadOnlyList<ColumnLineage> columns, int index) =>
        index < columns.Count ? columns[index] : ColumnLineage.Unknown("a branch of a set operation that lacks a column");

    /// <summary>The planner converts branches to the common type by itself; only a user's type can have a conversion that is more than that.</summary>
    private ColumnLineage[] Converted(TreeNode branch, IReadOnlyList<ColumnLineage> columns, IReadOnlyList<uint> types)
    {
        var own = branch.Label == "SETOPERATIONSTMT" ? branch.Oids("colTypes") : rangeTable.Types(branch.Number("rtindex"));
        return types.Select((type, index) => IsSafe(own.ElementAtOrDefault(index), type) ? At(columns, index) : ColumnLineage.Unknown($"a conversion to type {type}")).ToArray();
    }

    private bool IsSafe(uint source, uint target) =>
        source == target
        || (source is > 0 and < CatalogPicture.FirstUserOid && target < CatalogPicture.FirstUserOid)
        || findings.OfConversion(source, target) == FunctionLineage.Computes;
}
