using System.Text;
using WireGuardian.Core.Statements;

namespace WireGuardian.Sql.Lexing;

/// <summary>
/// A statement's text with other numbers in it reads the same, token by token, in PostgreSQL's SQL as in MySQL's. Its template has a 0 for every digit
/// of a number, so that texts which differ in nothing else are known by it.
/// </summary>
public static class NumberTemplate
{
    /// <summary>Digits of which any number is an integer of the same type.</summary>
    private const int LongestInteger = 9;

    private const StatementKinds Suitable =
        StatementKinds.Select | StatementKinds.Insert | StatementKinds.Update | StatementKinds.Delete | StatementKinds.Merge;

    /// <summary>True for statements of which no number decides what they do. In EXPLAIN (ANALYZE 0) and in SET one does.</summary>
    public static bool Suits(StatementFacts facts) => !facts.IsOpaque && (facts.Kinds & ~Suitable) == StatementKinds.None;

    /// <summary>
    /// Writes the template, byte by byte as long as the text. False for a text of which that is not plain at first sight: with literals in quotes, comments,
    /// parameters, bytes beyond ASCII, or numbers of other forms than <c>12</c> and <c>1.5</c>. Long numbers are of a type that depends on them, and those
    /// behind BY or DISTINCT may stand for a column: with these it has none either.
    /// </summary>
    /// <param name="sql">The text.</param>
    /// <param name="template">At least as long.</param>
    public static bool TryWrite(ReadOnlySpan<byte> sql, Span<byte> template)
    {
        var at = 0;
        var word = 0;
        var inWord = false;
        var mayNameColumns = false;
        while (at < sql.Length)
        {
            var b = sql[at];
            if (!inWord && char.IsAsciiDigit((char)b))
            {
                if (mayNameColumns || !TryTakeNumber(sql, template, ref at))
                    return false;
                continue;
            }
            if (EndsPlainText(sql, at))
                return false;
            // Behind an @ stands a variable's name, which may be of digits.
            var isPart = PostgresLexer.IsIdentifierPart(b) || b == '@';
            if (isPart && !inWord)
                word = at;
            else if (inWord && !isPart)
                mayNameColumns |= Ascii.EqualsIgnoreCase(sql[word..at], "by"u8) || Ascii.EqualsIgnoreCase(sql[word..at], "distinct"u8);
            inWord = isPart;
            template[at++] = b;
        }
        return true;
    }

    private static bool EndsPlainText(ReadOnlySpan<byte> sql, int at) => sql[at] switch
    {
        0 or >= 0x80 or (byte)'\'' or (byte)'"' or (byte)'`' or (byte)'\\' or (byte)'$' or (byte)'#' => true,
        (byte)'-' => at + 1 < sql.Length && sql[at + 1] == '-',
        (byte)'/' => at + 1 < sql.Length && sql[at + 1] == '*',
        _ => false,
    };

    private static bool TryTakeNumber(ReadOnlySpan<byte> sql, Span<byte> template, ref int at)
    {
        // Digits behind a point may be a name.
        if (at > 0 && sql[at - 1] == '.')
            return false;
        var start = at;
        TakeDigits(sql, template, ref at);
        if (at - start > LongestInteger)
            return false;
        if (at + 1 < sql.Length && sql[at] == '.' && char.IsAsciiDigit((char)sql[at + 1]))
        {
            template[at++] = (byte)'.';
            TakeDigits(sql, template, ref at);
        }
        return at == sql.Length || !(PostgresLexer.IsIdentifierPart(sql[at]) || sql[at] == '.');
    }

    private static void TakeDigits(ReadOnlySpan<byte> sql, Span<byte> template, ref int at)
    {
        for (; at < sql.Length && char.IsAsciiDigit((char)sql[at]); at++)
            template[at] = (byte)'0';
    }
}
