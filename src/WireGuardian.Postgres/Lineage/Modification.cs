using WireGuardian.Postgres.Catalog;
using WireGuardian.Postgres.Lineage.Trees;

namespace WireGuardian.Postgres.Lineage;

/// <summary>What INSERT, UPDATE, MERGE and ON CONFLICT store, and what they choose rows by. A target is the number of its column.</summary>
internal sealed class Modification(TreeNode query, QueryScope scope, RangeTable rangeTable, Findings findings)
{
    private readonly Dictionary<int, ColumnLineage> _stored = [];

    /// <summary>The target's number in the range table; 0 for a SELECT.</summary>
    public int Target { get; } = query.Number("commandType") == QueryCommand.Select ? 0 : query.Number("resultRelation");

    public void Walk()
    {
        if (query.Number("commandType") == QueryCommand.Select)
            return;
        var target = rangeTable.Relation(Target);
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

    /// <summary>
    /// A column of the row that RETURNING shows: what was there, or what this very statement has stored, or what triggers made of the row. Attribute 0 is the whole row.
    /// </summary>
    public ColumnLineage Returned(int attribute)
    {
        var triggers = findings.OfTriggers(rangeTable.Relation(Target));
        if (triggers == FunctionLineage.ReadsElsewhere)
            return ColumnLineage.Unknown("a trigger may read elsewhere");
        if (attribute != 0 && triggers is null)
            return Stored(attribute);
        var row = new Sources();
        foreach (var each in rangeTable.Attributes(Target))
            row.Add(Stored(each));
        return row.ToLineage();
    }

    private ColumnLineage Stored(int attribute)
    {
        var column = rangeTable.Column(Target, attribute);
        return _stored.TryGetValue(attribute, out var stored) ? column.Or(stored) : column;
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
            if (command is not (QueryCommand.Insert or QueryCommand.Update) || relation == 0 || column is <= 0 or > short.MaxValue || entry.IsTrue("resjunk"))
                continue;
            findings.AddWrite(new ColumnKey(relation, (short)column), lineage);
            _stored[column] = _stored.TryGetValue(column, out var before) ? before.Or(lineage) : lineage;
        }
    }
}
