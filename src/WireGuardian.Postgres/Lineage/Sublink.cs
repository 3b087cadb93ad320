using WireGuardian.Postgres.Lineage.Trees;

namespace WireGuardian.Postgres.Lineage;

/// <summary>A sub-select that stands in an expression.</summary>
internal sealed record Sublink(int Kind, int Id, IReadOnlyList<ColumnLineage> Columns, ColumnLineage RowSources)
{
    /// <summary>SUBLINK's subLinkType.</summary>
    private const int Exists = 0;
    private const int Expression = 4;
    private const int Multiexpr = 5;

    /// <summary>Only whether it has a row: that depends on what chooses its rows and not on its columns.</summary>
    public bool IsExists => Kind == Exists;

    /// <summary>Its value is the value of its one column as it stands.</summary>
    public bool IsScalar => Kind == Expression;

    /// <summary>The source of <c>SET (a, b) = (SELECT …)</c>.</summary>
    public bool IsMultiexpr => Kind == Multiexpr;

    public static Sublink Walk(TreeNode node, QueryScope around, Findings findings)
    {
        if (node.Node("subselect") is not { Label: "QUERY" } query)
            return new Sublink(node.Number("subLinkType"), node.Number("subLinkId"), [ColumnLineage.Unknown("a sub-select that is none")], ColumnLineage.Unknown("a sub-select that is none"));
        var inner = new QueryScope(query, around, findings);
        var columns = inner.Walk();
        around.RowSources.Add(inner.RowSources.ToLineage());
        return new Sublink(node.Number("subLinkType"), node.Number("subLinkId"), columns, inner.RowSources.ToLineage());
    }
}
