using System.Text;
using WireGuardian.Sql.Lexing;

namespace WireGuardian.Sql.MySql;

/// <summary>Text as an operator or an audit record may see it: names and structure stay, every value becomes a question mark.</summary>
public static class LiteralMasker
{
    /// <summary>Stands in for text that cannot be told apart into names and values.</summary>
    public const string Unreadable = "(unreadable text)";

    /// <summary>
    /// The text with each literal as <c>?</c>, comments left out (what an executable one holds is shown), blanks as one space, cut after
    /// <paramref name="maxLength"/> characters (the last of them then is …). Text that cannot be read is not shown at all.
    /// </summary>
    public static string Mask(ReadOnlySpan<byte> sql, MySqlSqlSettings settings, int maxLength = 4000)
    {
        if (settings.IsUncertain && !MySqlAnalyzer.ReadsAlways(sql))
            return Unreadable;
        var lexer = new MySqlLexer(sql, settings);
        var result = new StringBuilder(Math.Clamp(Math.Min(sql.Length, maxLength), 16, 4096));
        var end = -1;
        // The whole text is read even where little of it is shown: an error further on makes all of it unreadable.
        for (var token = lexer.Next(); token.Kind != MySqlTokenKind.End; token = lexer.Next())
        {
            if (token.Kind == MySqlTokenKind.Error)
                return Unreadable;
            if (result.Length <= maxLength)
            {
                if (end >= 0 && token.Start > end)
                    result.Append(' ');
                Append(result, sql[token.Start..token.End], token);
            }

            end = token.End;
        }

        if (result.Length <= maxLength)
            return result.ToString();
        var cut = Math.Max(0, maxLength - 1);
        if (cut > 0 && char.IsHighSurrogate(result[cut - 1]))
            cut--;
        result.Length = cut;
        return maxLength > 0 ? result.Append('…').ToString() : "";
    }

    private static void Append(StringBuilder result, ReadOnlySpan<byte> bytes, MySqlToken token)
    {
        if (token.IsLiteral)
            result.Append('?');
        else if (token.Kind == MySqlTokenKind.UserVariable && bytes.Length > 1 && bytes[1] is (byte)'\'' or (byte)'"')
            // An account's host, or a variable's name, in the quotes of a literal.
            result.Append("@?");
        else
            result.Append(Encoding.UTF8.GetString(bytes));
    }
}
