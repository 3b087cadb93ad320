using WireGuardian.Postgres.Lineage.Trees;

namespace WireGuardian.Postgres.Lineage;

/// <summary>
/// One common table expression. A recursive one refers to itself: it begins with columns that come from nothing, and is walked again with what the last round
/// found, until a round finds nothing new.
/// </summary>
internal sealed class CommonTable(TreeNode node, QueryScope scope, Findings findings)
{
    private IReadOnlyList<ColumnLineage> _columns = [];
    private ColumnLineage _rowSources = ColumnLineage.Nothing;
    private ColumnLineage _rowCounts = ColumnLineage.Nothing;
    private bool _isWalked;
    private bool _isOpen;

    /// <summary>What decides its rows.</summary>
    public ColumnLineage RowSources => _rowSources;

    /// <inheritdoc cref="QueryScope.RowCounts"/>
    public ColumnLineage RowCounts => _rowCounts;

    /// <summary>Its columns; inside itself, what is known of them so far.</summary>
    public IReadOnlyList<ColumnLineage> Columns
    {
        get
        {
            Walk();
            return _columns;
        }
    }

    /// <summary>The types of its columns.</summary>
    public IReadOnlyList<uint> Types => node.Oids("ctecoltypes");

    public void Walk()
    {
        if (_isWalked || _isOpen)
            return;
        _isOpen = true;
        var isRecursive = node.IsTrue("cterecursive");
        _columns = isRecursive ? [.. Enumerable.Repeat(ColumnLineage.Nothing, node.List("ctecolnames").Count)] : [];
        bool grew;
        do
        {
            grew = false;
            if (node.Node("ctequery") is not { Label: "QUERY" } query)
            {
                _columns = [ColumnLineage.Unknown("a common table expression without a query")];
                break;
            }
            var inner = new QueryScope(query, scope, findings);
            var found = inner.Walk();
            var rowSources = inner.RowSources.ToLineage();
            inner.RowCounts.Add(inner.Limits.ToLineage());
            var rowCounts = inner.RowCounts.ToLineage();
            grew = isRecursive && (!rowSources.Says(_rowSources) || !rowCounts.Says(_rowCounts) || found.Count != _columns.Count || found.Zip(_columns).Any(pair => !pair.First.Says(pair.Second)));
            _columns = found;
            (_rowSources, _rowCounts) = (rowSources, rowCounts);
        }
        while (grew);
        scope.RowSources.Add(_rowSources);
        _isOpen = false;
        _isWalked = true;
    }
}
