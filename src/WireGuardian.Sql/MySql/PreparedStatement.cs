using WireGuardian.Core.Statements;
using Word = WireGuardian.Sql.Lexing.MySqlKeyword;

namespace WireGuardian.Sql.MySql;

/// <summary>PREPARE, EXECUTE, EXECUTE IMMEDIATE and DEALLOCATE: statements in literals are looked into, those in variables cannot be.</summary>
internal static class PreparedStatement
{
    /// <summary>No server prepares a statement that prepares; this much nesting is looked into all the same.</summary>
    private const int MostNested = 4;

    public static StatementKinds Prepare(StatementTokens statement, StatementDraft draft)
    {
        var name = statement.Start + 1;
        if (!statement.IsName(name) || statement.Name(name) is not { } text || !statement.Is(name + 1, Word.From) || statement.End <= name + 2)
            return StatementKinds.Unclassified;
        var inner = Inner(statement, name + 2, statement.End, draft);
        draft.Prepares = inner;
        draft.Defines = new NamedStatement(text, IsCursor: false, inner?.Facts ?? Unknown);
        if (inner is null)
        {
            draft.IsOpaque = true;
            return StatementKinds.Code | StatementKinds.Unclassified;
        }

        // Names only: nothing runs yet.
        var mayChange = draft.MayChangeSettings;
        draft.Add(inner with { SettingChanges = [] });
        draft.MayChangeSettings = mayChange;
        return inner.Facts.Kinds;
    }

    /// <summary>What the prepared statement does is for the caller to know, who saw it being made.</summary>
    public static StatementKinds Execute(StatementTokens statement, StatementDraft draft)
    {
        draft.Results = ResultSets.Unknown;
        draft.MayChangeSettings = true;
        draft.Transaction = TransactionEffect.Unknown;
        var name = statement.Start + 1;
        if (statement.Is(name, Word.Immediate) && statement.End > name + 1 && !statement.Is(name + 1, Word.Using))
            return Immediate(statement, name + 1, draft);
        if (!statement.IsName(name) || statement.Name(name) is not { } text || !(statement.End == name + 1 || statement.Is(name + 1, Word.Using)))
            return StatementKinds.Unclassified;
        draft.ExecutesPrepared = text;
        return StatementKinds.Select;
    }

    public static StatementKinds Deallocate(StatementTokens statement, StatementDraft draft)
    {
        var name = statement.Start + 2;
        if (!statement.Is(name - 1, Word.Prepare) || !statement.IsName(name) || statement.End != name + 1)
            return StatementKinds.Unclassified;
        draft.Deallocates = statement.Name(name);
        return StatementKinds.Session;
    }

    private static StatementFacts Unknown { get; } = new() { Kinds = StatementKinds.Unclassified, IsOpaque = true, MayChangeSettings = true };

    private static StatementKinds Immediate(StatementTokens statement, int text, StatementDraft draft)
    {
        var end = statement.Find(text, Word.Using);
        var inner = Inner(statement, text, end < 0 ? statement.End : end, draft);
        draft.Prepares = inner;
        if (inner is null)
        {
            draft.IsOpaque = true;
            return StatementKinds.Code | StatementKinds.Unclassified;
        }

        draft.Add(inner);
        draft.Results = inner.Results;
        draft.Transaction = inner.Transaction;
        return inner.Facts.Kinds;
    }

    /// <summary>The facts of what a literal says; null where it is no single literal.</summary>
    private static MySqlStatement? Inner(StatementTokens statement, int index, int end, StatementDraft draft)
    {
        if (end != index + 1 || statement.Literal(index) is not { } text || draft.Depth >= MostNested)
            return null;
        var all = MySqlAnalyzer.Analyze(text, draft.Settings, draft.Depth + 1);
        return all.Count == 1 ? all[0] with { ReadsAlways = MySqlAnalyzer.ReadsAlways(text) } : null;
    }
}
