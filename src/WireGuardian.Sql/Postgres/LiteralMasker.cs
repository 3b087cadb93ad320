using System.Text;
using WireGuardian.Sql.Lexing;

namespace WireGuardian.Sql.Postgres;

/// <summary>Text as an operator or an audit record may see it: names and structure stay, every value becomes a question mark.</summary>
public static class LiteralMasker
{
    /// <summary>Stands in for text that cannot be told apart into names and values.</summary>
    public const string Unreadable = "(unreadable text)";

    /// <summary>
    /// The text with each literal as <c>?</c>, comments left out, blanks as one space, cut after <paramref name="maxLength"/> characters (the
    /// last of them then is …). Text that cannot be read is not shown at all.
    /// </summary>
    public static string Mask(ReadOnlySpan<byte> sql, PostgresSqlSettings settings, int maxLength = 4000)
    {
        var nul = sql.IndexOf((byte)0);
        if (nul >= 0)
            sql = sql[..nul];
        if (!PostgresAnalyzer.IsReadable(sql, settings.Encoding))
            return Unreadable;
        var lexer = new PostgresLexer(sql, settings.StandardConformingStrings);
        var result = new StringBuilder(Math.Clamp(Math.Min(sql.Length, maxLength), 16, 4096));
        var end = -1;
        var encoding = settings.Encoding == PostgresTextEncoding.Utf8 ? Encoding.UTF8 : Encoding.Latin1;
        // The whole text is read even where little of it is shown: an error further on makes all of it unreadable.
        for (var token = lexer.Next(); token.Kind != TokenKind.End; token = lexer.Next())
        {
            if (token.Kind == TokenKind.Error)
                return Unreadable;
            if (result.Length <= maxLength)
            {
                if (end >= 0 && token.Start > end)
                    result.Append(' ');
                if (token.IsLiteral)
                    result.Append('?');
                else
                    result.Append(encoding.GetString(sql[token.Start..token.End]));
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
}
