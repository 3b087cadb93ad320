using System.Text;
using WireGuardian.Core.Masking;

namespace WireGuardian.Core.Tests.Masking;

public sealed class TextRedactionTests
{
    [TestCase("", "")]
    [TestCase("secret", "******")]
    [TestCase("é", "**")]
    public void Redact_leaves_a_star_for_every_byte(string text, string expected) =>
        Assert.That(Masked(text, TextRedaction.Redact), Is.EqualTo(expected));

    [Test]
    public void Redact_touches_nothing_around_a_value_of_any_length([Range(0, 40)] int length)
    {
        var bytes = Enumerable.Repeat((byte)'x', length + 2).ToArray();
        TextRedaction.Redact(bytes.AsSpan(1, length));
        Assert.That(Encoding.ASCII.GetString(bytes), Is.EqualTo($"x{new string('*', length)}x"));
    }

    [TestCase("", "")]
    [TestCase("12345678", "********")]
    [TestCase("123456789", "*****6789")]
    [TestCase("4111111111111111", "************1111")]
    [TestCase("ééééééééé", "**********éééé")]
    [TestCase("éééééééé", "****************")]
    [TestCase("12345😀789", "*****😀789")]
    public void Partial_keeps_the_last_four_characters_of_nine_or_more(string text, string expected) =>
        Assert.That(Masked(text, TextRedaction.KeepTail), Is.EqualTo(expected));

    [Test]
    public void Partial_of_what_is_no_utf8_is_redacted()
    {
        var text = "M\xFCller-L\xFCdenscheidt"u8.ToArray();
        text[1] = 0xFC;
        TextRedaction.KeepTail(text);
        Assert.That(text, Is.All.EqualTo((byte)'*'));
    }

    private delegate void Mask(Span<byte> text);

    private static string Masked(string text, Mask mask)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        mask(bytes);
        return Encoding.UTF8.GetString(bytes);
    }
}
