using WireGuardian.Sql.Lexing;

namespace WireGuardian.Sql.Postgres;

/// <summary>
/// Finds where a statement ends, as the server's grammar does: at a semicolon outside parentheses (CREATE RULE has them inside) and outside
/// the BEGIN ATOMIC body of a routine.
/// </summary>
internal static class StatementSplitter
{
    /// <summary>The index of the semicolon that ends the statement starting at <paramref name="start"/>, or the number of tokens.</summary>
    public static int End(ReadOnlySpan<Token> tokens, int start)
    {
        var mayHaveBody = MakesRoutine(tokens, start);
        var inBody = false;
        for (var i = start; i < tokens.Length; i++)
        {
            var token = tokens[i];
            switch (token.Kind)
            {
                case TokenKind.OpenParenthesis when token.Partner > i:
                    i = token.Partner;
                    break;
                case TokenKind.Semicolon when !inBody:
                    return i;
                case TokenKind.Keyword when mayHaveBody && !inBody && token.Is(PostgresKeyword.Begin):
                    inBody = i + 1 < tokens.Length && tokens[i + 1].Is(PostgresKeyword.Atomic);
                    break;
                // Every statement of a body ends in a semicolon: an END behind one closes the body, any other is of a CASE or a label.
                case TokenKind.Keyword when inBody && token.Is(PostgresKeyword.End):
                    inBody = tokens[i - 1].Kind != TokenKind.Semicolon && !tokens[i - 1].Is(PostgresKeyword.Atomic);
                    break;
            }
        }

        return tokens.Length;
    }

    private static bool MakesRoutine(ReadOnlySpan<Token> tokens, int start)
    {
        if (!tokens[start].Is(PostgresKeyword.Create))
            return false;
        var i = start + 1;
        if (i + 1 < tokens.Length && tokens[i].Is(PostgresKeyword.Or) && tokens[i + 1].Is(PostgresKeyword.Replace))
            i += 2;
        return i < tokens.Length && (tokens[i].Is(PostgresKeyword.Function) || tokens[i].Is(PostgresKeyword.Procedure));
    }
}
