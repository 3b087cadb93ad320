using WireGuardian.Core.Statements;
using Word = WireGuardian.Sql.Lexing.PostgresKeyword;

namespace WireGuardian.Sql.Postgres;

/// <summary>SET and RESET: of settings, of the transaction, of the role.</summary>
internal static class SettingStatement
{
    public static StatementKinds Classify(StatementTokens statement)
    {
        var i = statement.Start + 1;
        if (statement.Is(i, Word.Session, Word.Characteristics))
            return StatementKinds.Transaction;
        if (statement.Is(i, Word.Local) || (statement.Is(i, Word.Session) && !statement.Is(i + 1, Word.Authorization)))
            i++;
        if (statement.Is(i, Word.Session, Word.Authorization))
            return StatementKinds.Session | StatementKinds.Privilege;
        if (statement.Keyword(i) is Word.Transaction or Word.Constraints && statement.Is(statement.Start, Word.Set))
            return StatementKinds.Transaction;
        if (statement.End <= i)
            return StatementKinds.Session | StatementKinds.Unclassified;
        return statement.Name(i) is "role" or "session_authorization"
            ? StatementKinds.Session | StatementKinds.Privilege
            : StatementKinds.Session;
    }
}
