using WireGuardian.Sql.Lexing;
using Word = WireGuardian.Sql.Lexing.PostgresKeyword;

namespace WireGuardian.Sql.Postgres;

/// <summary>
/// What two statements share that differ in values alone: the tokens, with literals taken out where their value cannot change what the statement means. Strings
/// can (a literal's type never depends on its characters), and integers of up to nine digits, which are all int4. Those in ORDER BY, GROUP BY and
/// DISTINCT ON stay, for they may number a column; so do bit strings, larger and other numbers, and the character of a UESCAPE.
/// </summary>
public static class StatementTemplate
{
    private const int LongestInt4 = 9;

    /// <summary>Writes the template: every token, a NUL behind each.</summary>
    /// <param name="sql">One statement.</param>
    /// <param name="standardConformingStrings">How the server reads its literals.</param>
    /// <param name="destination">Takes the template.</param>
    /// <returns>How many bytes were written; -1 where the destination is too small or the text cannot be read.</returns>
    public static int Write(ReadOnlySpan<byte> sql, bool standardConformingStrings, Span<byte> destination)
    {
        var lexer = new PostgresLexer(sql, standardConformingStrings);
        var lists = new NumberedLists();
        var length = 0;
        var before = Word.NoKeyword;
        while (true)
        {
            var token = lexer.Next();
            if (token.Kind == TokenKind.End)
                return length;
            if (token.Kind == TokenKind.Error)
                return -1;
            if (token.Kind == TokenKind.OpenParenthesis)
                lists.Open();
            else if (token.Kind == TokenKind.CloseParenthesis)
                lists.Close();
            else
                lists.Take(token.Keyword);
            var bytes = sql[token.Start..token.End];
            if (token.Kind is TokenKind.String or TokenKind.EscapeString && before != Word.Uescape)
                bytes = bytes[..(bytes.IndexOf((byte)'\'') + 1)];
            else if (token.Kind == TokenKind.Number && !lists.Inside && bytes.Length <= LongestInt4 && !bytes.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
                bytes = "0"u8;
            if (bytes.Length >= destination.Length - length)
                return -1;
            bytes.CopyTo(destination[length..]);
            length += bytes.Length;
            destination[length++] = 0;
            before = token.Keyword;
        }
    }
}
