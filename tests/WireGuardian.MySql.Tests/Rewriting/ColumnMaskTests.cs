using System.Text;
using WireGuardian.Core.Masking;
using WireGuardian.Core.Masking.Values;
using WireGuardian.MySql.Framing;
using WireGuardian.MySql.Rewriting;

namespace WireGuardian.MySql.Tests.Rewriting;

public sealed class ColumnMaskTests
{
    private const ushort Utf8 = 45;

    private static readonly MaskKey Key = new("0123456789abcdef"u8);

    [TestCase("1999-12-31 23:59:58.123456", 6, "1970-01-01 00:00:00.000000")]
    [TestCase("1999-12-31 23:59:58", 0, "1970-01-01 00:00:00")]
    public void A_date_keeps_the_columns_fraction(string value, int decimals, string expected) =>
        Assert.That(Text(MaskKind.Redact, new(ColumnType.DateTime, CharacterSets.Binary, 26, 0, (byte)decimals), value), Is.EqualTo(expected));

    [TestCase("1999-12-31", "1999-01-01")]
    [TestCase("0000-00-00", "1970-01-01")]
    public void Partial_keeps_the_year(string value, string expected) =>
        Assert.That(Text(MaskKind.Partial, new(ColumnType.Date, CharacterSets.Binary, 10, 0, 0), value), Is.EqualTo(expected));

    [Test]
    public void A_binary_date_of_any_length_becomes_the_epoch([Values(0, 4, 7, 11)] int length)
    {
        var value = Enumerable.Range(1, length).Select(unit => (byte)unit).ToArray();
        Assert.That(Apply(MaskKind.Redact, new(ColumnType.DateTime, CharacterSets.Binary, 26, 0, 0), value, binary: true), Is.EqualTo(new byte[] { 0xB2, 0x07, 1, 1 }));
    }

    [Test]
    public void A_hash_fits_the_column() =>
        Assert.That(Text(MaskKind.Hash, new(ColumnType.VarString, Utf8, 40, 0, 0), "secret"), Has.Length.EqualTo(10));

    [Test]
    public void A_keyed_number_keeps_within_its_type([Values(ColumnType.Tiny, ColumnType.Short, ColumnType.Long)] ColumnType type)
    {
        var size = BinaryValues.FixedSize(type);
        for (var seed = 0; seed < 200; seed++)
        {
            var value = new byte[size];
            value[0] = (byte)seed;
            Assert.That(Apply(MaskKind.Token, new(type, CharacterSets.Binary, 11, 0, 0), value, binary: true)![^1], Is.LessThan(0x80), "no number is negative");
        }
    }

    [Test]
    public void A_text_in_another_character_set_shows_nothing_of_what_cannot_be_read() =>
        Assert.That(Apply(MaskKind.Partial, new(ColumnType.VarString, 8, 40, 0, 0), [.. "abcdefgh"u8, 0xE9, 0xE8, 0xE7, 0xE6], binary: false), Is.All.EqualTo((byte)'*'));

    [Test]
    public void Any_bytes_of_any_type_give_a_result([Range(1, 4)] int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 3000; round++)
        {
            var value = new byte[random.Next(40)];
            random.NextBytes(value);
            var column = new ColumnShape((ColumnType)random.Next(256), (ushort)random.Next(400), (uint)random.Next(100), (ColumnFlags)random.Next(0x1000), (byte)random.Next(32));
            var size = BinaryValues.FixedSize(column.Type);
            var binary = random.Next(2) == 0;
            if (binary && size > 0)
                value = new byte[size];
            var kind = (MaskKind)random.Next(6);
            var result = Apply(kind, column, value, binary);
            if (binary && size > 0 && result is not null)
                Assert.That(result, Has.Length.EqualTo(size));
        }
    }

    private static string? Text(MaskKind kind, ColumnShape column, string value) =>
        Apply(kind, column, Encoding.UTF8.GetBytes(value), binary: false) is { } masked ? Encoding.UTF8.GetString(masked) : null;

    private static byte[]? Apply(MaskKind kind, ColumnShape column, byte[] value, bool binary)
    {
        var output = new MaskOutput();
        byte[] copy = [.. value];
        return ColumnMask.Create(kind, column, null, binary, Key).Apply(copy, output) switch
        {
            MaskResult.InPlace => copy,
            MaskResult.Replaced => output.Written.ToArray(),
            _ => null,
        };
    }
}
