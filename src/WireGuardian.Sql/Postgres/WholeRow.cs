using WireGuardian.Sql.Lexing;
using Word = WireGuardian.Sql.Lexing.PostgresKeyword;

namespace WireGuardian.Sql.Postgres;

/// <summary>Tells where an expression may read a whole row: by a star, by TABLE, or by a relation's name or alias that no column follows.</summary>
internal sealed class WholeRow
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal) { "excluded", "old", "new" };
    private readonly HashSet<int> _declarations = [];
    private readonly bool _isKnown;
    private bool? _anywhere;

    public WholeRow(StatementTokens statement) => _isKnown = RelationNames.TryRows(statement, _names, _declarations);

    /// <summary>The same for the whole statement, looked for once.</summary>
    public bool IsReadAnywhere(StatementTokens statement) => _anywhere ??= IsRead(statement, statement.Start, statement.End);

    public bool IsRead(StatementTokens statement, int from, int to)
    {
        if (!_isKnown)
            return true;
        for (var i = from; i < to; i++)
        {
            if (IsTableQuery(statement, i) || IsStar(statement, i))
                return true;
            if (statement.IsName(i)
                && statement.Kind(i - 1) != TokenKind.Dot
                && statement.Kind(i + 1) is not (TokenKind.Dot or TokenKind.OpenParenthesis)
                && !_declarations.Contains(i)
                && !IsCommonTableExpression(statement, i)
                && statement.Name(i) is { } name
                && _names.Contains(name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>TABLE t, not INTO TEMP TABLE t.</summary>
    private static bool IsTableQuery(StatementTokens statement, int index) => statement.Is(index, Word.Table)
        && statement.Keyword(index - 1) is not (Word.Into or Word.Temp or Word.Temporary or Word.Unlogged);

    /// <summary><c>x AS (</c> declares x; <c>SELECT x AS y</c> reads it.</summary>
    private static bool IsCommonTableExpression(StatementTokens statement, int index) => statement.Is(index + 1, Word.As)
        && (statement.IsOpen(index + 2) || statement.Keyword(index + 2) is Word.Not or Word.Materialized);

    /// <summary>A star that stands for columns: no operand before it, or none after it; but not that of count(*).</summary>
    private static bool IsStar(StatementTokens statement, int index)
    {
        if (!statement.IsOperator(index, (byte)'*') || statement.IsOpen(index - 1))
            return false;
        if (statement.Kind(index - 1) is TokenKind.Dot or TokenKind.Comma
            || statement.Keyword(index - 1) is Word.Select or Word.Distinct or Word.All or Word.Returning)
        {
            return true;
        }

        return statement.Kind(index + 1) is TokenKind.End or TokenKind.Comma or TokenKind.CloseParenthesis or TokenKind.Semicolon
            || statement.Keyword(index + 1) is Word.From or Word.Into or Word.Where or Word.Group or Word.Having or Word.Order or Word.Limit
                or Word.Offset or Word.Fetch or Word.For or Word.Union or Word.Intersect or Word.Except or Word.Window;
    }
}
