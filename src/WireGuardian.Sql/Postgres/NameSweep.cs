using System.Collections.Frozen;
using System.Text;
using WireGuardian.Sql.Lexing;

namespace WireGuardian.Sql.Postgres;

/// <summary>One pass over a statement that gathers its names, its uncommon operators, its relations and what its functions do.</summary>
internal static class NameSweep
{
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> CommonOperators =
        new[] { "+", "-", "*", "/", "%", "^", "=", "<>", "!=", "<", ">", "<=", ">=" }.ToFrozenSet().GetAlternateLookup<ReadOnlySpan<char>>();

    public static void Run(StatementTokens statement, StatementDraft draft)
    {
        var names = new NameReader(statement);
        var mayCall = !NamesOnly(statement);
        for (var i = statement.Start; i < statement.End; i++)
        {
            var token = statement[i];
            if (token.Kind == TokenKind.Operator)
                AddOperator(statement, i, draft);
            if (token.Kind == TokenKind.Keyword)
                Keyword(statement, i, token.Keyword, draft);
            if (names.TryRead(i, out var name, out var unreadable))
            {
                draft.Add(name);
                if (mayCall && token.Kind != TokenKind.Keyword)
                    BuiltInFunctions.Note(statement, i, name.Name, draft);
                unreadable = draft.Settings.Encoding == PostgresTextEncoding.AsciiSafe && !Ascii.IsValid(statement.Bytes(i));
            }

            draft.IsOpaque |= unreadable;
        }
    }

    /// <summary>Statements in which a function's name is what they are about: they call none.</summary>
    private static bool NamesOnly(StatementTokens statement)
    {
        var head = statement.Start;
        if (statement.Keyword(head) is PostgresKeyword.Grant or PostgresKeyword.Revoke or PostgresKeyword.Comment or PostgresKeyword.Drop
            or PostgresKeyword.Security)
        {
            return true;
        }

        if (statement.Keyword(head) is not (PostgresKeyword.Create or PostgresKeyword.Alter))
            return false;
        var subject = statement.Is(head + 1, PostgresKeyword.Or, PostgresKeyword.Replace) ? head + 3 : head + 1;
        return statement.Keyword(subject) is PostgresKeyword.Function or PostgresKeyword.Procedure or PostgresKeyword.Routine
            or PostgresKeyword.Extension;
    }

    private static void Keyword(StatementTokens statement, int index, PostgresKeyword keyword, StatementDraft draft)
    {
        switch (keyword)
        {
            // These are spellings of operators, which the server looks up like any other.
            case PostgresKeyword.Like:
                draft.AddOperator(statement.Is(index - 1, PostgresKeyword.Not) ? "!~~" : "~~");
                break;
            case PostgresKeyword.Ilike:
                draft.AddOperator(statement.Is(index - 1, PostgresKeyword.Not) ? "!~~*" : "~~*");
                break;
            case PostgresKeyword.Similar:
                draft.AddOperator(statement.Is(index - 1, PostgresKeyword.Not) ? "!~" : "~");
                break;
            case PostgresKeyword.As:
                CommonTableExpression(statement, index, draft);
                break;
            default:
                RelationNames.Note(statement, index, keyword, draft);
                break;
        }
    }

    private static void AddOperator(StatementTokens statement, int index, StatementDraft draft)
    {
        var bytes = statement.Bytes(index);
        Span<char> symbol = stackalloc char[bytes.Length];
        Encoding.ASCII.GetChars(bytes, symbol);
        if (!CommonOperators.Contains(symbol) || IsNamed(statement, index))
            draft.AddOperator(symbol.ToString());
    }

    /// <summary>OPERATOR(schema.+) can mean another + than everybody's.</summary>
    private static bool IsNamed(StatementTokens statement, int index) =>
        statement.Kind(index - 1) == TokenKind.Dot || (statement.IsOpen(index - 1) && statement.Is(index - 2, PostgresKeyword.Operator));

    /// <summary>The x of <c>x [(…)] AS [[NOT] MATERIALIZED] (</c>.</summary>
    private static void CommonTableExpression(StatementTokens statement, int index, StatementDraft draft)
    {
        var body = index + 1;
        if (statement.Is(body, PostgresKeyword.Not))
            body++;
        if (statement.Is(body, PostgresKeyword.Materialized))
            body++;
        if (!statement.IsOpen(body))
            return;
        var before = index - 1;
        if (statement[before] is { Kind: TokenKind.CloseParenthesis, Partner: >= 0 } columns)
            before = columns.Partner - 1;
        if (statement.Kind(before - 1) != TokenKind.Dot && statement.IsName(before) && statement.Name(before) is { } name)
            draft.AddCommonTableExpression(name);
    }
}
