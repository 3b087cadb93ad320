using WireGuardian.Sql.Lexing;
using Word = WireGuardian.Sql.Lexing.MySqlKeyword;

namespace WireGuardian.Sql.MySql;

/// <summary>Finds names where a relation can stand: behind FROM, JOIN, INTO, UPDATE, TABLE and in the lists of those.</summary>
internal static class RelationNames
{
    /// <summary>Lists are not walked further than this in all: they are for people to read.</summary>
    private const int MostSteps = 100_000;

    /// <summary>Adds the relations that this key word announces.</summary>
    public static void Note(StatementTokens statement, int index, StatementDraft draft)
    {
        if (draft.RelationSteps > MostSteps)
            return;
        switch (statement.Keyword(index))
        {
            case Word.From when !IsOperand(statement, index):
                References(statement, index + 1, draft, isWritten: statement.Keyword(index - 1) is Word.Delete or Word.LowPriority or Word.Quick or Word.Ignore);
                break;
            case Word.Set when statement.Is(statement.Start, Word.Update):
                draft.AssignsFrom = Math.Min(draft.AssignsFrom, index);
                break;
            case Word.Join or Word.StraightJoin:
                // UPDATE a JOIN b SET …: whichever of them it assigns to.
                One(statement, index + 1, draft, isWritten: statement.Is(statement.Start, Word.Update) && index < draft.AssignsFrom);
                break;
            case Word.Into when statement.Keyword(index + 1) is not (Word.Outfile or Word.Dumpfile or Word.Table):
                One(statement, index + 1, draft, isWritten: true);
                break;
            case Word.Insert or Word.Replace when index == statement.Start:
                Target(statement, index + 1, draft);
                break;
            case Word.Update when index == statement.Start || statement.Kind(index - 1) == MySqlTokenKind.CloseParenthesis:
                References(statement, index + 1, draft, isWritten: true);
                break;
            case Word.Delete when index == statement.Start:
                References(statement, index + 1, draft, isWritten: true);
                break;
            case Word.Using when IsDelete(statement) && !statement.IsOpen(index + 1):
                References(statement, index + 1, draft, isWritten: false);
                break;
            case Word.Table or Word.Tables or Word.View or Word.Handler or Word.Truncate:
                List(statement, index + 1, draft, IsChanged(statement, index));
                break;
            case Word.On when statement.Keyword(statement.Start) is Word.Create or Word.Drop or Word.Grant or Word.Revoke:
                List(statement, index + 1, draft, isWritten: !MakesRelation(statement));
                break;
            case Word.References or Word.Like when statement.Is(statement.Start, Word.Create):
                One(statement, index + 1, draft, isWritten: false);
                break;
        }
    }

    /// <summary>What a statement makes, changes or drops; TABLE t is a query, and LOCK TABLES changes nothing.</summary>
    private static bool IsChanged(StatementTokens statement, int index) =>
        statement.Is(index - 1, Word.Into) || (statement.Keyword(statement.Start) is Word.Create or Word.Alter or Word.Drop or Word.Truncate or Word.Rename
            && !statement.Is(index - 1, Word.As) && !statement.IsOpen(index - 1));

    /// <summary>True for CREATE of a table or view: an ON in it is that of a join.</summary>
    private static bool MakesRelation(StatementTokens statement)
    {
        if (!statement.Is(statement.Start, Word.Create))
            return false;
        var what = statement.Start + 1;
        return statement.Keyword(what) is Word.Table or Word.Temporary or Word.View or Word.Or or Word.Algorithm or Word.Definer or Word.Sql;
    }

    /// <summary>A table reference list: names with aliases and joins between, to the next clause.</summary>
    private static void References(StatementTokens statement, int index, StatementDraft draft, bool isWritten)
    {
        var wantsItem = true;
        for (var i = index; i < statement.End;)
        {
            var token = statement[i];
            if (token.Kind == MySqlTokenKind.Comma)
                wantsItem = true;
            else if (token.Keyword != Word.NoKeyword && (EndsClause(token.Keyword) || (token.Is(Word.Using) && !statement.IsOpen(i + 1))))
                return;
            else if (token.Kind is MySqlTokenKind.CloseParenthesis or MySqlTokenKind.Semicolon && token.Partner < index)
                return;
            else if (wantsItem && IsJoin(statement, i))
                wantsItem = true;
            else if (wantsItem && token.Keyword is Word.LowPriority or Word.Ignore or Word.Quick or Word.Lateral)
                wantsItem = true;
            else if (wantsItem && statement.TryQualifiedName(i, out var name, out var next))
            {
                if (!statement.IsOpen(next))
                    draft.AddRelation(name, isWritten);
                wantsItem = false;
                i = next;
                continue;
            }
            else
                wantsItem = false;

            i = wantsItem ? i + 1 : statement.Next(i);
            draft.RelationSteps++;
        }
    }

