using System.Globalization;
using System.Text;

namespace WireGuardian.Server.Scanning;

/// <summary>Names as YAML has them. A database's names may hold anything, line ends too.</summary>
internal static class YamlText
{
    /// <summary>In double quotes.</summary>
    public static string Quoted(string text) => $"\"{Visible(text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal))}\"";

    /// <summary>For comments and terminals: on one line, every character visible or escaped as in double quotes.</summary>
    public static string Visible(string text)
    {
        var shown = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (!IsHidden(rune))
                shown.Append(rune);
            else if (rune.IsBmp)
                shown.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}");
            else
                shown.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:X8}");
        }
        return shown.ToString();
    }

    private static bool IsHidden(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
}
