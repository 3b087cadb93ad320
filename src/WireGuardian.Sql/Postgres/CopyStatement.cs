using WireGuardian.Core.Statements;
using WireGuardian.Sql.Lexing;
using Word = WireGuardian.Sql.Lexing.PostgresKeyword;

namespace WireGuardian.Sql.Postgres;

/// <summary>COPY in its three forms.</summary>
internal static class CopyStatement
{
    public static StatementKinds Classify(StatementTokens statement, StatementDraft draft)
    {
        var source = statement.Start + 1;
        if (statement.IsOpen(source))
            return Query(statement, source, draft);

        if (statement.Is(source, Word.Binary))
            source++;
        if (!statement.TryQualifiedName(source, out var relation, out var direction))
            return StatementKinds.Unclassified;
        if (statement.IsOpen(direction))
            direction = statement.Next(direction);

        var program = statement.Is(direction + 1, Word.Program) ? StatementKinds.Code : StatementKinds.None;
        if (statement.Is(direction, Word.From))
            return StatementKinds.Import | program;
        if (!statement.Is(direction, Word.To))
            return StatementKinds.Unclassified;
        if (StaysOnServer(statement, direction))
            WriteSources.AddRegion(statement, source, direction, null, statement.Kind(direction - 1) != TokenKind.CloseParenthesis, draft);
        return StatementKinds.Export | program;
    }

    private static StatementKinds Query(StatementTokens statement, int open, StatementDraft draft)
    {
        var to = statement.Next(open);
        if (!statement.Is(to, Word.To))
            return StatementKinds.Unclassified;
        var kinds = QueryStatement.Classify(statement.Part(open + 1, to - 1), open + 1, draft) & ~StatementKinds.Select;
        if (StaysOnServer(statement, to))
            WriteSources.AddRegion(statement, open + 1, to - 1, null, false, draft);
        var program = statement.Is(to + 1, Word.Program) ? StatementKinds.Code : StatementKinds.None;
        return StatementKinds.Export | kinds | program;
    }

    private static bool StaysOnServer(StatementTokens statement, int to) => statement[to + 1].IsString || statement.Is(to + 1, Word.Program);
}
