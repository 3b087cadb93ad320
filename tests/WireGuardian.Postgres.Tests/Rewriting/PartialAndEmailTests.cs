using System.Text;
using WireGuardian.Core.Masking;
using WireGuardian.Postgres.Catalog;
using static WireGuardian.Postgres.Tests.Rewriting.Masking;

namespace WireGuardian.Postgres.Tests.Rewriting;

public sealed class PartialAndEmailTests
{
    private const long MicrosecondsPerDay = 86_400_000_000;
    private static readonly DateTime Day0 = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [TestCase(25u, "4111111111111111", "************1111")]
    [TestCase(25u, "12345678", "********")]
    [TestCase(23u, "123456789", "0")]
    [TestCase(1082u, "1987-06-05", "1987-01-01")]
    [TestCase(1082u, "0044-03-15 BC", "0044-01-01 BC")]
    [TestCase(1082u, "4713-12-31 BC", "1970-01-01")]
    [TestCase(1082u, "12345-06-05", "12345-01-01")]
    [TestCase(1082u, "infinity", "1970-01-01")]
    [TestCase(1082u, "06/05/1987", "1970-01-01")]
    [TestCase(1082u, "05.06.1987", "1970-01-01")]
    [TestCase(1114u, "1987-06-05 04:03:02.123", "1987-01-01 00:00:00")]
    [TestCase(1114u, "Fri Jun 05 04:03:02 1987", "1970-01-01 00:00:00")]
    [TestCase(1184u, "1987-06-05 04:03:02+02", "1987-01-01 00:00:00+00")]
    [TestCase(1184u, "0044-03-15 04:03:02.5+00:53:28 BC", "0044-01-01 00:00:00+00 BC")]
    [TestCase(1083u, "04:03:02", "00:00:00")]
    [TestCase(1009u, "{4111111111111111}", "{****************}")]
    public void Partial_in_text_format(uint oid, string value, string expected) =>
        Assert.That(Text(MaskKind.Partial, oid, value), Is.EqualTo(expected));

    [TestCase(1999, 12, 31)]
    [TestCase(2000, 1, 1)]
    [TestCase(2000, 12, 31)]
    [TestCase(2001, 1, 1)]
    [TestCase(1900, 3, 1)]
    [TestCase(2100, 12, 31)]
    [TestCase(1, 1, 1)]
    [TestCase(9999, 12, 31)]
    [TestCase(1987, 6, 5)]
    public void Partial_in_binary_format_is_new_year(int year, int month, int day)
    {
        var date = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc);
        var days = (date - Day0).Days;
        var newYear = (new DateTime(year, 1, 1, 0, 0, 0, DateTimeKind.Utc) - Day0).Days;
        Assert.That(
            Apply(MaskKind.Partial, Type(1082), binary: true, Int64(days)[4..]),
            Is.EqualTo(Int64(newYear)[4..]));
        Assert.That(
            Apply(MaskKind.Partial, Type(1184), binary: true, Int64(days * MicrosecondsPerDay + 1)),
            Is.EqualTo(Int64(newYear * MicrosecondsPerDay)));
    }

    [TestCase("7fffffffffffffff")]
    [TestCase("8000000000000000")]
    [TestCase("8000000000000001")]
    public void Partial_of_infinity_and_of_what_is_out_of_range_is_the_epoch(string hex) =>
        Assert.That(Binary(MaskKind.Partial, 1114, hex), Is.EqualTo("fffca2fec4c82000"));

    [TestCase(25u, "alice@example.com", "a***@com")]
    [TestCase(25u, "ab@c.info", "a***@info")]
    [TestCase(25u, "not an address", "**************")]
    [TestCase(25u, "", "")]
    [TestCase(1042u, "alice@example.com   ", "a***@com            ")]
    [TestCase(1082u, "1987-06-05", "1970-01-01")]
    [TestCase(1009u, "{alice@example.com}", "{*****************}")]
    public void Email_in_text_format(uint oid, string value, string expected) =>
        Assert.That(Text(MaskKind.Email, oid, value), Is.EqualTo(expected));

    [Test]
    public void Email_in_binary_format_is_the_same_text() => Assert.That(
        Apply(MaskKind.Email, Type(25), binary: true, "alice@example.com"u8.ToArray()),
        Is.EqualTo("a***@com"u8.ToArray()));

    [TestCase(MaskKind.Partial)]
    [TestCase(MaskKind.Email)]
    public void In_another_client_encoding_only_ascii_is_looked_into(MaskKind kind)
    {
        // é of Latin-1, and bytes that are é of UTF-8 but something else there.
        byte[] latin1 = [0xE9, .. "lise.dupont@example.fr"u8];
        byte[] either = [0xC3, 0xA9, .. "lise.dupont@example.fr"u8];
        Assert.That(Apply(kind, Type(25), binary: false, latin1), Is.All.EqualTo((byte)'*'));
        Assert.That(Apply(kind, Type(25), binary: false, either, utf8: false), Is.All.EqualTo((byte)'*'));
        Assert.That(Text(kind, 25, "alice@example.com", utf8: false), Is.EqualTo(Text(kind, 25, "alice@example.com")));
    }

    [Test]
    public void Json_and_arrays_in_another_client_encoding_become_null_unless_ascii()
    {
        // Of Shift-JIS this is one character whose second byte is a backslash.
        byte[] json = [(byte)'"', 0x95, 0x5C, (byte)'"'];
        Assert.That(Apply(MaskKind.Redact, Type(114), binary: false, json, utf8: false), Is.Null);
        Assert.That(Apply(MaskKind.Redact, Type(1009), binary: false, Encoding.UTF8.GetBytes("{é}"), utf8: false), Is.Null);
        Assert.That(Text(MaskKind.Redact, 114, "\"ab\"", utf8: false), Is.EqualTo("\"**\""));
    }

    [Test]
    public void An_enum_without_a_known_label_becomes_null() => Assert.That(
        Apply(MaskKind.Redact, new PostgresType(1, PostgresTypeShape.Enum), binary: false, "happy"u8.ToArray()),
        Is.Null);
}
