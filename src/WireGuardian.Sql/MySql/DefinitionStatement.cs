using WireGuardian.Core.Statements;
using WireGuardian.Sql.Lexing;
using Word = WireGuardian.Sql.Lexing.MySqlKeyword;

namespace WireGuardian.Sql.MySql;

/// <summary>ALTER, DROP and RENAME.</summary>
internal static class DefinitionStatement
{
    public static StatementKinds Alter(StatementTokens statement, StatementDraft draft)
    {
        var i = Subject(statement);
        switch (statement.Keyword(i))
        {
            case Word.User or Word.Role:
                draft.Results = ResultSets.Unknown;
                return StatementKinds.Ddl | StatementKinds.Privilege;
            case Word.Instance:
                return StatementKinds.Maintenance;
            case Word.Table:
                return StatementKinds.Ddl | Table(statement, i, draft);
            case Word.Procedure or Word.Function or Word.Event or Word.Library:
                return StatementKinds.Ddl | StatementKinds.Code | Definer(statement);
            case Word.View:
                return StatementKinds.Ddl | Definer(statement);
            case Word.Database or Word.Schema or Word.Tablespace or Word.Logfile or Word.Server or Word.Sequence:
                return StatementKinds.Ddl;
            case Word.Resource when statement.Is(i + 1, Word.Group):
                return StatementKinds.Ddl;
            default:
                return StatementKinds.Ddl | StatementKinds.Unclassified;
        }
    }

    public static StatementKinds Drop(StatementTokens statement, StatementDraft draft)
    {
        draft.Renames = statement.Is(statement.Start, Word.Rename);
        var i = statement.Start + 1;
        while (statement.Keyword(i) is Word.Temporary or Word.Online or Word.Offline or Word.Undo)
            i++;
        return statement.Keyword(i) switch
        {
            Word.User or Word.Role => StatementKinds.Ddl | StatementKinds.Privilege,
            Word.Table or Word.Tables or Word.View or Word.Index or Word.Database or Word.Schema or Word.Procedure or Word.Function or Word.Trigger
                or Word.Event or Word.Server or Word.Tablespace or Word.Logfile or Word.Sequence or Word.Package or Word.Library or Word.Resource =>
                StatementKinds.Ddl,
            Word.Spatial => StatementKinds.Ddl,
            _ => StatementKinds.Ddl | StatementKinds.Unclassified,
        };
    }

    /// <summary>What ALTER is about, behind ONLINE, IGNORE, DEFINER, ALGORITHM and SQL SECURITY.</summary>
    private static int Subject(StatementTokens statement)
    {
        var i = statement.Start + 1;
        while (i < statement.End)
        {
            if (statement.Is(i, Word.Definer) && statement.IsOperator(i + 1, (byte)'='))
            {
                i += 3;
                while (statement.Is(i, MySqlTokenKind.UserVariable) || statement.IsOpen(i) || statement.IsClose(i))
                    i++;
            }
            else if (statement.Is(i, Word.Algorithm))
            {
                i += 3;
            }
            else if (statement.Keyword(i) is Word.Online or Word.Offline or Word.Ignore or Word.Undo or Word.Sql or Word.Security or Word.Definer or Word.Invoker)
            {
                i++;
            }
            else
            {
                break;
            }
        }

        return i;
    }

    private static StatementKinds Definer(StatementTokens statement) =>
        statement.Is(statement.Start + 1, Word.Definer) && !statement.Is(statement.Start + 3, Word.CurrentUser)
            ? StatementKinds.Privilege
            : StatementKinds.None;

    /// <summary>Work on partitions answers with rows; IMPORT TABLESPACE takes a file in; EXCHANGE PARTITION and new generated columns move values.</summary>
    private static StatementKinds Table(StatementTokens statement, int index, StatementDraft draft)
    {
        var kinds = StatementKinds.None;
        for (var i = index; i < statement.End; i = statement.Next(i))
        {
            switch (statement.Keyword(i))
            {
                case Word.Partition or Word.Partitions:
                    draft.Results = ResultSets.Unknown;
                    break;
                case Word.Import:
                    kinds |= StatementKinds.Import;
                    break;
                case Word.Rename or Word.Change:
                    draft.Renames = true;
                    break;
                case Word.Truncate:
                    kinds |= StatementKinds.Delete;
                    break;
            }

            var isMove = statement.Name(i) is "exchange" || (statement.Is(i, Word.As) && statement.IsOpen(i + 1));
            if (isMove && draft.WriteSourceCount == 0)
                WriteSources.AddEverything(statement, draft);
        }

        return kinds;
    }
}
