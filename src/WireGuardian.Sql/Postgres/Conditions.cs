using Word = WireGuardian.Sql.Lexing.PostgresKeyword;

namespace WireGuardian.Sql.Postgres;

/// <summary>Conditions that a definition makes the server check over rows that are there: what becomes of it tells something of their values.</summary>
internal static class Conditions
{
    /// <summary>WHERE of CREATE INDEX, behind its columns.</summary>
    public static void AddOfIndex(StatementTokens statement, int index, StatementDraft draft)
    {
        var where = statement.Find(index, Word.Where);
        if (where > 0)
            draft.Conditions = WriteSources.Names(statement, where + 1, statement.End);
    }

    /// <summary>USING and WITH CHECK of a policy.</summary>
    public static void AddOfPolicy(StatementTokens statement, int index, StatementDraft draft) =>
        draft.Conditions = WriteSources.Names(statement, index + 1, statement.End);

    /// <summary>CHECK and EXCLUDE that ALTER TABLE adds.</summary>
    public static void AddOfTable(StatementTokens statement, int index, StatementDraft draft)
    {
        for (var i = index; i < statement.End; i = statement.Next(i))
        {
            if (statement.Keyword(i) is Word.Check or Word.Exclude)
                draft.Conditions = WriteSources.Names(statement, i + 1, statement.End);
            if (draft.Conditions.Count > 0)
                return;
        }
    }
}
