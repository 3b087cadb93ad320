using System.Globalization;
using WireGuardian.Postgres.Lineage.Trees;

namespace WireGuardian.Postgres.Catalog;

/// <summary>
/// Looks through a statement's rewritten query tree for anything of users' own but relations: functions, operators, casts, types. Planning computes constants in advance,
/// and for its estimates what is stable too; with code of a user's in the statement that code would run, with the rights of whoever plans.
/// </summary>
internal static class PlannedTree
{
    /// <summary>Fields whose numbers are no objects' but places in the text, lengths and modifiers.</summary>
    private static readonly HashSet<string> NoObjects = new(StringComparer.Ordinal)
    {
        "location", "stmt_location", "stmt_len", "queryId", "vartypmod", "resulttypmod", "consttypmod", "paramtypmod", "typmod", "constvalue", "fieldtypmod",
        "list_start", "list_end", "rexpr_list_start", "rexpr_list_end",
    };

    /// <summary>Fields that name relations.</summary>
    private static readonly HashSet<string> Relations = new(StringComparer.Ordinal) { "relid", "resorigtbl" };

    /// <summary>Fields that name functions.</summary>
    private static readonly HashSet<string> Functions = new(StringComparer.Ordinal) { "funcid", "opfuncid", "aggfnoid", "winfnoid" };

    /// <summary>False where something else of a user's is in it, or something that is not understood. Throws <see cref="Proxy.ProtocolException"/> for what is no tree.</summary>
    /// <param name="text">The tree.</param>
    /// <param name="relations">The relations in it.</param>
    /// <param name="functions">The functions in it, all of the server's own.</param>
    public static bool IsServersOwn(string text, out IReadOnlySet<uint> relations, out IReadOnlySet<uint> functions)
    {
        var (found, called) = (new HashSet<uint>(), new HashSet<uint>());
        (relations, functions) = (found, called);
        var left = new Stack<(string Field, TreeItem Item)>();
        left.Push(("", TreeReader.Read(text)));
        while (left.TryPop(out var next))
        {
            switch (next.Item)
            {
                case TreeNode node:
                    foreach (var (name, value) in node.Fields)
                        left.Push((name, value));
                    break;
                case TreeList list:
                    foreach (var item in list.Items)
                        left.Push((next.Field, item));
                    break;
                case TreeToken token when ulong.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number):
                    if (number <= uint.MaxValue && number > 0 && Relations.Contains(next.Field))
                        found.Add((uint)number);
                    else if (number >= CatalogPicture.FirstUserOid && !NoObjects.Contains(next.Field))
                        return false;
                    else if (Functions.Contains(next.Field))
                        called.Add((uint)number);
                    break;
            }
        }
        return true;
    }
}
