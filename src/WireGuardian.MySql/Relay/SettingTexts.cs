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
        if (((kinds & Changers) == StatementKinds.None && !statement.Statements.Any(Changes)) || IsHarmless(statement))
            return;
        if (kinds == StatementKinds.Session && RequesterReason.Setting(statement.Text) is { } reason)
            state.Reason = reason;
        if (!gated.HasValues && statement.Text.Length > 0 && !statement.DependsOnSession && statement.Statements.All(SaysWhatItSets))
            history.Ran(statement.Text);
        else
            history.RanUnknown();
    }

    private static bool Changes(MySqlStatement one) =>
        one.UserVariablesWritten.Count > 0 || one.CreatesTemporaryTable || one.Prepares?.CreatesTemporaryTable == true
        || (one.Facts.MayChangeSettings && one.UsesDatabase is null && (one.Facts.Kinds & StatementKinds.Ddl) == StatementKinds.None);

    private static bool IsHarmless(SessionStatement statement) => statement.Statements is [var one]
        && (one.UsesDatabase is not null || (statement.Text.Length > 4 && Ascii.EqualsIgnoreCase(statement.Text.AsSpan(0, 5), "show "u8)));

    /// <summary>SET of what stands in it, or the definition of a temporary table: nothing is read or called to find the value.</summary>
    private static bool SaysWhatItSets(MySqlStatement one) =>
        !one.Facts.IsOpaque && (one.Facts.Kinds == StatementKinds.Session ? one.Facts.Relations.Count == 0 : one.CreatesTemporaryTable && one.Facts.Kinds == StatementKinds.Ddl);
}
