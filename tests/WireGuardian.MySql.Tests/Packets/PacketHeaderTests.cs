using WireGuardian.MySql.Packets;

namespace WireGuardian.MySql.Tests.Packets;

public sealed class PacketHeaderTests
{
    [Test]
    public void Fewer_than_four_bytes_are_no_header()
    {
        for (var count = 0; count < PacketHeader.Size; count++)
            Assert.That(PacketHeader.TryRead(new byte[count], out _), Is.False);
    }

    [Test]
    public void The_length_is_little_endian_and_only_the_largest_goes_on()
    {
        Assert.That(PacketHeader.TryRead([1, 2, 3, 4, 99], out var header));
        Assert.That(header, Is.EqualTo(new PacketHeader(0x030201, 4)));
        Assert.That((header.IsContinued, header.TotalLength), Is.EqualTo((false, 0x030205)));
        Assert.That(PacketHeader.TryRead([0xFF, 0xFF, 0xFF, 0xFF], out header));
        Assert.That(header.IsContinued);
    }

    [Test]
    public void What_was_written_is_read()
    {
        var random = new Random(1);
        var bytes = new byte[PacketHeader.Size];
        for (var round = 0; round < 1000; round++)
        {
            var header = new PacketHeader(random.Next(PacketHeader.LargestPayload + 1), (byte)random.Next(256));
            header.Write(bytes);
            PacketHeader.TryRead(bytes, out var read);
            Assert.That(read, Is.EqualTo(header));
        }
    }
}
