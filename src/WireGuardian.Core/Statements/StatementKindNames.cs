using System.Numerics;

namespace WireGuardian.Core.Statements;

/// <summary>The names of statement kinds in configuration, audit records and metrics: lower case, one word.</summary>
public static class StatementKindNames
{
    private static readonly string[] Names =
    [
        "select", "insert", "update", "delete", "merge", "ddl", "privilege", "export", "import", "code",
        "session", "transaction", "explain", "maintenance", "unclassified",
    ];

    /// <summary>Every name, in the order of the flags.</summary>
    public static IReadOnlyList<string> All => Names;

    /// <summary>The names of the kinds set in <paramref name="kinds"/>, in the order of the flags.</summary>
    public static IReadOnlyList<string> ToNames(this StatementKinds kinds)
    {
        var names = new List<string>(2);
        for (var bits = (uint)kinds; bits != 0; bits &= bits - 1)
            names.Add(Names[BitOperations.TrailingZeroCount(bits)]);
        return names;
    }

    /// <summary>The one kind called <paramref name="name"/>.</summary>
    public static bool TryParse(string name, out StatementKinds kind)
    {
        var index = Array.IndexOf(Names, name);
        kind = index < 0 ? StatementKinds.None : (StatementKinds)(1 << index);
        return index >= 0;
    }
}
