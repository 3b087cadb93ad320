using WireGuardian.Core.Statements;
using Word = WireGuardian.Sql.Lexing.PostgresKeyword;

namespace WireGuardian.Sql.Postgres;

/// <summary>
/// SET and RESET: of settings, of the transaction, of the role. Becoming another role gives nobody a right that the login did not have, and changes nothing about
/// who the principal is.
/// </summary>
internal static class SettingStatement
{
    public static StatementKinds Classify(StatementTokens statement)
    {
        var i = statement.Start + 1;
        if (statement.Is(i, Word.Session, Word.Characteristics))
            return StatementKinds.Transaction;
        if (statement.Is(i, Word.Local) || (statement.Is(i, Word.Session) && !statement.Is(i + 1, Word.Authorization)))
            i++;
        if (statement.Keyword(i) is Word.Transaction or Word.Constraints && statement.Is(statement.Start, Word.Set))
            return StatementKinds.Transaction;
        return statement.End <= i ? StatementKinds.Session | StatementKinds.Unclassified : StatementKinds.Session;
    }
}
