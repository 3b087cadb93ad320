using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace WireGuardian.Core.Statements;

/// <summary>
/// A requester's reason: <c>/* reason: … */</c> in front of a statement, or the value of a session setting. These are the requester's own words, written for the
/// operator to read; they are shown as such, and nothing else of a statement's comments or literals ever is.
/// </summary>
public static partial class RequesterReason
{
    /// <summary>Longer reasons are cut.</summary>
    public const int MaximumLength = 300;

    // What is looked at: the reason in UTF-8, and what stands around it.
    private const int LookedAt = 2048;

    /// <summary>The reason in a leading comment; empty for none.</summary>
    public static string Leading(ReadOnlySpan<byte> sql)
    {
        var found = Comment().Match(Encoding.UTF8.GetString(sql[..Math.Min(sql.Length, LookedAt)]));
        return found.Success ? Clean(found.Groups[1].Value) : "";
    }

    /// <summary>The reason that <c>SET wireguardian.reason = '…'</c> or <c>SET @wireguardian_reason = '…'</c> gives the session; null for any other text.</summary>
    public static string? Setting(ReadOnlySpan<byte> sql)
    {
        if (sql.Length > LookedAt)
            return null;
        var found = Assignment().Match(Encoding.UTF8.GetString(sql));
        return found.Success ? Clean(found.Groups[1].Value.Replace("''", "'", StringComparison.Ordinal)) : null;
    }

    /// <summary>On one line and bounded, without what a terminal obeys, reorders by, or shows as nothing.</summary>
    private static string Clean(string words)
    {
        var clean = new StringBuilder(Math.Min(words.Length, MaximumLength));
        foreach (var rune in words.EnumerateRunes())
        {
            var isShown = Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
            var shown = isShown ? rune.ToString() : " ";
            if (clean.Length + shown.Length > MaximumLength)
                break;
            clean.Append(shown);
        }
        return clean.ToString().Trim();
    }

    [GeneratedRegex(@"\A\s*/\*\s*reason\s*:(.*?)\*/", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\A\s*SET\s+(?:SESSION\s+)?(?:wireguardian\.reason|@wireguardian_reason)\s*(?:=|:=|TO\s)\s*'((?:[^'\\]|'')*)'\s*;?\s*\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Assignment();
}
