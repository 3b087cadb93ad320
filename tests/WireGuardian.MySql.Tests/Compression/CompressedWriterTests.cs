using WireGuardian.MySql.Compression;
using WireGuardian.Testing.MySql;

namespace WireGuardian.MySql.Tests.Compression;

public sealed class CompressedWriterTests
{
    [Test]
    public async Task A_client_reads_what_was_written([Values(1, 49, 50, 51, 4096, 65_535, 65_536, 65_537, 1_000_000)] int length, [Values] bool random)
    {
        var bytes = Bytes(length, random);
        var connection = new PiecesStream([]);
        await new CompressedStream(connection, default).WriteAsync(bytes);
        connection.Sent.Position = 0;
        using var client = new MySqlCompressedStream(connection.Sent);
        var read = new byte[length];
        await client.ReadExactlyAsync(read);
        Assert.That(read, Is.EqualTo(bytes));
        Assert.That(await client.ReadAsync(read), Is.Zero, "no more than that");
        Assert.That(client.Packets, Is.EqualTo(((length + 65_535) / 65_536, random || length < 50 ? 0 : length / 65_536 + (length % 65_536 >= 50 ? 1 : 0))));
    }

    [Test]
    public async Task Each_write_is_a_packet_of_its_own_at_once()
    {
        var connection = new PiecesStream([]);
        var stream = new CompressedStream(connection, default);
        await stream.WriteAsync("abc"u8.ToArray());
        await stream.WriteAsync(new byte[1000]);
        Assert.That(connection.Writes, Has.Count.EqualTo(2));
        Assert.That(connection.Sent.ToArray()[..10], Is.EqualTo((byte[])[3, 0, 0, 0, 0, 0, 0, .. "abc"u8]));
        Assert.That(connection.Writes[1], Is.LessThan(100));
        await stream.WriteAsync(ReadOnlyMemory<byte>.Empty);
        Assert.That(connection.Writes, Has.Count.EqualTo(2), "nothing is no packet");
    }

    [Test]
    public async Task Numbers_go_on_over_both_directions_and_begin_anew_with_each_command()
    {
        var connection = new PiecesStream([[1, 0, 0, 0, 0, 0, 0, 9], [1, 0, 0, 1, 0, 0, 0, 9], [1, 0, 0, 4, 0, 0, 0, 9], [1, 0, 0, 0, 0, 0, 0, 9]]);
        var stream = new CompressedStream(connection, default);
        var room = new byte[1];
        List<byte> numbers = [];
        foreach (var (reads, writes) in new[] { (2, 2), (1, 1), (1, 300) })
        {
            for (var read = 0; read < reads; read++)
                await stream.ReadExactlyAsync(room);
            for (var write = 0; write < writes; write++)
            {
                await stream.WriteAsync(room);
                numbers.Add(connection.Sent.ToArray()[^5]);
            }
        }
        Assert.That(numbers, Is.EqualTo((byte[])[2, 3, 5, .. Enumerable.Range(1, 300).Select(number => (byte)number)]));
    }

    [Test]
    public async Task Writing_allocates_little_and_not_for_each_row()
    {
        var connection = new PiecesStream([]);
        connection.Sent.Capacity = 32 << 20;
        var stream = new CompressedStream(connection, default);
        var rows = Bytes(64 << 10, random: false);
        await stream.WriteAsync(rows);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var write = 0; write < 100; write++)
            await stream.WriteAsync(rows);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(100 * 1000), "a packet holds some thousand rows");
    }

    private static byte[] Bytes(int length, bool random)
    {
        if (!random)
            return [.. Enumerable.Range(0, length).Select(number => (byte)(number % 7))];
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}
