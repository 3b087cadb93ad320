using WireGuardian.Postgres.Lineage.Trees;

namespace WireGuardian.Postgres.Lineage;

/// <summary>
/// One QUERY node: a SELECT, a branch of a UNION, a subquery, a view as the server expanded it, a statement in WITH. Its expressions name what is in its range
/// table, and through it what is around it.
/// </summary>
internal sealed class QueryScope
{
    /// <summary>VAR's varreturningtype, since PostgreSQL 18.</summary>
    private const int ReturningOld = 1;

    private readonly TreeNode _query;
    private readonly QueryScope? _around;
    private readonly Findings _findings;
    private readonly RangeTable _rangeTable;
    private readonly CommonTables _commonTables;
    private readonly Modification _modification;
    private readonly Dictionary<int, ColumnLineage> _windows = [];
    private bool _isReturning;

    public QueryScope(TreeNode query, QueryScope? around, Findings findings)
    {
        _query = query;
        _around = around;
        _findings = findings;
        Expressions = new ExpressionWalk(this, findings);
        _rangeTable = new RangeTable(query, this, findings);
        _commonTables = new CommonTables(query, this, findings);
        _modification = new Modification(query, this, _rangeTable, findings);
    }

    public ExpressionWalk Expressions { get; }

    /// <summary>What decides which rows the query has, how many and in what order; of the subqueries in it as well.</summary>
    public Sources RowSources { get; } = new();

    /// <summary>
    /// Values that are spent on a number of rows (<c>generate_series(1, a)</c>, LIMIT in a subquery): what counts rows gives them back. Clauses that choose rows by a
    /// comparison are not among them.
    /// </summary>
    public Sources RowCounts { get; } = new();

    /// <summary>The same of LIMIT and OFFSET, which count for whatever is around the query.</summary>
    public Sources Limits { get; } = new();

    /// <summary>A subquery whose rows are rows of this query's FROM.</summary>
    public void AddRowsOf(QueryScope inner)
    {
        RowSources.Add(inner.RowSources.ToLineage());
        RowCounts.Add(inner.RowCounts.ToLineage());
        RowCounts.Add(inner.Limits.ToLineage());
    }

    /// <summary>True where the query returns rows: a SELECT, or what has RETURNING.</summary>
    public bool ReturnsRows => _query.Number("commandType") == QueryCommand.Select || _query.Has("returningList");

    /// <summary>The names of the columns, as many as <see cref="Walk"/> gives.</summary>
    public IEnumerable<string> ColumnNames => Outputs.Select(entry => entry.Text("resname") ?? "?column?");

    /// <summary>The entries of the select list, or of RETURNING, that become columns.</summary>
    private IEnumerable<TreeNode> Outputs => _query.Has("returningList")
        ? Shown(_query.Nodes("returningList"))
        : _query.Number("commandType") == QueryCommand.Select ? Shown(_query.Nodes("targetList")) : [];

    /// <summary>Walks through all of the query and gives its columns.</summary>
    public IReadOnlyList<ColumnLineage> Walk()
    {
        _findings.Step();
        if (_query.Has("utilityStmt"))
            return [ColumnLineage.Unknown("a utility statement")];
        _commonTables.Walk();
        _rangeTable.Walk();
        if (_query.Node("jointree") is { } from)
            WalkFrom(from);
        new RowClauses(_query, this).Walk();
        _modification.Walk();
        _isReturning = _query.Has("returningList");

        if (_query.Node("setOperations") is { } setOperation)
            return WalkSetOperation(setOperation);
        var isSelect = _query.Number("commandType") == QueryCommand.Select;
        foreach (var junk in isSelect ? _query.Nodes("targetList").Where(target => target.IsTrue("resjunk")) : [])
            Expressions.Of(junk);
        return Outputs.Select(Expressions.Of).ToArray();
    }

    /// <summary>What a VAR of this query, or of one inside it, stands for.</summary>
    public ColumnLineage Column(TreeNode variable) =>
        Outwards(variable.Number("varlevelsup")) is { } scope
            ? scope.Own(variable, variable.Number("varattno"))
            : ColumnLineage.Unknown("a column of a query that is not there");

    /// <summary>The column of a row that stands whole: <paramref name="field"/> counts from 1.</summary>
    public ColumnLineage FieldOf(TreeNode row, int field) =>
        field > 0 && Outwards(row.Number("varlevelsup")) is { } scope
            ? scope.Own(row, field).AsDerived()
            : ColumnLineage.Unknown("a row of a query that is not there");

