using System.Text;
using FsCheck;
using FsCheck.Fluent;
using WireGuardian.Cli.Presentation;

namespace WireGuardian.Cli.Tests.Presentation;

public class TerminalTextTests
{
    [TestCase("plain", "plain")]
    [TestCase("  a \r\n\t b  ", "a b")]
    [TestCase("\u001b[31mred", @"\u001b[31mred")]
    [TestCase("a\u0000b\u007f", @"a\u0000b\u007f")]
    [TestCase("\u009b2J", @"\u009b2J")]
    [TestCase("\u202eabc\u202c", @"\u202eabc\u202c")]
    [TestCase("zero\u200bwidth\ufeff", @"zero\u200bwidth\ufeff")]
    [TestCase("a\u3164b", @"a\u3164b")]
    [TestCase("größe 表 😀", "größe 表 😀")]
    public void One_line_shows_what_is_there(string text, string shown) => Assert.That(TerminalText.OneLine(text), Is.EqualTo(shown));

    [Test]
    public void Lines_stay_lines()
        => Assert.That(TerminalText.Lines("a\r\n\tb\u001b\nc\rd"), Is.EqualTo(new[] { "a", @"    b\u001b", @"c\u000dd" }));

    [Test]
    public void Nothing_that_a_terminal_obeys_is_ever_shown()
        => Prop.ForAll<string>(text =>
        {
            var shown = TerminalText.OneLine(text ?? "") + string.Concat(TerminalText.Lines(text ?? ""));
            return shown.EnumerateRunes().All(r => r.Value == ' ' || TerminalText.IsVisible(r));
        }).QuickCheckThrowOnFailure();

    [Test]
    public void No_control_or_format_character_is_visible()
    {
        for (var value = 0; value < 0x20; value++)
            Assert.That(TerminalText.IsVisible(new Rune(value)), Is.False);
        foreach (var value in new[] { 0x7F, 0x85, 0x9B, 0x9D, 0x200E, 0x202A, 0x2066, 0x2028, 0xFEFF, 0xFE0F, 0xE0041, 0xE000 })
            Assert.That(TerminalText.IsVisible(new Rune(value)), Is.False, $"U+{value:X4}");
    }
}
