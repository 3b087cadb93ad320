using WireGuardian.Sql.Lexing;
using Word = WireGuardian.Sql.Lexing.MySqlKeyword;

namespace WireGuardian.Sql.MySql;

/// <summary>One pass over a statement that gathers its names, its variables, its calls and its relations.</summary>
internal static class NameSweep
{
    public static void Run(StatementTokens statement, StatementDraft draft)
    {
        var names = new NameReader(statement);
        for (var i = statement.Start; i < statement.End; i++)
        {
            var token = statement[i];
            if (token.Kind == MySqlTokenKind.UserVariable)
                Variable(statement, i, draft);
            if (token.Is(Word.As))
                CommonTableExpression(statement, i, draft);
            else if (token.Keyword != Word.NoKeyword && statement.Kind(i - 1) != MySqlTokenKind.Dot)
                RelationNames.Note(statement, i, draft);
            if (!names.TryRead(i, out var name))
                continue;
            draft.Add(name);
            if (!statement.IsOpen(i + 1))
                continue;
            draft.AddCall(name);
            if (name is { Qualifier: null, Name: "load_file" })
                draft.SideOutputs |= SideOutputs.ServerFiles;
            else if (Keeps(statement, i, name.Name))
                draft.AddUserVariableWritten(name.Name);
        }
    }

    /// <summary>Functions that keep what they are given where the session finds it later, as a user variable does.</summary>
    private static bool Keeps(StatementTokens statement, int index, string name) =>
        name is "setval" or "get_lock" || (name == "last_insert_id" && !statement.IsClose(index + 2));

    private static void Variable(StatementTokens statement, int index, StatementDraft draft)
    {
        var name = statement.Variable(index)!;
        if (statement.Is(index + 1, MySqlTokenKind.ColonEquals))
            draft.AddUserVariableWritten(name);
        else
            draft.AddUserVariable(name);
    }

    /// <summary>The x of <c>x [(…)] AS (</c>.</summary>
    private static void CommonTableExpression(StatementTokens statement, int index, StatementDraft draft)
    {
        if (!statement.IsOpen(index + 1))
            return;
        var before = index - 1;
        if (statement[before] is { Kind: MySqlTokenKind.CloseParenthesis, Partner: >= 0 } columns)
            before = columns.Partner - 1;
        if (statement.Keyword(before - 1) is Word.With or Word.Recursive || statement.Is(before - 1, MySqlTokenKind.Comma))
        {
            if (statement.IsName(before) && statement.Name(before) is { } name)
                draft.AddCommonTableExpression(name);
        }
    }
}
