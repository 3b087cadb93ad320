using System.Globalization;
using System.Text;

namespace WireGuardian.Cli.Presentation;

/// <summary>
/// Makes text from clients, operators and servers safe to show. Statements and application names are a stranger's words: an escape sequence could
/// repaint the terminal, a bidirectional override could show another statement than the one that runs. What is not plainly visible becomes a
/// visible escape.
/// </summary>
internal static class TerminalText
{
    private const string TabSpaces = "    ";

    /// <summary>On one line: every run of white space is one space.</summary>
    public static string OneLine(string text)
    {
        var shown = new StringBuilder(text.Length);
        var space = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                space = shown.Length > 0;
                continue;
            }

            if (space)
                shown.Append(' ');
            space = false;
            AppendVisible(shown, rune);
        }

        return shown.ToString();
    }

    /// <summary>On as many lines as it has; tabs become spaces.</summary>
    public static IEnumerable<string> Lines(string text)
    {
        foreach (var line in text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n'))
        {
            var shown = new StringBuilder(line.Length);
            foreach (var rune in line.EnumerateRunes())
            {
                if (rune.Value == '\t')
                    shown.Append(TabSpaces);
                else if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.SpaceSeparator)
                    shown.Append(' ');
                else
                    AppendVisible(shown, rune);
            }

            yield return shown.ToString();
        }
    }

    /// <summary>False for what a terminal obeys, reorders by, or shows as nothing.</summary>
    public static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
        _ => rune.Value is not (0x034F or 0x115F or 0x1160 or 0x2800 or 0x3164 or 0xFFA0 or (>= 0x180B and <= 0x180F)
            or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF)),
    };

    /// <summary>The rune as itself or as <c>\u</c> with its number, in the form that JSON reads too.</summary>
    public static void AppendVisible(StringBuilder shown, Rune rune)
    {
        if (IsVisible(rune))
        {
            shown.Append(rune.ToString());
            return;
        }

        foreach (var unit in rune.ToString())
            shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
    }
}
