using WireGuardian.Core.Statements;
using WireGuardian.Sql.Lexing;
using Word = WireGuardian.Sql.Lexing.MySqlKeyword;

namespace WireGuardian.Sql.MySql;

/// <summary>EXPLAIN, DESCRIBE, DESC, and MariaDB's ANALYZE of a statement: what only explains, and what runs, too.</summary>
internal static class ExplainStatement
{
    public static StatementKinds Classify(StatementTokens statement, StatementDraft draft)
    {
        draft.Results = ResultSets.One;
        var i = statement.Start;
        var runs = statement.Is(i, Word.Analyze);
        for (i++; ; i++)
        {
            if (statement.Is(i, Word.Analyze))
            {
                runs = true;
            }
            else if (statement.Is(i, Word.Format) && statement.IsOperator(i + 1, (byte)'='))
            {
                i += 2;
            }
            else if (statement.Is(i, Word.Into) && statement.Variable(i + 1) is { } variable)
            {
                draft.AddUserVariableWritten(variable);
                draft.Results = ResultSets.None;
                WriteSources.AddEverything(statement, draft);
                i++;
            }
            else if (statement.Is(i, Word.For) && statement.Keyword(i + 1) is Word.Schema or Word.Database)
            {
                i += 2;
            }
            else if (statement.Keyword(i) is not (Word.Extended or Word.Partitions) || !IsStatement(statement, i + 1))
            {
                break;
            }
        }

        if (statement.Is(i, Word.For, Word.Connection))
        {
            // The plan of whatever somebody else runs.
            draft.SideOutputs |= SideOutputs.StatementTexts;
            draft.IsOpaque = true;
            return StatementKinds.Explain;
        }

        var explained = statement.Part(i, statement.End);
        if (IsStatement(explained, i))
            return StatementKinds.Explain | Inner(explained, runs, draft);
        return !runs && statement.Is(statement.Start, Word.Analyze) == false && Described(statement, i, draft)
            ? StatementKinds.Explain
            : StatementKinds.Explain | StatementKinds.Unclassified;
    }

    private static bool IsStatement(StatementTokens statement, int index) =>
        statement.IsOpen(index) || statement.Is(index, Word.With) || QueryStatement.IsVerb(statement, index);

    private static StatementKinds Inner(StatementTokens explained, bool runs, StatementDraft draft)
    {
        var trial = runs ? draft : new StatementDraft(draft.Settings, draft.Depth);
        var kinds = QueryStatement.Classify(explained, trial);
        var results = draft.Results;
        draft.Shape = null;
        draft.IsPlainRead = false;
        draft.Results = draft.UserVariablesWritten.Count > 0 && results == ResultSets.None ? ResultSets.None : ResultSets.One;
        return runs || (kinds & (StatementKinds.Unclassified | StatementKinds.Export)) != 0 ? kinds : StatementKinds.None;
    }

    /// <summary><c>DESCRIBE t [column]</c>.</summary>
    private static bool Described(StatementTokens statement, int index, StatementDraft draft)
    {
        if (!statement.TryQualifiedName(index, out var name, out var next))
            return false;
        draft.AddRelation(name, isWritten: false);
        if (statement.IsName(next) || statement.Is(next, MySqlTokenKind.String))
            next++;
        return next == statement.End;
    }
}
