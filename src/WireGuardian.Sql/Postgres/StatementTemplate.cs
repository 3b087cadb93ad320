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
        var (length, depth, listDepth) = (0, 0, -1);
        var before = Word.NoKeyword;
        while (true)
        {
            var token = lexer.Next();
            if (token.Kind == TokenKind.End)
                return length;
            if (token.Kind == TokenKind.Error)
                return -1;
            Follow(token, before, ref depth, ref listDepth);
            var bytes = sql[token.Start..token.End];
            if (token.Kind is TokenKind.String or TokenKind.EscapeString && before != Word.Uescape)
                bytes = bytes[..(bytes.IndexOf((byte)'\'') + 1)];
            else if (token.Kind == TokenKind.Number && listDepth < 0 && bytes.Length <= LongestInt4 && !bytes.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
                bytes = "0"u8;
            if (bytes.Length >= destination.Length - length)
                return -1;
            bytes.CopyTo(destination[length..]);
            length += bytes.Length;
            destination[length++] = 0;
            before = token.Keyword;
        }
    }

    /// <summary>A list in which a number may stand for a column reaches to the next clause of its query, or to the parenthesis that ends it.</summary>
    private static void Follow(Token token, Word before, ref int depth, ref int listDepth)
    {
        switch (token.Kind)
        {
            case TokenKind.OpenParenthesis:
                depth++;
                break;
            case TokenKind.CloseParenthesis:
                depth--;
                if (depth < listDepth)
                    listDepth = -1;
                break;
            case TokenKind.Keyword when token.Keyword == Word.By && listDepth < 0:
                listDepth = depth;
                break;
            case TokenKind.Keyword when token.Keyword == Word.On && before == Word.Distinct && listDepth < 0:
                listDepth = depth + 1;
                break;
            case TokenKind.Keyword when depth == listDepth && token.Keyword is Word.Limit or Word.Offset or Word.Having:
                listDepth = -1;
                break;
        }
    }
}
