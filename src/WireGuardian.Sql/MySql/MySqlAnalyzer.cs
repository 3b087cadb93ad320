using System.Text;
using WireGuardian.Core.Statements;
using WireGuardian.Sql.Lexing;

namespace WireGuardian.Sql.MySql;

/// <summary>
/// Text of MySQL's or MariaDB's to facts, by its tokens alone: no grammar tree, no recursion into what the text nests, linear in its length, total. What
/// a statement's head or structure does not explain is Unclassified; what cannot be read reliably is opaque as well.
/// </summary>
public static class MySqlAnalyzer
{
    /// <summary>
    /// The facts of each statement of the text, in order. Statements of comments only are left out. The server reads a text statement by
    /// statement: one in which it reads no token is opaque up to the end of the text, and comes behind the readable ones.
    /// </summary>
    public static IReadOnlyList<MySqlStatement> Analyze(ReadOnlySpan<byte> sql, MySqlSqlSettings settings) => Analyze(sql, settings, depth: 0);

    /// <summary>
    /// True for text that reads the same whatever sql_mode and character_set_client are: ASCII without a backslash or a double quote, and a single statement (in
    /// MariaDB's Oracle mode BEGIN opens a block).
    /// </summary>
    public static bool ReadsAlways(ReadOnlySpan<byte> sql) =>
        Ascii.IsValid(sql) && !sql.ContainsAny((byte)'\\', (byte)'"') && !sql.TrimEnd(" \t\r\n;"u8).Contains((byte)';');

    internal static IReadOnlyList<MySqlStatement> Analyze(ReadOnlySpan<byte> sql, MySqlSqlSettings settings, int depth)
    {
        if (settings.IsUncertain && !ReadsAlways(sql))
            return [Opaque(0, sql.Length)];
        MySqlStatement? first = null;
        List<MySqlStatement>? all = null;
        using var buffer = new MySqlTokenBuffer(sql, settings);
        while (buffer.Read())
        {
            if (buffer.Count == 0)
                continue;
            var statement = buffer.IsComplete ? One(sql, buffer, settings, depth) : Opaque(buffer.Tokens[0].Start, sql.Length);
            if (first is null)
                first = statement;
            else
                (all ??= [first]).Add(statement);
        }

        if (all is not null)
            return all;
        return first is null ? [] : [first];
    }

    private static MySqlStatement One(ReadOnlySpan<byte> sql, in MySqlTokenBuffer buffer, MySqlSqlSettings settings, int depth)
    {
        var draft = new StatementDraft(settings, depth);
        var statement = new StatementTokens(sql, buffer.Tokens, 0, buffer.Count, settings);
        NameSweep.Run(statement, draft);
        var kinds = StatementClassifier.Classify(statement, buffer.IsCompound, draft);
        if (!buffer.IsBalanced)
            kinds |= StatementKinds.Unclassified;
        return draft.ToStatement(kinds, statement[0].Start..statement[buffer.Count - 1].End);
    }

    private static MySqlStatement Opaque(int start, int end) => new()
    {
        Facts = new StatementFacts { Kinds = StatementKinds.Unclassified, IsOpaque = true, MayChangeSettings = true, Text = start..end },
        Transaction = TransactionEffect.Unknown,
        Results = ResultSets.Unknown,
    };
}
