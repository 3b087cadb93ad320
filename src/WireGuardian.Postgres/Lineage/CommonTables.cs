using WireGuardian.Postgres.Lineage.Trees;

namespace WireGuardian.Postgres.Lineage;

/// <summary>The WITH clause of one query.</summary>
internal sealed class CommonTables
{
    private readonly Dictionary<string, CommonTable> _byName = new(StringComparer.Ordinal);
    private readonly List<CommonTable> _all = [];
    private readonly HashSet<string> _ambiguous = new(StringComparer.Ordinal);

    public CommonTables(TreeNode query, QueryScope scope, Findings findings)
    {
        foreach (var node in query.Nodes("cteList"))
        {
            var table = new CommonTable(node, scope, findings);
            _all.Add(table);

            // Names that differ by what a line break hides cannot be told apart.
            if (node.Text("ctename") is { } name && !_byName.TryAdd(name, table))
                _ambiguous.Add(name);
        }
    }

    /// <summary>Walks through all of them: one that nothing refers to may still write.</summary>
    public void Walk() => _all.ForEach(table => table.Walk());

    public CommonTable? Find(string name) => _ambiguous.Contains(name) ? null : _byName.GetValueOrDefault(name);
}