    /// <summary>The common table expression of that name, defined in this query or so many levels around it.</summary>
    public CommonTable? CommonTable(string? name, int levelsUp) => name is null ? null : Outwards(levelsUp)?._commonTables.Find(name);

    /// <summary>PARTITION BY, ORDER BY and the frame of a window.</summary>
    public ColumnLineage Window(int reference)
    {
        if (!_windows.TryGetValue(reference, out var lineage))
        {
            var sources = new Sources();
            if (_query.Nodes("windowClause").FirstOrDefault(window => window.Number("winref") == reference) is { } window)
                CollectWindow(window, sources);
            else
                sources.AddUnknown("a window that is not there");
            _windows[reference] = lineage = sources.ToLineage();
        }
        return lineage;
    }

    public void CollectWindow(TreeNode window, Sources into)
    {
        CollectSorted(window.Nodes("partitionClause"), into);
        CollectSorted(window.Nodes("orderClause"), into);
        Expressions.Collect(window["startOffset"], into);
        Expressions.Collect(window["endOffset"], into);
    }

    /// <summary>Adds the entries of the select list that GROUP BY, ORDER BY, DISTINCT or a window refer to.</summary>
    public void CollectSorted(IEnumerable<TreeNode> clauses, Sources into)
    {
        foreach (var clause in clauses)
        {
            var reference = clause.Number("tleSortGroupRef");
            if (_query.Nodes("targetList").FirstOrDefault(entry => entry.Number("ressortgroupref") == reference) is { } target)
                Expressions.Collect(target["expr"], into);
            else
                into.AddUnknown("a sort or group clause that refers to nothing");
        }
    }

    /// <summary>A column of a sub-select that several targets of SET take their values from: the parameter holds sublink and column.</summary>
    public ColumnLineage MultiexprColumn(int parameter)
    {
        var (id, column) = (parameter >> 16, parameter & 0xFFFF);
        foreach (var entry in _query.Nodes("targetList"))
        {
            if (entry["expr"] is TreeNode { Label: "SUBLINK" } node && Expressions.SublinkOf(node) is { IsMultiexpr: true } sublink && sublink.Id == id
                && column >= 1 && column <= sublink.Columns.Count)
                return sublink.Columns[column - 1];
        }
        return ColumnLineage.Unknown("a parameter that refers to no sub-select");
    }

    /// <summary>In RETURNING the target's columns hold what the statement has just stored, but for those of <c>old</c>.</summary>
    private ColumnLineage Own(TreeNode variable, int attribute) =>
        _isReturning && attribute >= 0 && variable.Number("varno") == _modification.Target && variable.Number("varreturningtype") != ReturningOld
            ? _modification.Returned(attribute)
            : _rangeTable.Column(variable.Number("varno"), attribute);

    private static IEnumerable<TreeNode> Shown(IEnumerable<TreeNode> targets) => targets.Where(target => !target.IsTrue("resjunk"));

    private QueryScope? Outwards(int levels)
    {
        var scope = this;
        for (var level = 0; level < levels && scope is not null; level++)
            scope = scope._around;
        return levels < 0 ? null : scope;
    }

    /// <summary>The entries of the select list speak of the first branch alone; ORDER BY means the columns of the whole.</summary>
    private IReadOnlyList<ColumnLineage> WalkSetOperation(TreeNode setOperation)
    {
        var columns = new SetOperation(this, _rangeTable, _findings).Columns(setOperation);
        foreach (var sorted in _query.Nodes("sortClause"))
        {
            var position = _query.Nodes("targetList").TakeWhile(entry => entry.Number("ressortgroupref") != sorted.Number("tleSortGroupRef")).Count();
            RowSources.Add(position < columns.Count ? columns[position] : ColumnLineage.Unknown("ORDER BY a column that is not there"));
        }
        return columns;
    }

    /// <summary>WHERE and ON; what USING and NATURAL compare stands there too.</summary>
    private void WalkFrom(TreeNode item)
    {
        _findings.Step();
        Expressions.Collect(item["quals"], RowSources);
        foreach (var part in item.Label == "JOINEXPR" ? [item["larg"], item["rarg"]] : item.List("fromlist"))
        {
            if (part is TreeNode { Label: "JOINEXPR" or "FROMEXPR" } nested)
                WalkFrom(nested);
            else if (part is not TreeNode { Label: "RANGETBLREF" })
                RowSources.AddUnknown("an item of FROM that is not known");
        }
    }
}