    /// <summary>A parenthesis around a join; one around a subquery is passed over, the subquery has a FROM of its own.</summary>
    private static bool IsJoin(StatementTokens statement, int index) => statement.Kind(index) == MySqlTokenKind.OpenBrace
        || (statement.IsOpen(index) && statement.Keyword(index + 1) is not (Word.Select or Word.With or Word.Values or Word.Table));

    /// <summary>The target of INSERT or REPLACE that stands there without INTO.</summary>
    private static void Target(StatementTokens statement, int index, StatementDraft draft)
    {
        while (statement.Keyword(index) is Word.LowPriority or Word.HighPriority or Word.Delayed or Word.Ignore)
            index++;
        if (!statement.Is(index, Word.Into))
            One(statement, index, draft, isWritten: true);
    }

    private static void One(StatementTokens statement, int index, StatementDraft draft, bool isWritten)
    {
        while (statement.IsOpen(index))
            index++;
        if (statement.TryQualifiedName(index, out var name, out var next) && !IsFunction(statement, next, index))
            draft.AddRelation(name, isWritten);
    }

    /// <summary>Behind INTO a parenthesis holds columns; elsewhere it makes a name a function's.</summary>
    private static bool IsFunction(StatementTokens statement, int next, int index) =>
        statement.IsOpen(next) && !(statement.Is(index - 1, Word.Into) || statement.Keyword(statement.Start) is Word.Create or Word.Insert or Word.Replace);

    /// <summary>Names separated by commas, with the words that may stand before and between them.</summary>
    private static void List(StatementTokens statement, int index, StatementDraft draft, bool isWritten)
    {
        for (var i = index; ; i++)
        {
            while (statement.Keyword(i) is Word.If or Word.Not or Word.Exists or Word.Table or Word.Local or Word.Ignore && !statement.Is(i + 1, MySqlTokenKind.Dot))
            {
                i++;
                draft.RelationSteps++;
            }

            if (!statement.TryQualifiedName(i, out var name, out i))
                return;
            draft.AddRelation(name, isWritten);
            // RENAME TABLE a TO b; LOCK TABLES a AS x READ, b WRITE.
            while (i < statement.End && !statement.Is(i, MySqlTokenKind.Comma))
            {
                if (statement.Is(i, Word.To))
                {
                    if (statement.Is(statement.Start, Word.Rename))
                        break;
                    return;
                }

                draft.RelationSteps++;
                if (statement.Keyword(i) is not (Word.As or Word.Read or Word.Write or Word.Local or Word.LowPriority) && !statement.IsName(i))
                    return;
                i++;
            }

            if (i >= statement.End)
                return;
        }
    }

    private static bool IsDelete(StatementTokens statement) => statement.Keyword(statement.Start) is Word.Delete or Word.With;

    /// <summary>FROM of EXTRACT, TRIM and SUBSTRING.</summary>
    private static bool IsOperand(StatementTokens statement, int index)
    {
        // These take one or two tokens before FROM; a longer expression there only makes the list longer than it need be.
        for (var i = index - 1; i >= index - 3; i--)
        {
            if (statement.IsOpen(i))
                return statement.Name(i - 1) is "extract" or "substring" or "substr" or "mid" or "trim";
        }

        return false;
    }

    private static bool EndsClause(Word keyword) => keyword is Word.Where or Word.Group or Word.Having or Word.Order or Word.Limit or Word.For
        or Word.Union or Word.Intersect or Word.Except or Word.Window or Word.Returning or Word.Select or Word.Into or Word.From or Word.Set
        or Word.Values or Word.With or Word.Procedure or Word.Lock;
}
