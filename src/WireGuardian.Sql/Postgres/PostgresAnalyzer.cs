using System.Text;
using System.Text.Unicode;
using WireGuardian.Core.Statements;
using WireGuardian.Sql.Lexing;

namespace WireGuardian.Sql.Postgres;

/// <summary>
/// PostgreSQL text to facts, by its tokens alone: no grammar tree, no recursion into what the text nests, linear in its length, total. What
/// a statement's head or structure does not explain is Unclassified; what cannot be read reliably is opaque as well.
/// </summary>
public static class PostgresAnalyzer
{
    /// <summary>
    /// The facts of each statement of the text, in order. Statements of comments only are left out, so an empty list is an empty query. Text
    /// from which the server itself reads no tokens, or that cannot be read in this encoding, is one opaque statement: the server parses
    /// all of a text before it runs any of it.
    /// </summary>
    public static IReadOnlyList<StatementFacts> Analyze(ReadOnlySpan<byte> sql, PostgresSqlSettings settings) => Analyze(sql, settings, depth: 0);

    internal static IReadOnlyList<StatementFacts> Analyze(ReadOnlySpan<byte> sql, PostgresSqlSettings settings, int depth)
    {
        var nul = sql.IndexOf((byte)0);
        if (nul >= 0)
            sql = sql[..nul];
        if (!IsReadable(sql, settings.Encoding))
            return [Opaque(sql.Length)];

        using var buffer = TokenBuffer.Read(sql, settings.StandardConformingStrings);
        if (!buffer.IsComplete)
            return [Opaque(sql.Length)];

        var tokens = buffer.Tokens;
        StatementFacts? first = null;
        List<StatementFacts>? all = null;
        for (var start = 0; start < tokens.Length; start++)
        {
            var end = StatementSplitter.End(tokens, start);
            if (end > start)
            {
                var facts = One(new StatementTokens(sql, tokens, start, end), settings, depth, buffer.IsBalanced);
                if (first is null)
                    first = facts;
                else
                    (all ??= [first]).Add(facts);
            }

            start = end;
        }

        if (all is not null)
            return all;
        return first is null ? [] : [first];
    }

    /// <summary>
    /// True for text that reads the same under all settings: it has no byte that an encoding decides about, and no backslash, which is all that
    /// standard_conforming_strings decides about (where it makes the server refuse U&amp;'…', nothing runs).
    /// </summary>
    public static bool ReadsAlways(ReadOnlySpan<byte> sql) => Ascii.IsValid(sql) && !sql.Contains((byte)'\\');

    internal static bool IsReadable(ReadOnlySpan<byte> sql, PostgresTextEncoding encoding) => encoding switch
    {
        PostgresTextEncoding.Utf8 => Utf8.IsValid(sql),
        PostgresTextEncoding.AsciiSafe => true,
        _ => Ascii.IsValid(sql),
    };

    private static StatementFacts One(StatementTokens statement, PostgresSqlSettings settings, int depth, bool balanced)
    {
        var draft = new StatementDraft(settings, depth);
        NameSweep.Run(statement, draft);
        StatementClassifier.Classify(statement, draft);
        if (!balanced)
            draft.Kinds |= StatementKinds.Unclassified;
        return draft.ToFacts(statement[statement.Start].Start..statement[statement.End - 1].End);
    }

    private static StatementFacts Opaque(int length) =>
        new() { Kinds = StatementKinds.Unclassified, IsOpaque = true, MayChangeSettings = true, Text = 0..length };
}
