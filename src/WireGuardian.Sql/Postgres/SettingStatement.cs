using System.Text;
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
        if (statement.Is(statement.Start + 1, Word.Session, Word.Characteristics))
            return StatementKinds.Transaction;
        var i = NameIndex(statement);
        if (statement.Keyword(i) is Word.Transaction or Word.Constraints && statement.Is(statement.Start, Word.Set))
            return StatementKinds.Transaction;
        return statement.End <= i ? StatementKinds.Session | StatementKinds.Unclassified : StatementKinds.Session;
    }

    /// <summary>True for what decides how later text reads, and for names that cannot be read.</summary>
    public static bool MayChangeReading(StatementTokens statement) =>
        statement.Name(NameIndex(statement)) is not { } name || name is "all" or "names" || DecidesReading(Encoding.UTF8.GetBytes(name));

    /// <summary>True for a setting of this name. The server tells settings apart without regard to case, in quotes too.</summary>
    public static bool DecidesReading(ReadOnlySpan<byte> setting) =>
        Ascii.EqualsIgnoreCase(setting, "standard_conforming_strings") || Ascii.EqualsIgnoreCase(setting, "client_encoding");

    private static int NameIndex(StatementTokens statement)
    {
        var i = statement.Start + 1;
        var isScope = statement.Is(i, Word.Local) || (statement.Is(i, Word.Session) && !statement.Is(i + 1, Word.Authorization));
        return isScope ? i + 1 : i;
    }
}
