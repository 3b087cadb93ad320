using System.Buffers;
using WireGuardian.MySql.Packets;

namespace WireGuardian.MySql.Tests.Packets;

/// <summary>Checklist: 0xFFFFFF continuation, the empty trailer, sequence wrap at 256.</summary>
public sealed class PacketFramingTests
{
    [TestCase(0, 1)]
    [TestCase(1, 1)]
    [TestCase(0xFF_FFFE, 1)]
    [TestCase(0xFF_FFFF, 2, Description = "the second is the empty trailer")]
    [TestCase(0x100_0000, 2)]
    [TestCase(0x1FF_FFFE, 3, Description = "the third is the empty trailer")]
    public void A_payload_is_continued_and_a_multiple_of_the_largest_ends_with_an_empty_packet(int length, int packets)
    {
        var payload = new byte[length];
        new Random(length).NextBytes(payload);
        var output = new ArrayBufferWriter<byte>();
        Assert.That(output.WritePacket(payload, 7), Is.EqualTo(7 + packets));
        Assert.That(output.WrittenCount, Is.EqualTo(PacketFraming.FramedLength(length)));
        var (joined, sequences) = Join(output.WrittenSpan);
        Assert.That(joined.AsSpan().SequenceEqual(payload));
        Assert.That(sequences, Is.EqualTo(Enumerable.Range(7, packets)));
    }

    [Test]
    public void The_sequence_number_wraps_at_256()
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.That(output.WritePacket(new byte[0xFF_FFFF], 255), Is.EqualTo(1));
        Assert.That(Join(output.WrittenSpan).Sequences, Is.EqualTo([255, 0]));
    }

    private static (byte[] Payload, List<int> Sequences) Join(ReadOnlySpan<byte> bytes)
    {
        using var payload = new MemoryStream();
        var sequences = new List<int>();
        while (PacketHeader.TryRead(bytes, out var header))
        {
            payload.Write(bytes.Slice(PacketHeader.Size, header.Length));
            sequences.Add(header.Sequence);
            bytes = bytes[header.TotalLength..];
        }
        Assert.That(bytes.Length, Is.Zero);
        return (payload.ToArray(), sequences);
    }
}
