using WireGuardian.Core.Statements;
using Ascii = System.Text.Ascii;

namespace WireGuardian.Postgres.Relay;

/// <summary>
/// Keeps account of the texts that change what later ones mean: search_path, role, settings that queries read, temporary tables. A text that says by itself what it
/// sets is kept as it is; of one that computes it, or runs code, nothing can be said.
/// </summary>
internal static class SettingTexts
{
    private const StatementKinds Changers = StatementKinds.Session | StatementKinds.Code | StatementKinds.Unclassified;

    /// <summary>A statement is sent.</summary>
    public static void Note(RelayState state, StatementAtGate gated)
    {
        var history = state.History;
        var (statement, kinds) = (gated.Statement, gated.Judgement!.Verdict.Kinds);
        ReadOnlySpan<byte> text = statement.Text;
        var changes = (kinds & Changers) != 0 || statement.Facts.Any(facts => facts.MayChangeSettings);
        if (!changes && !(kinds.HasFlag(StatementKinds.Ddl) && Contains(text, "temp"u8)))
            return;
        if (statement.Facts.Count == 1 && BeginsWith(text, "show"u8))
            return;
        if (kinds == StatementKinds.Session && RequesterReason.Setting(text) is { } reason)
            state.Reason = reason;
        // A dollar and a digit may be a parameter, whose value is not looked at here.
        var isTold = statement is { Text.Length: > 0, DependsOnNames: false } && !HasParameter(text) && (!changes || statement.Facts.All(SaysWhatItSets));
        if (isTold)
            history.Ran(text);
        else
            history.RanUnknown();
    }

    /// <summary>SET, RESET, DISCARD, or a plain set_config: nothing is read or called to find the value.</summary>
    private static bool SaysWhatItSets(StatementFacts facts) =>
        (facts.Kinds & ~(StatementKinds.Session | StatementKinds.Select)) == StatementKinds.None && !facts.IsOpaque && facts.Relations.Count == 0
        && (facts.Kinds == StatementKinds.Session || facts.Identifiers.All(name => name.ToString() is "set_config" or "pg_catalog.set_config" or "pg_catalog"));

    private static bool BeginsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word)
    {
        text = text.TrimStart(" \t\r\n"u8);
        return text.Length >= word.Length && Ascii.EqualsIgnoreCase(text[..word.Length], word);
    }

    private static bool Contains(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word)
    {
        for (var at = 0; at + word.Length <= text.Length; at++)
        {
            if (Ascii.EqualsIgnoreCase(text.Slice(at, word.Length), word))
                return true;
        }
        return false;
    }

    private static bool HasParameter(ReadOnlySpan<byte> text)
    {
        for (var at = 0; at + 1 < text.Length; at++)
        {
            if (text[at] == '$' && char.IsAsciiDigit((char)text[at + 1]))
                return true;
        }
        return false;
    }
}
