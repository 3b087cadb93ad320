using System.Globalization;
using WireGuardian.Proxy;

namespace WireGuardian.Postgres.Lineage.Trees;

/// <summary>One node: <c>{VAR :varno 1 :varattno 2 …}</c>. Fields are asked for by name; what a version lacks is null.</summary>
internal sealed class TreeNode(string label) : TreeItem
{
    private static readonly List<TreeItem> None = [];

    private readonly List<(string Name, TreeItem Value)> _fields = [];

    public string Label { get; } = label;

    /// <summary>The values of all fields; a field of several values (a constant's length and bytes) gives each.</summary>
    public IEnumerable<TreeItem> Values
    {
        get
        {
            foreach (var (_, value) in _fields)
                yield return value;
        }
    }

    /// <summary>The same with the fields' names.</summary>
    public IReadOnlyList<(string Name, TreeItem Value)> Fields => _fields;

    public TreeItem this[string @field]
    {
        get
        {
            foreach (var (name, value) in _fields)
            {
                if (name == @field)
                    return value;
            }
            return Null;
        }
    }

    /// <summary>All values of a field: a constant's length and bytes.</summary>
    public IEnumerable<TreeItem> All(string field) => _fields.Where(one => one.Name == field).Select(one => one.Value);

    public void Add(string field, TreeItem value) => _fields.Add((field, value));

    public bool Has(string field) => this[field] != Null;

    /// <summary>The items of a list; none where it is null.</summary>
    public IReadOnlyList<TreeItem> List(string field) => this[field] switch
    {
        TreeList list => list.Items,
        var item when item == Null => None,
        _ => throw Malformed(field, "a list"),
    };

    /// <summary>The nodes of a list; none where it is null.</summary>
    public IEnumerable<TreeNode> Nodes(string field) => List(field).Select(item => item as TreeNode ?? throw Malformed(field, "a list of nodes"));

    /// <summary>A node, or null.</summary>
    public TreeNode? Node(string field) => this[field] switch
    {
        TreeNode node => node,
        var item when item == Null => null,
        _ => throw Malformed(field, "a node"),
    };

    /// <summary>A name or string; null where there is none.</summary>
    public string? Text(string field) => (this[field] as TreeToken)?.Text;

    public bool IsTrue(string field) => this[field] is TreeToken { Text: "true" };

    /// <summary>A number; 0 where the field is missing, as in a version that does not know it.</summary>
    public int Number(string field) => this[field] switch
    {
        TreeToken token when int.TryParse(token.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        var item when item == Null => 0,
        _ => throw Malformed(field, "a number"),
    };

    /// <summary>An object's OID; 0 where the field is missing.</summary>
    public uint Oid(string field) => this[field] switch
    {
        TreeToken token when uint.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var oid) => oid,
        var item when item == Null => 0,
        _ => throw Malformed(field, "an OID"),
    };

    /// <summary>The OIDs of a list that begins with <c>o</c>.</summary>
    public IReadOnlyList<uint> Oids(string field) =>
        List(field).Skip(1).Select(item => item is TreeToken token && uint.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var oid)
            ? oid
            : throw Malformed(field, "a list of OIDs")).ToArray();

    private ProtocolException Malformed(string field, string expected) =>
        new(ProtocolFault.Server, $"in a query tree, {expected} is expected for {Label}'s {field}");
}
