using System.Globalization;
using System.Net;
using WireGuardian.Core.Masking;
using static WireGuardian.Postgres.Tests.Rewriting.Masking;

namespace WireGuardian.Postgres.Tests.Rewriting;

public sealed class HashAndTokenTests
{
    [TestCase(25u, "alice")]
    [TestCase(25u, "")]
    public void Text_becomes_64_hex_digits_or_a_token(uint oid, string value)
    {
        Assert.That(Text(MaskKind.Hash, oid, value), Does.Match("^[0-9a-f]{64}$"));
        Assert.That(Text(MaskKind.Token, oid, value), Does.Match("^tok_[0-9a-hjkmnp-tv-z]{16}$"));
    }

    [Test]
    public void Both_formats_of_text_give_the_same() => Assert.That(
        Apply(MaskKind.Hash, Type(25), binary: true, "alice"u8.ToArray()),
        Is.EqualTo(Apply(MaskKind.Hash, Type(25), binary: false, "alice"u8.ToArray())));

    [Test]
    public void Different_values_differ() =>
        Assert.That(Text(MaskKind.Hash, 25, "alice"), Is.Not.EqualTo(Text(MaskKind.Hash, 25, "alicf")));

    [Test]
    public void What_a_type_has_no_room_for_is_cut()
    {
        var whole = Text(MaskKind.Hash, 25, "alice")!;
        Assert.That(Text(MaskKind.Hash, 1043, "alice", typeModifier: 14), Is.EqualTo(whole[..10]));
        Assert.That(Text(MaskKind.Hash, 1042, "alice     ", typeModifier: 14), Is.EqualTo(whole[..10]));
        Assert.That(Text(MaskKind.Hash, 18, "a"), Has.Length.EqualTo(1));
        Assert.That(Text(MaskKind.Hash, 19, "alice"), Is.EqualTo(whole[..63]));
    }

    [TestCase(21u, "5", "0005", short.MaxValue)]
    [TestCase(21u, "-5", "fffb", short.MaxValue)]
    [TestCase(23u, "5", "00000005", int.MaxValue)]
    [TestCase(20u, "5", "0000000000000005", long.MaxValue)]
    [TestCase(20u, "-9223372036854775808", "8000000000000000", long.MaxValue)]
    [TestCase(26u, "5", "00000005", int.MaxValue)]
    public void Integers_become_others_within_the_type_alike_in_both_formats(uint oid, string text, string hex, long highest)
    {
        var masked = long.Parse(Text(MaskKind.Hash, oid, text)!, CultureInfo.InvariantCulture);
        var binary = Binary(MaskKind.Hash, oid, hex)!;
        Assert.That(masked, Is.InRange(0L, highest));
        Assert.That(binary, Is.EqualTo(masked.ToString($"x{hex.Length}", CultureInfo.InvariantCulture)));
    }

    [TestCase("1.50", "0002 0000 0000 0002 0001 1388")]
    [TestCase("1.5", "0002 0000 0000 0001 0001 1388")]
    public void Equal_numerics_give_the_same_in_both_formats(string text, string hex)
    {
        var masked = Text(MaskKind.Hash, 1700, text)!;
        Assert.That(masked, Does.Match("^[0-9]{1,18}$").And.EqualTo(Text(MaskKind.Hash, 1700, "1.500")));
        Assert.That(DecodeNumeric(Binary(MaskKind.Hash, 1700, hex)!), Is.EqualTo(masked));
    }

    [TestCase("123456789012", "0003 0002 0000 0000 04d2 162e 2334")]
    [TestCase("-0.0001", "0001 ffff 4000 0004 0001")]
    [TestCase("NaN", "0000 0000 c000 0000")]
    [TestCase("Infinity", "0000 0000 d000 0000")]
    [TestCase("-Infinity", "0000 0000 f000 0000")]
    [TestCase("0", "0000 0000 0000 0000")]
    public void Any_numeric_gives_the_same_in_both_formats(string text, string hex) =>
        Assert.That(DecodeNumeric(Binary(MaskKind.Token, 1700, hex)!), Is.EqualTo(Text(MaskKind.Token, 1700, text)));

    [Test]
    public void A_numeric_keeps_within_its_precision()
    {
        // numeric(5,2) and numeric(2,2).
        Assert.That(decimal.Parse(Text(MaskKind.Hash, 1700, "123.45", (5 << 16 | 2) + 4)!, CultureInfo.InvariantCulture), Is.LessThan(1000));
        Assert.That(Text(MaskKind.Hash, 1700, "0.45", (2 << 16 | 2) + 4), Is.EqualTo("0"));
    }

