using System.Globalization;
using System.Text;

namespace WireGuardian.Server.Channels;

/// <summary>
/// Text of statements, users and operators as it may stand in a message: of limited length, and with every character that is not seen, or that changes how others
/// are seen (control characters, text direction, zero width), written out as its number.
/// </summary>
internal static class MessageText
{
    /// <summary>Keeps line ends and tabs.</summary>
    public static string Block(string text, int longest) => Clean(text, longest, keepLines: true);

    /// <summary>On one line.</summary>
    public static string Line(string text, int longest) => Clean(text, longest, keepLines: false);

    private static string Clean(string text, int longest, bool keepLines)
    {
        var cleaned = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            var shown = IsSeen(rune, keepLines) ? rune.ToString() : string.Create(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X}}}");
            if (cleaned.Length + shown.Length > longest - 1)
                return cleaned.Append('…').ToString();
            cleaned.Append(shown);
        }
        return cleaned.ToString();
    }

    private static bool IsSeen(Rune rune, bool keepLines) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control => keepLines && rune.Value is '\n' or '\t',
        UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse
            or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned => false,
        _ => true,
    };
}
