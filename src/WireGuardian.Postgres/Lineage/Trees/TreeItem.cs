namespace WireGuardian.Postgres.Lineage.Trees;

/// <summary>A piece of a node tree as <c>nodeToString</c> writes it: a node, a list, a token, or nothing.</summary>
internal abstract class TreeItem
{
    /// <summary><c>&lt;&gt;</c>: a null pointer, and what stands for a field that a node does not have.</summary>
    public static TreeItem Null { get; } = new TreeNull();

    private sealed class TreeNull : TreeItem;
}

/// <summary>A number, a name, a string, <c>true</c> or <c>false</c>; without its escapes.</summary>
internal sealed class TreeToken(string text) : TreeItem
{
    public string Text { get; } = text;
}

/// <summary>
/// Items in parentheses. Lists of OIDs, integers and bits begin with a token that says so: <c>(o 23 25)</c>, <c>(i 1 2)</c>, <c>(b 1 2)</c>.
/// </summary>
internal sealed class TreeList : TreeItem
{
    public List<TreeItem> Items { get; } = [];
}
