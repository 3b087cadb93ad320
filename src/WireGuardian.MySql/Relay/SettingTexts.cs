using System.Text;
using WireGuardian.Core.Statements;
using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Relay;

/// <summary>
/// Keeps account of the texts that change what later ones mean: system and user variables, roles, temporary tables. A text that says by itself what it sets is kept
/// as it is; of one that computes it, or runs code, nothing can be said. The session's own database is part of every digest, so USE is left out.
/// </summary>
internal static class SettingTexts
{
    private const StatementKinds Changers = StatementKinds.Session | StatementKinds.Code | StatementKinds.Unclassified;

    /// <summary>A statement is sent.</summary>
    public static void Note(RelayState state, StatementAtGate gated)
    {
        var history = state.History;
        var (statement, kinds) = (gated.Statement, gated.Judgement!.Verdict.Kinds);
        if (((kinds & Changers) == StatementKinds.None && !Change(statement.Statements)) || IsHarmless(statement))
            return;
        if (kinds == StatementKinds.Session && RequesterReason.Setting(statement.Text) is { } reason)
            state.Reason = reason;
        if (!gated.HasValues && statement.Text.Length > 0 && !statement.DependsOnSession && statement.Statements.All(SaysWhatItSets) && !(kinds == StatementKinds.Session && Computes(statement.Text)))
            history.Ran(statement.Text);
        else
            history.RanUnknown();
    }

    /// <summary>Asked for every statement: allocates nothing.</summary>
    private static bool Change(IReadOnlyList<MySqlStatement> all)
    {
        for (var index = 0; index < all.Count; index++)
        {
            if (Changes(all[index]))
                return true;
        }
        return false;
    }

    private static bool Changes(MySqlStatement one) =>
        one.UserVariablesWritten.Count > 0 || one.CreatesTemporaryTable || one.Prepares?.CreatesTemporaryTable == true
        || (one.Facts.MayChangeSettings && one.UsesDatabase is null && (one.Facts.Kinds & StatementKinds.Ddl) == StatementKinds.None);

    private static bool IsHarmless(SessionStatement statement) => statement.Statements is [var one]
        && (one.UsesDatabase is not null || (statement.Text.Length > 4 && Ascii.EqualsIgnoreCase(statement.Text.AsSpan(0, 5), "show "u8)));

    /// <summary>True where SET may take its value from a function or from the server, also from one that is written without parentheses.</summary>
    private static bool Computes(ReadOnlySpan<byte> text)
    {
        var words = Encoding.UTF8.GetString(text);
        return words.Contains('(') || words.Contains("@@", StringComparison.Ordinal) || words.Contains("current_", StringComparison.OrdinalIgnoreCase)
            || words.Contains("localtime", StringComparison.OrdinalIgnoreCase) || words.Contains("utc_", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>SET of what stands in it, or the definition of a temporary table: nothing is read or called to find the value.</summary>
    private static bool SaysWhatItSets(MySqlStatement one) =>
        !one.Facts.IsOpaque && (one.Facts.Kinds == StatementKinds.Session ? one.Facts.Relations.Count == 0 : one.CreatesTemporaryTable && one.Facts.Kinds == StatementKinds.Ddl);
}
