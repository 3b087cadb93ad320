using System.Text;
using WireGuardian.Core.Masking;

namespace WireGuardian.Core.Tests.Masking;

public sealed class CanonicalDecimalTests
{
    [TestCase("0", "0")]
    [TestCase("-0.00", "0")]
    [TestCase("5", "5")]
    [TestCase("0005", "5")]
    [TestCase("50", "5e1")]
    [TestCase("1.50", "15e-1")]
    [TestCase("1.5", "15e-1")]
    [TestCase("15e-1", "15e-1")]
    [TestCase("+1.5E+0", "15e-1")]
    [TestCase("-0.05", "-5e-2")]
    [TestCase("1E+15", "1e15")]
    public void Equal_numbers_have_one_spelling(string text, string expected)
    {
        var destination = new byte[text.Length + CanonicalDecimal.Slack];
        Assert.That(CanonicalDecimal.TryWrite(Encoding.ASCII.GetBytes(text), destination, out var written), Is.True);
        Assert.That(Encoding.ASCII.GetString(destination, 0, written), Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("-")]
    [TestCase(".")]
    [TestCase("NaN")]
    [TestCase("1.2.3")]
    [TestCase("1e")]
    [TestCase("1e9999999999999999999")]
    [TestCase("12a")]
    public void What_is_no_number_is_told_so(string text) => Assert.That(
        CanonicalDecimal.TryWrite(Encoding.ASCII.GetBytes(text), new byte[text.Length + CanonicalDecimal.Slack], out _),
        Is.False);
}
