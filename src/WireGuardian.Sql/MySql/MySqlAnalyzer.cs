using System.Text;
using WireGuardian.Core.Statements;

namespace WireGuardian.Sql.MySql;

/// <summary>
/// Text of MySQL's or MariaDB's to facts, by its tokens alone: no grammar tree, no recursion into what the text nests, linear in its length, total. What
/// a statement's head or structure does not explain is Unclassified; what cannot be read reliably is opaque as well.
/// </summary>
public static class MySqlAnalyzer
{
    /// <summary>
    /// The facts of each statement of the text, in order. Statements of comments only are left out. The server reads a text statement by
    /// statement: from where no token can be read on, the rest is one opaque statement behind the readable ones.
    /// </summary>
    public static IReadOnlyList<MySqlStatement> Analyze(ReadOnlySpan<byte> sql, MySqlSqlSettings settings) => [Opaque(0, sql.Length)];

    /// <summary>
    /// True for text that reads the same whatever sql_mode and character_set_client are: ASCII without a backslash or a double quote, and a single statement (in
    /// MariaDB's Oracle mode BEGIN opens a block).
    /// </summary>
    public static bool ReadsAlways(ReadOnlySpan<byte> sql) =>
        Ascii.IsValid(sql) && !sql.ContainsAny((byte)'\\', (byte)'"') && !sql.TrimEnd(" \t\r\n;"u8).Contains((byte)';');

    internal static MySqlStatement Opaque(int start, int end) => new()
    {
        Facts = new StatementFacts { Kinds = StatementKinds.Unclassified, IsOpaque = true, MayChangeSettings = true, Text = start..end },
        Transaction = TransactionEffect.Unknown,
        Results = ResultSets.Unknown,
    };
}
