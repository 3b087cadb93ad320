using WireGuardian.Core.Statements;
using WireGuardian.Sql.Lexing;

namespace WireGuardian.Sql.Postgres;

/// <summary>
/// Reads the names of a statement one after the other. What may be a name counts as one: a key word too, unless it is reserved or stands
/// where it can be nothing but a key word.
/// </summary>
internal ref struct NameReader(StatementTokens statement)
{
    private readonly StatementTokens _statement = statement;
    private int _lastIndex = -1;
    private string? _last;

    /// <summary>The name at this place with its qualifier; false where there is none.</summary>
    /// <param name="unreadable">True where there is a name, but one that cannot be read.</param>
    public bool TryRead(int index, out Identifier name, out bool unreadable)
    {
        name = default;
        unreadable = false;
        var token = _statement[index];
        var afterDot = _statement.Kind(index - 1) == TokenKind.Dot;
        switch (token.Kind)
        {
            case TokenKind.Identifier or TokenKind.QuotedIdentifier or TokenKind.UnicodeIdentifier:
                break;
            case TokenKind.Keyword when afterDot || IsPossibleName(token.Keyword, index):
                break;
            default:
                return false;
        }

        if (_statement.Name(index) is not { } text)
        {
            unreadable = true;
            return false;
        }

        string? qualifier = null;
        if (afterDot)
            qualifier = _lastIndex == index - 2 ? _last : _statement.Name(index - 2);
        name = new Identifier(qualifier, text);
        _lastIndex = index;
        _last = text;
        return true;
    }

    private readonly bool IsPossibleName(PostgresKeyword keyword, int index)
    {
        var next = _statement.Kind(index + 1);
        if (next == TokenKind.Dot)
            return !keyword.IsReserved();
        if (keyword.IsReserved() || index == _statement.Start)
            return false;
        // LEFT, JOIN, IS …: a function where a parenthesis follows, a type in a cast, nothing else.
        if (keyword.IsFunctionOrTypeOnly())
            return next == TokenKind.OpenParenthesis || _statement.Kind(index - 1) == TokenKind.Typecast;
        return keyword switch
        {
            PostgresKeyword.By => !_statement.Is(index - 1, PostgresKeyword.Order) && !_statement.Is(index - 1, PostgresKeyword.Group),
            PostgresKeyword.Values => next != TokenKind.OpenParenthesis
                || !(_statement.Kind(index - 1) == TokenKind.CloseParenthesis || _statement.IsName(index - 1)),
            _ => true,
        };
    }
}
