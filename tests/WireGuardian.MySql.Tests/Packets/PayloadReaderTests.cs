using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using WireGuardian.MySql.Packets;

namespace WireGuardian.MySql.Tests.Packets;

public sealed class PayloadReaderTests
{
    [Test]
    public void What_was_written_is_read()
    {
        var output = new ArrayBufferWriter<byte>();
        output.WriteByte(1);
        output.WriteUInt16(0x0203);
        output.WriteUInt32(0x04050607);
        output.WriteUInt64(0x08090A0B0C0D0E0F);
        output.WriteLengthEncodedInteger(300);
        output.WriteLengthEncodedBytes("length"u8);
        output.WriteNulTerminated("nul"u8);
        output.WriteZeros(3);
        var reader = new PayloadReader(output.WrittenSpan);
        Assert.That(reader.TryReadByte(out var one) && one == 1);
        Assert.That(reader.TryReadUInt16(out var two) && two == 0x0203);
        Assert.That(reader.TryReadUInt32(out var four) && four == 0x04050607);
        Assert.That(reader.TryReadUInt64(out var eight) && eight == 0x08090A0B0C0D0E0F);
        Assert.That(reader.TryReadLengthEncodedInteger(out var integer) && integer == 300);
        Assert.That(reader.TryReadLengthEncodedBytes(out var text) && text.SequenceEqual("length"u8));
        Assert.That(reader.TryReadNulTerminated(out var terminated) && terminated.SequenceEqual("nul"u8));
        Assert.That(reader.TryReadUInt24(out var zeros) && zeros == 0 && reader.AtEnd);
    }

    [Test]
    public void Null_is_told_from_an_empty_value()
    {
        var reader = new PayloadReader([0xFB, 0x00, 0xFF]);
        Assert.That(reader.TryReadLengthEncodedBytesOrNull(out _, out var isNull) && isNull);
        Assert.That(reader.TryReadLengthEncodedBytesOrNull(out _, out isNull) && !isNull);
        Assert.That(reader.TryReadLengthEncodedBytesOrNull(out _, out _), Is.False);
    }

    [TestCase("FEFFFFFFFFFFFFFFFF00", Description = "beyond any memory")]
    [TestCase("FE0000000001000000AA", Description = "4 GiB, whose lower half is 0")]
    [TestCase("05AABBCCDD", Description = "one byte too few")]
    public void A_length_that_does_not_fit_is_refused_and_nothing_is_taken(string hex)
    {
        var reader = new PayloadReader(Convert.FromHexString(hex));
        Assert.That(reader.TryReadLengthEncodedBytes(out _), Is.False);
        Assert.That(reader.Rest.Length, Is.EqualTo(hex.Length / 2));
        Assert.That(reader.TrySkip(-1), Is.False);
        Assert.That(reader.TryReadBytes(int.MaxValue, out _), Is.False);
    }

    /// <summary>Any reads in any order: never past the end, never back, and a read that fails takes nothing.</summary>
    [Test]
    public void Any_bytes_under_any_reads_stay_within_bounds() => Prop.ForAll<byte[], byte[]>((bytes, reads) =>
    {
        var reader = new PayloadReader(bytes);
        var left = reader.Rest.Length;
        foreach (var read in reads ?? [])
        {
            var taken = (read % 10) switch
            {
                0 => reader.TryReadByte(out _),
                1 => reader.TryReadUInt16(out _),
                2 => reader.TryReadUInt24(out _),
                3 => reader.TryReadUInt32(out _),
                4 => reader.TryReadUInt64(out _),
                5 => reader.TryReadLengthEncodedInteger(out _),
                6 => reader.TryReadLengthEncodedBytes(out _),
                7 => reader.TryReadLengthEncodedBytesOrNull(out _, out _),
                8 => reader.TryReadNulTerminated(out _),
                _ => reader.TryReadBytes(read, out _),
            };
            if (reader.Rest.Length > left || (!taken && reader.Rest.Length != left))
                return false;
            left = reader.Rest.Length;
        }
        return true;
    }).QuickCheckThrowOnFailure();
}
