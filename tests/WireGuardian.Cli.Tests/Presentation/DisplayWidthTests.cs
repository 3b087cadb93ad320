using WireGuardian.Cli.Presentation;

namespace WireGuardian.Cli.Tests.Presentation;

public class DisplayWidthTests
{
    [TestCase("", 0)]
    [TestCase("abc", 3)]
    [TestCase("表形", 4)]
    [TestCase("e\u0301", 1)]
    [TestCase("😀", 2)]
    public void Width_is_counted_in_columns(string text, int width) => Assert.That(DisplayWidth.Of(text), Is.EqualTo(width));

    [TestCase("abcdef", 6, "abcdef")]
    [TestCase("abcdef", 5, "abcd…")]
    [TestCase("表形表", 5, "表形…")]
    [TestCase("表形表", 4, "表…")]
    public void What_is_too_wide_is_shortened(string text, int width, string shown)
        => Assert.That(DisplayWidth.Shorten(text, width), Is.EqualTo(shown));
}
