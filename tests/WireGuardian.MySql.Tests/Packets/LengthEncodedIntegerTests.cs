using FsCheck;
using FsCheck.Fluent;
using WireGuardian.MySql.Packets;

namespace WireGuardian.MySql.Tests.Packets;

public sealed class LengthEncodedIntegerTests
{
    /// <summary>Checklist: length-encoded integers change width when a value shrinks.</summary>
    [TestCase(0ul, "00")]
    [TestCase(250ul, "FA")]
    [TestCase(251ul, "FCFB00")]
    [TestCase(0xFFFFul, "FCFFFF")]
    [TestCase(0x1_0000ul, "FD000001")]
    [TestCase(0xFF_FFFFul, "FDFFFFFF")]
    [TestCase(0x100_0000ul, "FE0000000100000000")]
    [TestCase(ulong.MaxValue, "FEFFFFFFFFFFFFFFFF")]
    public void Length_encoded_integers_change_width_with_their_value(ulong value, string hex)
    {
        var bytes = new byte[LengthEncodedInteger.LargestSize];
        var size = LengthEncodedInteger.Write(bytes, value);
        Assert.That(Convert.ToHexString(bytes, 0, size), Is.EqualTo(hex));
        Assert.That((LengthEncodedInteger.SizeOf(value), LengthEncodedInteger.SizeFrom(bytes[0])), Is.EqualTo((size, size)));
        Assert.That(LengthEncodedInteger.TryRead(bytes.AsSpan(0, size), out var read, out var readSize));
        Assert.That((read, readSize), Is.EqualTo((value, size)));
        for (var cut = 0; cut < size; cut++)
            Assert.That(LengthEncodedInteger.TryRead(bytes.AsSpan(0, cut), out _, out _), Is.False, $"cut to {cut}");
    }

    [TestCase(0xFB, Description = "NULL")]
    [TestCase(0xFF, Description = "an error")]
    public void What_is_no_integer_is_not_read(int first) =>
        Assert.That(LengthEncodedInteger.TryRead([(byte)first, 0, 0, 0, 0, 0, 0, 0, 0], out _, out _), Is.False);

    [Test]
    public void Any_integer_comes_back_from_its_bytes() => Prop.ForAll<ulong, byte[]>((value, rest) =>
    {
        var bytes = new byte[LengthEncodedInteger.LargestSize];
        var size = LengthEncodedInteger.Write(bytes, value);
        byte[] input = [.. bytes[..size], .. rest ?? []];
        return LengthEncodedInteger.TryRead(input, out var read, out var readSize) && read == value && readSize == size;
    }).QuickCheckThrowOnFailure();
}
