using System.Text;
using WireGuardian.Core.Statements;
using Word = WireGuardian.Sql.Lexing.PostgresKeyword;

namespace WireGuardian.Sql.Postgres;

/// <summary>DO, and the bodies of CREATE FUNCTION and PROCEDURE.</summary>
internal static class RoutineStatement
{
    private const StatementKinds LeavesNothing = StatementKinds.Select | StatementKinds.Delete | StatementKinds.Session | StatementKinds.Transaction | StatementKinds.Explain;

    /// <summary>DO runs its body at once: what the body does counts.</summary>
    public static StatementKinds Do(StatementTokens statement, StatementDraft draft)
    {
        var kinds = StatementKinds.Code;
        var body = -1;
        for (var i = statement.Start + 1; i < statement.End; i++)
        {
            if (statement.Is(i, Word.Language))
                i++;
            else if (statement[i].IsString)
                body = i;
        }

        if (body < 0 || !IsReadable(statement, statement.Start + 1) || statement.Literal(body) is not { } text)
        {
            draft.IsOpaque = true;
            return kinds | StatementKinds.Unclassified;
        }

        var routine = RoutineBody.Scan(text, draft.Settings);
        draft.Add(routine);
        kinds |= routine.Kinds;
        // What the body stores where is not followed: anything that it reads.
        if ((routine.Kinds & ~LeavesNothing) != 0 || routine.Identifiers.Any(name => BuiltInFunctions.HandsOut(name.Name)))
            draft.Add(new WriteSource(null, null, routine.Identifiers, ReadsWholeRow: true));
        if (!routine.HasDynamicSql)
            return kinds;
        draft.IsOpaque = true;
        return kinds | StatementKinds.Unclassified;
    }

    /// <summary>Adds the names of a routine's body, where it is text in a language that can be read.</summary>
    public static void AddBody(StatementTokens statement, int from, StatementDraft draft)
    {
        if (!IsReadable(statement, from))
        {
            draft.RoutineIsUnseen = true;
            return;
        }
        // A body in the SQL standard's form is part of the statement.
        draft.RoutineKinds |= RoutineBody.KindsOf(statement, from);
        for (var i = from; i < statement.End; i = statement.Next(i))
        {
            if (!statement.Is(i, Word.As) || !statement[i + 1].IsString)
                continue;
            if (statement.Literal(i + 1) is not { } text)
            {
                draft.RoutineIsUnseen = true;
                continue;
            }
            var routine = RoutineBody.Scan(text, draft.Settings);
            draft.Add(routine);
            draft.RoutineKinds |= routine.Kinds;
            draft.RoutineIsUnseen |= routine.HasDynamicSql || routine.ReadsCursor;
        }
    }

    /// <summary>True unless a language is named that is neither SQL nor PL/pgSQL.</summary>
    private static bool IsReadable(StatementTokens statement, int from)
    {
        var language = statement.Find(from, Word.Language);
        if (language < 0)
            return true;
        var name = statement[language + 1].IsString
            ? statement.Literal(language + 1) is { } literal ? Encoding.UTF8.GetString(literal) : null
            : statement.Name(language + 1);
        return name is "sql" or "plpgsql";
    }
}
