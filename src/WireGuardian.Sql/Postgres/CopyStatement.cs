using System.Text;
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

        var binary = statement.Is(source, Word.Binary);
        if (binary)
            source++;
        if (!statement.TryQualifiedName(source, out var relation, out var direction))
            return StatementKinds.Unclassified;
        var columns = direction;
        if (statement.IsOpen(direction))
            direction = statement.Next(direction);

        var program = statement.Is(direction + 1, Word.Program) ? StatementKinds.Code : StatementKinds.None;
        if (statement.Is(direction, Word.From))
            return StatementKinds.Import | program;
        if (!statement.Is(direction, Word.To))
            return StatementKinds.Unclassified;
        draft.TakesAllRows = true;
        if (StaysOnServer(statement, direction))
            WriteSources.AddRegion(statement, source, direction, null, statement.Kind(direction - 1) != TokenKind.CloseParenthesis, draft);
        if (IsToClient(statement, direction) && Selecting(statement, source, columns, direction) is { } describing)
            draft.CopyOut = CopyOptions.Read(statement, direction + 2, binary)?.ToCopyOut(draft.Settings.Encoding, describing, isQuery: false, relation.Qualifier is not null);
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
        // A query that takes something out by itself is not masked by what it gives.
        var isPlain = ((kinds | draft.Effects) & (StatementKinds.Export | StatementKinds.Unclassified)) == StatementKinds.None && !draft.HandsOut;
        if (IsToClient(statement, to) && isPlain)
        {
            var describing = InPlace(statement, open + 1, to - 2, draft.Settings.Encoding);
            draft.CopyOut = CopyOptions.Read(statement, to + 2, binary: false)?.ToCopyOut(draft.Settings.Encoding, describing, isQuery: true, isCertain: false);
        }
        var program = statement.Is(to + 1, Word.Program) ? StatementKinds.Code : StatementKinds.None;
        return StatementKinds.Export | kinds | program;
    }

    /// <summary>STDIN is the client as well.</summary>
    private static bool IsToClient(StatementTokens statement, int to) => statement.Keyword(to + 1) is Word.Stdout or Word.Stdin;

    /// <summary>A query for the columns of the table, in the statement's own spelling; null where a column's name cannot be read.</summary>
    private static byte[]? Selecting(StatementTokens statement, int relation, int columns, int to)
    {
        using var query = new MemoryStream();
        query.Write("SELECT "u8);
        if (columns == to)
        {
            query.Write("*"u8);
        }
        else
        {
            for (var at = columns + 1; at < to; at += 2)
            {
                if (!statement.IsName(at) || !(statement.Kind(at + 1) == TokenKind.Comma || at + 2 == to))
                    return null;
                // What may be a column's name in COPY is not always one in a query, unless it is quoted.
                query.Write(statement.Keyword(at) is var word and not Word.NoKeyword ? Encoding.ASCII.GetBytes($"\"{word.Text()}\"") : statement.Bytes(at));
                query.Write(at + 2 == to ? ""u8 : ", "u8);
            }
        }
        query.Write(" FROM "u8);
        query.Write(statement.Text[statement[relation].Start..statement[columns - 1].End]);
        return query.ToArray();
    }

    /// <summary>The query with a blank in the place of every character before it, so that the server's errors point to where it stands.</summary>
    private static byte[] InPlace(StatementTokens statement, int first, int last, PostgresTextEncoding encoding)
    {
        var start = statement[first].Start;
        var characters = start;
        if (encoding == PostgresTextEncoding.Utf8)
        {
            foreach (var unit in statement.Text[..start])
                characters -= (unit & 0xC0) == 0x80 ? 1 : 0;
        }
        var text = new byte[characters + statement[last].End - start];
        text.AsSpan(0, characters).Fill((byte)' ');
        statement.Text[start..statement[last].End].CopyTo(text.AsSpan(characters));
        return text;
    }

    private static bool StaysOnServer(StatementTokens statement, int to) => statement[to + 1].IsString || statement.Is(to + 1, Word.Program);
}
