using System.Text;
using WireGuardian.MySql.Compression;
using WireGuardian.Proxy;
using WireGuardian.Testing.MySql;
using WireGuardian.Testing.Wire;

namespace WireGuardian.MySql.Tests.Compression;

public sealed class CompressedReaderTests
{
    private const int LargestLength = 0xFF_FFFF;

    private static readonly byte[] Text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 40).Select(number => $"row {number} ")));

    /// <summary>Deflated, as it is, empty, deflated again: what stands inside is cut anywhere.</summary>
    private static readonly byte[] Stream = [.. Deflated(Text[..200], 0), .. Plain(Text[200..210], 1), .. Plain([], 2), .. Deflated(Text[210..], 3), .. Plain([7], 0)];

    [Test]
    public void What_is_inside_comes_out_wherever_the_network_cuts([Values(1, 3, 64 << 10)] int room) => ByteSplitter.AssertSame(Stream, pieces =>
    {
        var read = ReadAll(new CompressedStream(new PiecesStream(pieces), default), room);
        Assert.That(read, Is.EqualTo((byte[])[.. Text, 7]));
        return Convert.ToHexString(read);
    });

    [Test]
    public void What_was_read_ahead_comes_first()
    {
        for (var at = 0; at <= Stream.Length; at++)
            Assert.That(ReadAll(new CompressedStream(new PiecesStream([Stream[at..]]), Stream.AsMemory(0, at))), Is.EqualTo((byte[])[.. Text, 7]), $"{at} bytes");
    }

    [Test]
    public void The_manuals_own_example_is_read()
    {
        var packet = Convert.FromHexString("22000000320000" + "789CD3636060602E4ECD494D2E51503230343236313533B7B0C4CD5202000CD10A6C");
        byte[] command = [0x2E, 0, 0, 0, 3, .. "select \"012345678901234567890123456789012345\""u8];
        Assert.That(Read(packet), Is.EqualTo(command));
    }

    [Test]
    public void A_packet_of_the_largest_lengths_is_read([Values] bool deflated)
    {
        var plain = new byte[LargestLength];
        new Random(1).NextBytes(plain);
        var read = Read(deflated ? Deflated(new byte[LargestLength], 0) : Plain(plain, 0));
        Assert.That(read.AsSpan().SequenceEqual(deflated ? new byte[LargestLength] : plain));
    }

    /// <summary>Some drivers deflate also what grows by it.</summary>
    [Test]
    public void A_payload_that_is_longer_than_what_is_in_it_is_read()
    {
        var plain = new byte[2000];
        new Random(2).NextBytes(plain);
        Assert.That(MySqlCompressedStream.Deflate(plain), Has.Length.GreaterThan(plain.Length));
        Assert.That(Read(Deflated(plain, 0)), Is.EqualTo(plain));
    }

    [Test]
    public void A_payload_that_inflates_to_more_than_it_says_is_refused([Values(1, 100, 8191)] int said, [Values(1, 9000)] int more)
    {
        var deflated = MySqlCompressedStream.Deflate(new byte[said + more]);
        AssertRefused(Packet(deflated.Length, 0, said, deflated), "more than its header says");
    }

    [Test]
    public void A_payload_that_inflates_to_less_than_it_says_is_refused([Values(0, 1, 100)] int length, [Values(1, LargestLength)] int more)
    {
        var deflated = MySqlCompressedStream.Deflate(new byte[length]);
        AssertRefused(Packet(deflated.Length, 0, Math.Min(length + more, LargestLength), deflated), "less than its header says");
    }

    [Test]
    public void A_payload_that_is_cut_short_is_refused_wherever_it_is_cut()
    {
        var deflated = MySqlCompressedStream.Deflate(Text);
        for (var length = 0; length < deflated.Length; length++)
            AssertRefused([.. Packet(length, 0, Text.Length, deflated[..length]), .. Plain(Text, 1)], "less than its header says");
    }

    [Test]
    public void A_payload_with_much_behind_its_end_is_refused()
    {
        byte[] deflated = [.. MySqlCompressedStream.Deflate(Text), .. new byte[100_000]];
        AssertRefused(Packet(deflated.Length, 0, Text.Length, deflated), "more than its header says");
    }

    [Test]
    public void A_payload_that_is_no_zlib_stream_is_refused()
    {
        AssertRefused(Packet(Text.Length, 0, 10, Text), "not what zlib compresses to");
        var changed = MySqlCompressedStream.Deflate(Text);
        changed[^1]++;
        AssertRefused(Packet(changed.Length, 0, Text.Length, changed), "not what zlib compresses to");
        // One that wants a dictionary which nobody has agreed on.
        AssertRefused(Packet(10, 0, 10, [0x78, 0xBB, 0, 0, 0, 1, 1, 2, 3, 4]), "not what zlib compresses to");
    }

    [TestCase(1, 0)]
    [TestCase(0, 2)]
    [TestCase(0, 255)]
    public void A_packet_out_of_order_is_refused(int first, int second) =>
        AssertRefused([.. Plain([1], (byte)first), .. Plain([2], (byte)second)], "out of order");

    [Test]
    public void A_payload_that_grows_a_thousandfold_takes_no_memory()
    {
        var bomb = Deflated(new byte[LargestLength], 0);
        Assert.That(bomb, Has.Length.LessThan(20_000));
        var stream = new CompressedStream(new PiecesStream([bomb]), default);
        var room = new byte[64 << 10];
        var before = GC.GetAllocatedBytesForCurrentThread();
        var length = 0;
        for (int count; (count = Take(stream, room)) > 0; length += count)
            Assert.That(count, Is.LessThanOrEqualTo(room.Length));
        Assert.That(length, Is.EqualTo(LargestLength));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(256 << 10));
    }

    [Test]
    public void A_header_that_promises_much_takes_no_memory()
    {
        var stream = new CompressedStream(new PiecesStream([Packet(LargestLength, 0, LargestLength, [0x78])]), default);
        var room = new byte[100];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(Take(stream, room), Is.Zero, "the connection ends before any of it came");
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(256 << 10));
    }

    [Test]
    public void An_end_of_the_connection_anywhere_is_an_end()
    {
        for (var length = 0; length < Stream.Length; length++)
            Assert.That(Read(Stream[..length]), Has.Length.LessThanOrEqualTo(Text.Length));
    }

    [Test]
    public void Any_bytes_give_bytes_or_an_end_or_a_ProtocolException([Range(1, 4)] int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 1500; round++)
        {
            byte[] bytes = [.. Stream];
            for (var changes = random.Next(4); changes > 0; changes--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (random.Next(20) == 0)
                random.NextBytes(bytes);
            var cut = random.Next(bytes.Length);
            try
            {
                var read = ReadAll(new CompressedStream(new PiecesStream([bytes[..cut], bytes[cut..]]), default), random.Next(1, 300));
                Assert.That(read, Has.Length.LessThan(100_000));
            }
            catch (ProtocolException)
            {
                // The session ends with an error in the protocol.
            }
            catch (Exception exception)
            {
                Assert.Fail($"seed {seed}, round {round}: {exception}");
            }
        }
    }

    private static void AssertRefused(byte[] bytes, string why)
    {
        var problem = Assert.Throws<ProtocolException>(() => Read(bytes))!;
        Assert.That(problem.Message, Does.Contain(why));
        Assert.That(problem.Fault, Is.EqualTo(ProtocolFault.Client));
    }

    private static byte[] Read(byte[] bytes) => ReadAll(new CompressedStream(new PiecesStream([bytes]), default));

    private static byte[] ReadAll(CompressedStream stream, int roomLength = 64 << 10)
    {
        var room = new byte[roomLength];
        using var read = new MemoryStream();
        for (int count; (count = Take(stream, room)) > 0;)
            read.Write(room, 0, count);
        return read.ToArray();
    }

    private static int Take(CompressedStream stream, byte[] room) => stream.ReadAsync(room).AsTask().GetAwaiter().GetResult();

    private static byte[] Plain(byte[] plain, byte number) => Packet(plain.Length, number, 0, plain);

    private static byte[] Deflated(byte[] plain, byte number)
    {
        var deflated = MySqlCompressedStream.Deflate(plain);
        return Packet(deflated.Length, number, plain.Length, deflated);
    }

    private static byte[] Packet(int length, byte number, int plainLength, byte[] payload) =>
        [(byte)length, (byte)(length >> 8), (byte)(length >> 16), number, (byte)plainLength, (byte)(plainLength >> 8), (byte)(plainLength >> 16), .. payload];
}
