using WireGuardian.Postgres.Lineage.Trees;

namespace WireGuardian.Postgres.Lineage;

/// <summary>The type (pg_type OID) of an expression, as far as its node tells.</summary>
internal static class ExpressionType
{
    private const uint Boolean = 16;

    /// <summary>The field that holds a node's type, by the names that versions give it; a node has one of them.</summary>
    private static readonly string[] Fields =
    [
        "vartype", "consttype", "paramtype", "funcresulttype", "opresulttype", "resulttype", "aggtype", "wintype", "casetype", "coalescetype", "minmaxtype",
        "array_typeid", "row_typeid", "type", "typeId", "refrestype",
    ];

    /// <summary>0 where it does not tell.</summary>
    public static uint Of(TreeItem item)
    {
        if (item is not TreeNode node)
            return 0;
        if (node.Label is "BOOLEXPR" or "NULLTEST" or "BOOLEANTEST" or "SCALARARRAYOPEXPR")
            return Boolean;
        if (node.Label is "COLLATEEXPR" or "COLLATE")
            return Of(node["arg"]);
        if (node.Label == "SUBLINK")
            return node.Node("subselect")?.Nodes("targetList").FirstOrDefault() is { } first && node.Number("subLinkType") == 4 ? Of(first["expr"]) : 0;
        return Fields.Where(node.Has).Select(node.Oid).FirstOrDefault();
    }
}