    [TestCase(701u, "1.5", "3ff8000000000000")]
    [TestCase(701u, "-0", "0000000000000000")]
    [TestCase(701u, "1e+300", "7e37e43c8800759c")]
    [TestCase(701u, "NaN", "7ff8000000000000")]
    [TestCase(701u, "-Infinity", "fff0000000000000")]
    public void Doubles_become_whole_numbers_alike_in_both_formats(uint oid, string text, string hex)
    {
        var masked = double.Parse(Text(MaskKind.Hash, oid, text)!, CultureInfo.InvariantCulture);
        Assert.That(masked, Is.InRange(0, Math.Pow(2, 53)));
        Assert.That(Binary(MaskKind.Hash, oid, hex), Is.EqualTo(BitConverter.DoubleToInt64Bits(masked).ToString("x16", CultureInfo.InvariantCulture)));
    }

    [Test]
    public void Floats_become_whole_numbers_alike_in_both_formats()
    {
        var masked = float.Parse(Text(MaskKind.Hash, 700, "0.1")!, CultureInfo.InvariantCulture);
        Assert.That(Binary(MaskKind.Hash, 700, "3dcccccd"), Is.EqualTo(BitConverter.SingleToInt32Bits(masked).ToString("x8", CultureInfo.InvariantCulture)));
    }

    [Test]
    public void A_uuid_becomes_one_of_version_4_alike_in_both_formats()
    {
        var masked = Text(MaskKind.Hash, 2950, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")!;
        Assert.That(masked, Does.Match("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"));
        Assert.That(Binary(MaskKind.Hash, 2950, "a0eebc999c0b4ef8bb6d6bb9bd380a11"), Is.EqualTo(masked.Replace("-", "")));
    }

    [TestCase(869u, "192.168.1.5/24", "0218 0004 c0a80105", "10.")]
    [TestCase(869u, "192.168.1.5", "0220 0004 c0a80105", "10.")]
    [TestCase(869u, "2001:db8::1", "0380 0010 20010db8000000000000000000000001", "fd")]
    [TestCase(650u, "192.168.0.0/16", "0210 0104 c0a80000", "10.")]
    public void An_address_becomes_a_private_one_of_its_family_alike_in_both_formats(uint oid, string text, string hex, string start)
    {
        var masked = Text(MaskKind.Hash, oid, text)!;
        Assert.That(masked, Does.StartWith(start));
        var bytes = IPAddress.Parse(masked.Split('/')[0]).GetAddressBytes();
        Assert.That(Binary(MaskKind.Hash, oid, hex), Does.EndWith(Convert.ToHexStringLower(bytes)));
    }

    [TestCase("08:00:2b:01:02:03", "08002b010203", 829u)]
    [TestCase("08:00:2b:01:02:03:04:05", "08002b0102030405", 774u)]
    public void A_mac_address_becomes_a_local_one_alike_in_both_formats(string text, string hex, uint oid)
    {
        var masked = Text(MaskKind.Hash, oid, text)!;
        Assert.That(masked, Does.Match("^[0-9a-f][26ae]:"));
        Assert.That(Binary(MaskKind.Hash, oid, hex), Is.EqualTo(masked.Replace(":", "")));
    }

    [TestCase("\\xdeadbe5c")]
    [TestCase("\\336\\255\\276\\\\")]
    public void Bytes_become_the_digest_alike_in_every_spelling(string text) =>
        Assert.That(Text(MaskKind.Hash, 17, text), Is.EqualTo("\\x" + Binary(MaskKind.Hash, 17, "deadbe5c")));

    [TestCase(1082u, "1987-06-05", "1970-01-01")]
    [TestCase(16u, "t", "f")]
    [TestCase(0u, "happy", "sad")]
    [TestCase(1186u, "1 day", "00:00:00")]
    public void Dates_booleans_and_enums_are_redacted(uint oid, string value, string expected) =>
        Assert.That(Text(MaskKind.Hash, oid, value), Is.EqualTo(expected));

    [TestCase(23u)]
    [TestCase(25u)]
    [TestCase(3802u)]
    [TestCase(600u)]
    public void Null_is_null_for_every_type(uint oid) => Assert.That(Text(MaskKind.Null, oid, "5"), Is.Null);

    private static string DecodeNumeric(string hex)
    {
        var words = hex.Chunk(4).Select(word => int.Parse(word, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToArray();
        Assert.That(words[0], Is.EqualTo(words.Length - 4));
        Assert.That(words[2], Is.Zero);
        var number = 0L;
        for (var i = 0; i <= words[1]; i++)
            number = number * 10_000 + (i < words[0] ? words[4 + i] : 0);
        return number.ToString(CultureInfo.InvariantCulture);
    }
}
