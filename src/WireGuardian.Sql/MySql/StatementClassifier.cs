using WireGuardian.Core.Statements;
using WireGuardian.Sql.Lexing;
using Word = WireGuardian.Sql.Lexing.MySqlKeyword;

namespace WireGuardian.Sql.MySql;

/// <summary>The kinds of a statement by its head, and what it defines, runs and writes. Heads that hold another statement hand on to it.</summary>
internal static class StatementClassifier
{
    private const StatementKinds Commits = StatementKinds.Ddl | StatementKinds.Privilege | StatementKinds.Maintenance;

    public static StatementKinds Classify(StatementTokens statement, bool isCompound, StatementDraft draft)
    {
        var kinds = isCompound && !IsDefinition(statement) ? Compound(statement, draft) : Kinds(statement, draft);
        if (kinds == StatementKinds.None)
            kinds = StatementKinds.Unclassified;
        if ((kinds & StatementKinds.Unclassified) != 0)
        {
            draft.MayChangeSettings = true;
            draft.Results = ResultSets.Unknown;
            draft.Transaction = TransactionEffect.Unknown;
        }
        else if ((kinds & Commits) != 0 && (kinds & (StatementKinds.Code | StatementKinds.Session)) == 0 && draft.Transaction == TransactionEffect.None)
        {
            draft.Transaction = TransactionEffect.CommitsImplicitly;
        }

        return kinds;
    }

    public static StatementKinds Kinds(StatementTokens statement, StatementDraft draft)
    {
        var head = statement.Start;
        switch (statement.Keyword(head))
        {
            case Word.Select or Word.Values or Word.Table or Word.With or Word.Insert or Word.Replace or Word.Update or Word.Delete:
                return QueryStatement.Classify(statement, draft);
            case Word.Explain or Word.Describe or Word.Desc:
                return ExplainStatement.Classify(statement, draft);
            case Word.Analyze when !IsTableMaintenance(statement, head + 1):
                return ExplainStatement.Classify(statement, draft);
            case Word.Prepare:
                return PreparedStatement.Prepare(statement, draft);
            case Word.Execute:
                return PreparedStatement.Execute(statement, draft);
            case Word.Deallocate:
                return PreparedStatement.Deallocate(statement, draft);
            case Word.Drop when statement.Is(head + 1, Word.Prepare):
                return PreparedStatement.Deallocate(statement, draft);
            case Word.Create:
                return CreateStatement.Classify(statement, draft);
            case Word.Alter:
                return DefinitionStatement.Alter(statement, draft);
            case Word.Drop or Word.Rename:
                return DefinitionStatement.Drop(statement, draft);
            case Word.Set:
                return SettingStatement.Classify(statement, draft);
            case Word.Use:
                return Use(statement, draft);
            case Word.Call:
                return Call(statement, draft);
            case Word.Do:
                draft.IsPlainRead = false;
                WriteSources.AddVariables(statement, draft);
                return StatementKinds.Select;
            case Word.Grant or Word.Revoke:
                return StatementKinds.Privilege;
            default:
                if (statement.IsOpen(head))
                    return QueryStatement.Classify(statement, draft);
                return AdministrationStatement.Classify(statement, draft) | ReadsInside(statement, draft);
        }
    }

    /// <summary>Statements that are none of their own may hold a subquery in an expression.</summary>
    public static StatementKinds ReadsInside(StatementTokens statement, StatementDraft draft)
    {
        for (var i = statement.Start; i < statement.End; i++)
        {
            if (!statement.Is(i, Word.Select) || statement.Is(i - 1, MySqlTokenKind.Dot))
                continue;
            WriteSources.AddVariables(statement, draft);
            return StatementKinds.Select;
        }

        return StatementKinds.None;
    }

    public static bool IsTableMaintenance(StatementTokens statement, int index) => statement.Keyword(index) is Word.Table or Word.Tables
        || (statement.Keyword(index) is Word.Local or Word.NoWriteToBinlog && statement.Keyword(index + 1) is Word.Table or Word.Tables);

    private static bool IsDefinition(StatementTokens statement) => statement.Keyword(statement.Start) is Word.Create or Word.Alter;

    /// <summary>Statements that run as code: every word in them that can begin a statement counts as one.</summary>
    private static StatementKinds Compound(StatementTokens statement, StatementDraft draft)
    {
        draft.MayChangeSettings = true;
        draft.Results = ResultSets.Unknown;
        draft.Transaction = TransactionEffect.Unknown;
        var kinds = StatementKinds.Code | BodySweep.Kinds(statement, out var isDynamic);
        if (isDynamic)
        {
            draft.IsOpaque = true;
            kinds |= StatementKinds.Unclassified;
        }

        WriteSources.AddEverything(statement, draft);
        for (var i = statement.Start; i < statement.End; i++)
        {
            if (statement.Variable(i) is { } variable)
                draft.AddUserVariableWritten(variable);
        }

        return kinds;
    }

    private static StatementKinds Use(StatementTokens statement, StatementDraft draft)
    {
        var name = statement.Start + 1;
        if (!statement.IsName(name) || statement.End > name + 1)
            return StatementKinds.Unclassified;
        draft.UsesDatabase = statement.Identifier(name);
        draft.MayChangeSettings = true;
        return StatementKinds.Session;
    }

    /// <summary>A procedure may write the variables that it is given.</summary>
    private static StatementKinds Call(StatementTokens statement, StatementDraft draft)
    {
        draft.MayChangeSettings = true;
        draft.Results = ResultSets.Unknown;
        draft.Transaction = TransactionEffect.Unknown;
        if (!statement.TryQualifiedName(statement.Start + 1, out var name, out _))
            return StatementKinds.Unclassified;
        draft.AddCall(name);
        for (var i = statement.Start; i < statement.End; i++)
        {
            if (statement.Variable(i) is { } variable)
                draft.AddUserVariableWritten(variable);
        }

        return StatementKinds.Code | ReadsInside(statement, draft);
    }
}
