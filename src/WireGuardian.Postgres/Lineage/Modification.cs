using WireGuardian.Postgres.Catalog;
using WireGuardian.Postgres.Lineage.Trees;

namespace WireGuardian.Postgres.Lineage;

/// <summary>What INSERT, UPDATE, MERGE and ON CONFLICT store, and what they choose rows by. A target is the number of its column.</summary>
internal sealed class Modification(TreeNode query, QueryScope scope, RangeTable rangeTable, Findings findings)
{
    public void Walk()
    {
        if (query.Number("commandType") == QueryCommand.Select)
            return;
        var target = rangeTable.Relation(query.Number("resultRelation"));
        Store(query.Nodes("targetList"), query.Number("commandType"), target);
        if (query.Node("onConflict") is { } conflict)
            WalkConflict(conflict, target);
        scope.Expressions.Collect(query["mergeJoinCondition"], scope.RowSources);
        foreach (var action in query.Nodes("mergeActionList"))
        {
            scope.Expressions.Collect(action["qual"], scope.RowSources);
            Store(action.Nodes("targetList"), action.Number("commandType"), target);
        }
    }

    private void WalkConflict(TreeNode conflict, uint target)
    {
        foreach (var field in (string[])["arbiterElems", "arbiterWhere", "onConflictWhere"])
            scope.Expressions.Collect(conflict[field], scope.RowSources);
        Store(conflict.Nodes("onConflictSet"), QueryCommand.Update, target);
    }

    private void Store(IEnumerable<TreeNode> targets, int command, uint relation)
    {
        foreach (var entry in targets)
        {
            var lineage = scope.Expressions.Of(entry);
            var column = entry.Number("resno");
            if (command is QueryCommand.Insert or QueryCommand.Update && relation != 0 && column is > 0 and <= short.MaxValue && !entry.IsTrue("resjunk"))
                findings.AddWrite(new ColumnKey(relation, (short)column), lineage);
        }
    }
}
