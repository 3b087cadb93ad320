using System.Collections.Frozen;
using WireGuardian.Core.Statements;
using WireGuardian.Sql.Lexing;

namespace WireGuardian.Sql.MySql;

/// <summary>
/// Looks through the body of a stored program: not what it means, but what it can do at most. Every key word that can start a
/// statement counts wherever it stands.
/// </summary>
public static class RoutineBody
{
    /// <summary>Scans a body from the catalog, under the sql_mode that the catalog keeps with it.</summary>
    public static RoutineFacts Scan(ReadOnlySpan<byte> body, MySqlSqlSettings settings)
    {
        if (settings.IsUncertain && !MySqlAnalyzer.ReadsAlways(body))
            return Unreadable;
        var draft = new StatementDraft(settings, depth: 0);
        var kinds = StatementKinds.None;
        var isDynamic = false;
        using var buffer = new MySqlTokenBuffer(body, settings);
        while (buffer.Read())
        {
            if (!buffer.IsComplete)
                return Unreadable;
            var statement = new StatementTokens(body, buffer.Tokens, 0, buffer.Count, settings);
            NameSweep.Run(statement, draft);
            kinds |= BodySweep.Kinds(statement, out var isOneDynamic);
            isDynamic |= isOneDynamic;
            NoteVariablesWritten(statement, draft);
        }

        return new RoutineFacts(kinds, draft.Identifiers, draft.UserVariables, draft.UserVariablesWritten.Count > 0, isDynamic);
    }

    private static RoutineFacts Unreadable { get; } = new(
        StatementKinds.Unclassified, FrozenSet<Identifier>.Empty, FrozenSet<string>.Empty, UserVariablesWritten: true, HasDynamicSql: true);

    /// <summary>A variable that an equals sign follows may be compared or set; one behind INTO, or between the parentheses of a CALL, may be written.</summary>
    private static void NoteVariablesWritten(StatementTokens statement, StatementDraft draft)
    {
        var mayWrite = false;
        for (var i = statement.Start; i < statement.End; i++)
        {
            if (statement.Is(i, MySqlTokenKind.Semicolon))
                mayWrite = false;
            else if (statement.Keyword(i) is MySqlKeyword.Into or MySqlKeyword.Set or MySqlKeyword.Call or MySqlKeyword.Get or MySqlKeyword.Load)
                mayWrite = true;
            else if (mayWrite && statement.Variable(i) is { } variable)
                draft.AddUserVariableWritten(variable);
        }
    }
}
