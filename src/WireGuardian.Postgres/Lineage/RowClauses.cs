using WireGuardian.Postgres.Lineage.Trees;

namespace WireGuardian.Postgres.Lineage;

/// <summary>The clauses beside WHERE that choose, group, count or order a query's rows.</summary>
internal sealed class RowClauses(TreeNode query, QueryScope scope)
{
    public void Walk()
    {
        scope.CollectSorted(query.Nodes("groupClause"), scope.RowSources);
        scope.CollectSorted(query.Nodes("distinctClause"), scope.RowSources);
        if (!query.Has("setOperations"))
            scope.CollectSorted(query.Nodes("sortClause"), scope.RowSources);
        foreach (var window in query.Nodes("windowClause"))
            scope.CollectWindow(window, scope.RowSources);
        scope.Expressions.Collect(query["havingQual"], scope.RowSources);
        foreach (var field in (string[])["limitOffset", "limitCount"])
            scope.Expressions.Collect(query[field], scope.Limits);
        scope.RowSources.Add(scope.Limits.ToLineage());
        foreach (var option in query.Nodes("withCheckOptions"))
            scope.Expressions.Collect(option["qual"], scope.RowSources);
    }
}
