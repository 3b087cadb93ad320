using WireGuardian.Core.Statements;
using WireGuardian.Sql.Lexing;
using Word = WireGuardian.Sql.Lexing.MySqlKeyword;

namespace WireGuardian.Sql.MySql;

/// <summary>CREATE: what is made, and what of it is more than a definition.</summary>
internal static class CreateStatement
{
    public static StatementKinds Classify(StatementTokens statement, StatementDraft draft)
    {
        var definer = StatementKinds.None;
        var i = statement.Start + 1;
        for (; i < statement.End; i = statement.Next(i))
        {
            switch (statement.Keyword(i))
            {
                case Word.Definer when statement.IsOperator(i + 1, (byte)'='):
                    if (!statement.Is(i + 2, Word.CurrentUser))
                        definer = StatementKinds.Privilege;
                    i += 2;
                    // user@host is two tokens, CURRENT_USER() three.
                    if (statement.Is(i + 1, MySqlTokenKind.UserVariable))
                        i++;
                    continue;
                case Word.Or or Word.Replace or Word.Unique or Word.Fulltext or Word.Spatial or Word.Online or Word.Offline or Word.Aggregate
                    or Word.Undo or Word.Sql or Word.Security or Word.Invoker or Word.If or Word.Not or Word.Exists or Word.Vcpu:
                    continue;
                case Word.Algorithm:
                    i += 2;
                    continue;
                case Word.Temporary:
                    draft.CreatesTemporaryTable = true;
                    continue;
                default:
                    // SQL SECURITY DEFINER; the parenthesis of CURRENT_USER().
                    if (statement.Is(i, Word.Definer) || statement.IsOpen(i))
                        continue;
                    return StatementKinds.Ddl | definer | Object(statement, i, draft);
            }
        }

        return StatementKinds.Ddl | StatementKinds.Unclassified;
    }

    private static StatementKinds Object(StatementTokens statement, int index, StatementDraft draft)
    {
        switch (statement.Keyword(index))
        {
            case Word.Table:
                return Table(statement, index, draft);
            case Word.Procedure or Word.Function:
                draft.DefinesRoutine = RoutineName(statement, index + 1);
                return StatementKinds.Code;
            case Word.Trigger or Word.Event or Word.Package or Word.Library:
                draft.DefinesRoutine = RoutineName(statement, index + 1);
                return StatementKinds.Code;
            case Word.User or Word.Role:
                // IDENTIFIED BY RANDOM PASSWORD answers with it.
                draft.Results = ResultSets.Unknown;
                return StatementKinds.Privilege;
            case Word.View or Word.Index or Word.Database or Word.Schema or Word.Sequence or Word.Tablespace or Word.Logfile or Word.Server:
                draft.CreatesTemporaryTable = false;
                return StatementKinds.None;
            case Word.Resource when statement.Is(index + 1, Word.Group):
                return StatementKinds.None;
            // CREATE SPATIAL REFERENCE SYSTEM
            case var _ when statement.Name(index) is "reference" && statement.Is(index - 1, Word.Spatial):
                return StatementKinds.None;
            case Word.Json when statement.Name(index + 1) is "relational" or "duality":
                return StatementKinds.None;
            default:
                return StatementKinds.Unclassified;
        }
    }

    /// <summary>A table, filled or not: a query may stand anywhere behind the name, with AS or without.</summary>
    private static StatementKinds Table(StatementTokens statement, int index, StatementDraft draft)
    {
        var i = index + 1;
        while (statement.Keyword(i) is Word.If or Word.Not or Word.Exists)
            i++;
        if (!statement.TryQualifiedName(i, out var target, out i))
            return StatementKinds.Unclassified;
        for (; i < statement.End; i++)
        {
            if (statement.Is(i - 1, MySqlTokenKind.Dot) || !IsQuery(statement, i))
                continue;
            WriteSources.AddRegion(statement, i, statement.End, target, draft);
            return StatementKinds.Select;
        }

        return StatementKinds.None;
    }

    private static bool IsQuery(StatementTokens statement, int index) => statement.Keyword(index) switch
    {
        Word.Select => true,
        // WITH SYSTEM VERSIONING and WITH PARSER are no queries.
        Word.With => statement.Is(index + 1, Word.Recursive) || statement.Is(index + 2, Word.As) || statement.IsOpen(index + 2),
        Word.Table => !statement.IsOpen(index + 1) && statement.Keyword(index - 1) is not (Word.Create or Word.Temporary),
        // PARTITION … VALUES LESS THAN and VALUES IN are no queries.
        Word.Values => statement.Is(index + 1, Word.Row) || (statement.IsOpen(index + 1) && !IsPartition(statement, index)),
        _ => false,
    };

    private static bool IsPartition(StatementTokens statement, int index) => statement.Is(index - 2, Word.Partition);

    private static string? RoutineName(StatementTokens statement, int index)
    {
        while (statement.Keyword(index) is Word.If or Word.Not or Word.Exists or Word.Body)
            index++;
        return statement.TryQualifiedName(index, out var name, out _) ? name.Name : null;
    }
}
