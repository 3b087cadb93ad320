using WireGuardian.Core.Statements;
using WireGuardian.Sql.Lexing;
using Word = WireGuardian.Sql.Lexing.PostgresKeyword;

namespace WireGuardian.Sql.Postgres;

/// <summary>
/// SELECT, VALUES, TABLE, INSERT, UPDATE, DELETE and MERGE, with or without WITH. Statements inside are found by one pass over all tokens,
/// whatever they are nested in.
/// </summary>
internal static class QueryStatement
{
    /// <param name="head">Where the query starts: WITH, a parenthesis, or its verb.</param>
    public static StatementKinds Classify(StatementTokens statement, int head, StatementDraft draft)
    {
        var main = MainVerb(statement, head);
        if (main < 0)
            return StatementKinds.Unclassified;
        var kinds = Verb(statement.Keyword(main));
        HashSet<int>? behindWith = null;
        var verb = -1;
        for (var i = head; i < statement.End; i++)
        {
            var token = statement[i];
            if (token.Kind != TokenKind.Keyword)
            {
                // Only CREATE RULE has a semicolon in parentheses.
                if (token.Kind == TokenKind.Semicolon)
                    kinds |= StatementKinds.Unclassified;
                continue;
            }

            if (token.Is(Word.With) && WithClause.End(statement, i) is >= 0 and var behind)
                (behindWith ??= []).Add(behind);
            var isVerb = i == main || statement.IsOpen(i - 1) || behindWith?.Contains(i) == true;
            if (isVerb && IsDataModifying(statement, i))
            {
                kinds |= Verb(token.Keyword);
                verb = i;
                WriteSources.AddStatement(statement, i, i == main ? head : -1, draft);
            }
            else if (token.Is(Word.Into) && i != verb + 1 && IsSelectInto(statement, i))
            {
                if (!kinds.HasFlag(StatementKinds.Ddl))
                    SelectInto(statement, i, head, draft);
                kinds |= StatementKinds.Ddl;
            }
            else
            {
                kinds |= Action(statement, i, kinds);
            }
        }

        return kinds;
    }

    /// <summary>True for a verb with what has to follow it.</summary>
    public static bool IsDataModifying(StatementTokens statement, int index) => statement.Keyword(index) switch
    {
        Word.Insert or Word.Merge => statement.Is(index + 1, Word.Into),
        Word.Delete => statement.Is(index + 1, Word.From),
        Word.Update => RelationNames.IsUpdate(statement, index),
        _ => false,
    };

    public static StatementKinds Verb(Word keyword) => keyword switch
    {
        Word.Insert => StatementKinds.Insert,
        Word.Update => StatementKinds.Update,
        Word.Delete => StatementKinds.Delete,
        Word.Merge => StatementKinds.Merge,
        _ => StatementKinds.Select,
    };

    /// <summary>What ON CONFLICT DO and WHEN … THEN do.</summary>
    public static StatementKinds Action(StatementTokens statement, int index, StatementKinds kinds)
    {
        if (statement.Is(index, Word.Do) && statement.Is(index + 1, Word.Update, Word.Set))
            return StatementKinds.Update;
        if (!statement.Is(index, Word.Then) || !kinds.HasFlag(StatementKinds.Merge))
            return StatementKinds.None;
        return statement.Keyword(index + 1) switch
        {
            Word.Insert => StatementKinds.Insert,
            Word.Update when statement.Is(index + 2, Word.Set) => StatementKinds.Update,
            Word.Delete => StatementKinds.Delete,
            _ => StatementKinds.None,
        };
    }

    /// <summary>The verb of the query itself, behind parentheses and what WITH names.</summary>
    private static int MainVerb(StatementTokens statement, int head)
    {
        var i = head;
        while (true)
        {
            while (statement.IsOpen(i))
                i++;
            if (!statement.Is(i, Word.With))
                return IsVerb(statement, i) ? i : -1;
            i = WithClause.End(statement, i);
            if (i < 0)
                return -1;
        }
    }

    private static bool IsVerb(StatementTokens statement, int index) => statement.Keyword(index) switch
    {
        Word.Select or Word.Table => true,
        Word.Values => statement.IsOpen(index + 1),
        _ => IsDataModifying(statement, index),
    };

    /// <summary>
    /// INTO behind a verb of its own is that verb's; behind INSERT as a column's name or label (SELECT a INSERT INTO t) it is a SELECT's. After AS and a dot it is a name.
    /// </summary>
    private static bool IsSelectInto(StatementTokens statement, int index) =>
        !statement.Is(index - 1, Word.As) && statement.Kind(index - 1) != TokenKind.Dot;

    private static void SelectInto(StatementTokens statement, int into, int head, StatementDraft draft)
    {
        var i = into + 1;
        while (statement.Keyword(i) is Word.Temp or Word.Temporary or Word.Unlogged or Word.Local or Word.Global or Word.Table
            && (statement.IsName(i + 1) || statement.Is(i + 1, Word.Table)))
        {
            i++;
        }

        Identifier? target = statement.TryQualifiedName(i, out var name, out var next) ? name : null;
        if (target is null)
        {
            WriteSources.AddRegion(statement, head, statement.End, target, false, draft);
            return;
        }
        WriteSources.AddRegion(statement, head, into, target, false, draft);
        WriteSources.AddRegion(statement, next, statement.End, target, false, draft);
        if (target is { } created)
        {
            var (start, end) = (statement[head].Start, statement[statement.End - 1].End);
            ReadOnlySpan<byte> rest = next < statement.End ? statement.Text[statement[next].Start..end] : [];
            draft.Creates = new CreatedRelation(created, (byte[])[.. statement.Text[start..statement[into].Start], (byte)' ', .. rest]);
        }
    }
}
