using System.Text;
using WireGuardian.Core.Masking;

namespace WireGuardian.Core.Tests.Masking;

public sealed class EmailMaskTests
{
    [TestCase("alice@example.com", "a***@com")]
    [TestCase("a@b.co", "a***@co")]
    [TestCase("x.y+z@mail.example.co.uk", "x***@uk")]
    [TestCase("élise@exemple.fr", "é***@fr")]
    [TestCase("o'brien@example.org", "o***@org")]
    [TestCase("i@x.xn--p1ai", "i***@xn--p1ai")]
    public void First_character_and_top_level_domain_stay(string address, string expected)
    {
        var text = Encoding.UTF8.GetBytes(address);
        Assert.That(EmailMask.TryFind(text, out var first, out var topLevel), Is.True);
        var standIn = new byte[EmailMask.Length(first, topLevel)];
        EmailMask.Write(text, first, topLevel, standIn);
        Assert.That(Encoding.UTF8.GetString(standIn), Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("@")]
    [TestCase("alice")]
    [TestCase("@example.com")]
    [TestCase("alice@")]
    [TestCase("alice@localhost")]
    [TestCase("alice@.com")]
    [TestCase("alice@example.")]
    [TestCase("alice@example.c")]
    [TestCase("alice@10.0.0.12")]
    [TestCase("a@b@example.com")]
    [TestCase("alice smith@example.com")]
    [TestCase("Alice <alice@example.com>")]
    [TestCase("a@b.com,c@d.com")]
    [TestCase("alice@example.com\n")]
    [TestCase("alice@example.thisisfartoolongtobeadomain")]
    public void What_is_no_address_is_told_so(string text) =>
        Assert.That(EmailMask.TryFind(Encoding.UTF8.GetBytes(text), out _, out _), Is.False);

    [Test]
    public void The_stand_in_can_be_written_over_the_address()
    {
        var text = "ab@c.info"u8.ToArray();
        Assert.That(EmailMask.TryFind(text, out var first, out var topLevel), Is.True);
        EmailMask.Write(text, first, topLevel, text);
        Assert.That(Encoding.UTF8.GetString(text), Is.EqualTo("a***@info"));
    }
}
