using System.Text;
using WireGuardian.MySql.Startup;

namespace WireGuardian.MySql.Tests.Startup;

public sealed class CollationTextTests
{
    [TestCase("erin", 8)]
    [TestCase("erin", 28, Description = "gbk holds ASCII as it is")]
    [TestCase("élise", 45)]
    [TestCase("élise", 255)]
    [TestCase("élise", 33)]
    [TestCase("王", 224)]
    public void Names_in_ascii_and_utf8_are_read(string name, int collation)
    {
        Assert.That(CollationText.TryDecode(Encoding.UTF8.GetBytes(name), collation, out var text));
        Assert.That(text, Is.EqualTo(name));
    }

    [Test]
    public void A_name_in_latin1_is_read_as_that()
    {
        Assert.That(CollationText.TryDecode(Encoding.Latin1.GetBytes("élise"), 8, out var text));
        Assert.That(text, Is.EqualTo("élise"));
    }

    [TestCase(new byte[] { 0xC3 }, 45, Description = "cut short")]
    [TestCase(new byte[] { 0xC0, 0xAF }, 45, Description = "overlong")]
    [TestCase(new byte[] { 0x80 }, 8, Description = "the euro sign of Windows-1252")]
    [TestCase(new byte[] { 0x81, 0x5C }, 28, Description = "gbk")]
    [TestCase(new byte[] { 0xE9 }, 0, Description = "no collation at all")]
    public void A_name_that_is_not_certain_is_not_guessed(byte[] bytes, int collation) =>
        Assert.That(CollationText.TryDecode(bytes, collation, out _), Is.False);
}
