using WireGuardian.Proxy;

namespace WireGuardian.Postgres.Lineage.Trees;

/// <summary>
/// Reads the text of <c>nodeToString</c> (src/backend/nodes/outfuncs.c), as the server writes it into its log line by line. Knows the format and no node: every
/// version's trees can be read.
/// </summary>
internal static class TreeReader
{
    /// <summary>Characters. The text of a statement of a megabyte has less.</summary>
    public const int LongestText = 64 * 1024 * 1024;

    /// <summary>Brackets within brackets; an operator takes two levels.</summary>
    public const int DeepestNesting = 20_000;

    /// <summary>An open bracket.</summary>
    private sealed class Open(TreeItem item)
    {
        public TreeItem Item { get; } = item;

        /// <summary>The field that values go to; null before a node's first.</summary>
        public string? Field { get; set; }

        /// <summary>A field's first token is its value, whatever it looks like: a user's name may begin with a colon.</summary>
        public bool AwaitsValue { get; set; }
    }

    /// <summary>The one item that the text is. Throws <see cref="ProtocolException"/> for anything else.</summary>
    public static TreeItem Read(ReadOnlySpan<char> text)
    {
        if (text.Length > LongestText)
            throw Malformed("at most 64 Mi characters");
        TreeText.ThrowIfBroken(text);

        var tokens = new TreeText(text);
        var names = new Dictionary<string, string>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        var open = new Stack<Open>();
        TreeItem? whole = null;
        for (var token = tokens.Next(); !token.IsEmpty; token = tokens.Next())
        {
            if (whole is not null)
                throw Malformed("nothing after the last bracket");
            switch (token)
            {
                case "(":
                    Enter(new TreeList());
                    break;
                case "{":
                    Enter(new TreeNode(Label(tokens.Next())));
                    break;
                case ")" or "}":
                    whole = Leave(token is "}");
                    break;
                case "<>":
                    whole = Put(TreeItem.Null);
                    break;
                default:
                    if (open.TryPeek(out var top) && top is { Item: TreeNode, AwaitsValue: false } && token[0] == ':')
                    {
                        top.Field = Shared(token[1..]);
                        top.AwaitsValue = true;
                    }
                    else
                    {
                        whole = Put(new TreeToken(TreeText.Unescape(token)));
                    }
                    break;
            }
        }
        return whole ?? throw Malformed("a closing bracket");

        void Enter(TreeItem item)
        {
            if (open.Count >= DeepestNesting)
                throw Malformed($"at most {DeepestNesting} brackets within each other");
            open.Push(new Open(item));
        }

        TreeItem? Leave(bool isNode)
        {
            if (!open.TryPop(out var closed) || closed.Item is TreeNode != isNode || closed.AwaitsValue)
                throw Malformed("a bracket to end what was begun");
            return Put(closed.Item);
        }

        // The item itself where it is in no bracket: then it is the whole.
        TreeItem? Put(TreeItem item)
        {
            if (!open.TryPeek(out var top))
                return item;
            if (top.Item is TreeNode node)
                node.Add(top.Field ?? "", item);
            else
                ((TreeList)top.Item).Items.Add(item);
            top.AwaitsValue = false;
            return null;
        }

        string Label(ReadOnlySpan<char> label)
        {
            if (label.IsEmpty || label[0] is '(' or ')' or '{' or '}')
                throw Malformed("a node's label");
            return Shared(label);
        }

        string Shared(ReadOnlySpan<char> name)
        {
            if (names.TryGetValue(name, out var shared))
                return shared;
            names[name] = name.ToString();
            return names[name];
        }
    }

    private static ProtocolException Malformed(string expected) => new(ProtocolFault.Server, $"in a query tree, {expected} is expected");
}
