using WireGuardian.Core.Statements;
using WireGuardian.Sql.Lexing;
using Word = WireGuardian.Sql.Lexing.MySqlKeyword;

namespace WireGuardian.Sql.MySql;

/// <summary>SELECT, VALUES, TABLE, INSERT, REPLACE, UPDATE and DELETE, with or without WITH.</summary>
internal static class QueryStatement
{
    public static StatementKinds Classify(StatementTokens statement, StatementDraft draft)
    {
        var main = MainVerb(statement);
        if (main < 0)
            return StatementKinds.Unclassified;
        switch (statement.Keyword(main))
        {
            case Word.Insert:
                return Insert(statement, main, StatementKinds.Insert, draft);
            case Word.Replace:
                return Insert(statement, main, StatementKinds.Insert | StatementKinds.Delete, draft);
            case Word.Update:
                WriteSources.AddUpdate(statement, main, draft);
                return StatementKinds.Update;
            case Word.Delete:
                Returning(statement, main, draft);
                WriteSources.AddVariables(statement, draft);
                return StatementKinds.Delete;
            default:
                return Select(statement, draft);
        }
    }

    /// <summary>The verb of the query itself, behind its parentheses and WITH, or -1.</summary>
    public static int MainVerb(StatementTokens statement)
    {
        var i = statement.Start;
        while (statement.IsOpen(i))
            i++;
        if (!statement.Is(i, Word.With))
            return IsVerb(statement, i) ? i : -1;
        for (i++; i < statement.End; i = statement.Next(i))
        {
            // Before the verb of WITH stands the parenthesis of its last expression, or MariaDB's CYCLE … RESTRICT.
            if (!statement.IsClose(i - 1) && !statement.Is(i - 1, Word.Restrict))
                continue;
            if (IsVerb(statement, i))
                return i;
            if (statement.IsOpen(i))
            {
                while (statement.IsOpen(i))
                    i++;
                return IsVerb(statement, i) ? i : -1;
            }
        }

        return -1;
    }

    public static bool IsVerb(StatementTokens statement, int index) => statement.Keyword(index) switch
    {
        Word.Select or Word.Insert or Word.Replace or Word.Update or Word.Delete => true,
        Word.Table => statement.IsName(index + 1),
        Word.Values => statement.IsOpen(index + 1) || statement.Is(index + 1, Word.Row),
        _ => false,
    };

    private static StatementKinds Select(StatementTokens statement, StatementDraft draft)
    {
        var kinds = StatementKinds.Select;
        var writes = false;
        draft.IsPlainRead = true;
        for (var i = statement.Start; i < statement.End; i++)
        {
            switch (statement.Keyword(i))
            {
                case Word.Into when statement.Keyword(i + 1) is Word.Outfile or Word.Dumpfile:
                    kinds |= StatementKinds.Export;
                    writes = true;
                    break;
                case Word.Into:
                    IntoVariables(statement, i + 1, draft);
                    writes = true;
                    break;
                case Word.Update or Word.Share when statement.Is(i - 1, Word.For):
                    draft.IsPlainRead = false;
                    break;
                case Word.Lock:
                    draft.IsPlainRead = false;
                    break;
            }
        }

        draft.Results = writes ? ResultSets.None : ResultSets.One;
        if (writes)
        {
            draft.IsPlainRead = false;
            WriteSources.AddEverything(statement, draft);
        }
        else
        {
            WriteSources.AddVariables(statement, draft);
            draft.Shape = ResultShapeReader.Query(statement);
        }

        return kinds;
    }

    private static void IntoVariables(StatementTokens statement, int index, StatementDraft draft)
    {
        for (var i = index; statement.Variable(i) is { } variable; i += 2)
        {
            draft.AddUserVariableWritten(variable);
            if (!statement.Is(i + 1, MySqlTokenKind.Comma))
                return;
        }
    }

    private static StatementKinds Insert(StatementTokens statement, int main, StatementKinds kinds, StatementDraft draft)
    {
        WriteSources.AddInsert(statement, main, draft);
        Returning(statement, main, draft);
        for (var i = main; i < statement.End; i = statement.Next(i))
        {
            if (statement.Is(i, Word.Duplicate, Word.Key) && statement.Is(i + 2, Word.Update))
                kinds |= StatementKinds.Update;
        }

        return kinds;
    }

    private static void Returning(StatementTokens statement, int main, StatementDraft draft)
    {
        if (!statement.Settings.IsMariaDb)
            return;
        var returning = statement.Find(main + 1, Word.Returning);
        if (returning < 0)
            return;
        draft.Results = ResultSets.One;
        draft.Shape = ResultShapeReader.Returning(statement, main, returning);
    }
}
