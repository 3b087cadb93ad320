using System.Buffers.Binary;
using WireGuardian.Testing.MySql;

namespace WireGuardian.IntegrationTests.MySql.Differential;

/// <summary>Reads answers to their end, as a client that knows nothing of a proxy would find it, and writes every packet down.</summary>
/// <param name="client">The connection.</param>
/// <param name="connection">Its number.</param>
/// <param name="transcript">Where packets go.</param>
/// <param name="statements">The ids of what the connection has prepared, in order: MariaDB counts on from one connection to the next.</param>
public sealed class AnswerReader(MySqlWireClient client, int connection, Transcript transcript, List<uint> statements)
{
    private const int Largest = 0xFF_FFFF;
    private const int MoreResults = 8;
    private const int CursorExists = 0x40;

    /// <summary>The command asked for a cursor; only then do no rows follow where one is said to be open. A procedure leaves the flag behind for cursors of its own.</summary>
    public bool OpensCursor { get; set; }

    private bool DeprecatesEof => (client.Capabilities & MySqlCapabilities.DeprecateEof) != 0;

    public Task ReadAsync(AnswerShape shape) => shape switch
    {
        AnswerShape.Packet => NextAsync(),
        AnswerShape.Results => ReadResultsAsync(),
        AnswerShape.Prepared => ReadPreparedAsync(),
        AnswerShape.Rows => ReadRowsAsync(),
        _ => Task.CompletedTask,
    };

    private async Task ReadResultsAsync()
    {
        for (var more = true; more;)
        {
            var first = await NextAsync();
            if (first is [0xFF or 0xFB, ..])
                return;
            if (first is [0, ..])
                more = (StatusOfOk(first) & MoreResults) != 0;
            else
                more = (await ReadResultAsync(ColumnCount(first)) & MoreResults) != 0;
        }
    }

    /// <summary>Definitions and rows.</summary>
    /// <returns>The status that ends them; 0 for an error.</returns>
    private async Task<int> ReadResultAsync(int columns)
    {
        for (var left = columns; left > 0; left--)
        {
            if (await NextAsync() is [0xFF, ..])
                return 0;
        }
        if (!DeprecatesEof)
        {
            var end = await NextAsync();
            var status = end is [0xFE, _, _, _, _] ? Status(end) : 0;
            if (OpensCursor && (status & CursorExists) != 0)
                return status;
        }
        return await ReadRowsAsync();
    }

    private async Task<int> ReadRowsAsync()
    {
        while (true)
        {
            var packet = await NextAsync();
            if (packet is [0xFF, ..])
                return 0;
            if (packet is [0xFE, ..] && packet.Length < Largest && (DeprecatesEof || packet.Length == 5))
                return Status(packet);
        }
    }

    private async Task ReadPreparedAsync()
    {
        var first = await NextAsync();
        if (first is not [0, ..])
            return;
        statements.Add(BinaryPrimitives.ReadUInt32LittleEndian(first.AsSpan(1)));
        BinaryPrimitives.WriteUInt32LittleEndian(first.AsSpan(1), (uint)statements.Count);
        var ends = DeprecatesEof ? 0 : 1;
        foreach (var count in new[] { BinaryPrimitives.ReadUInt16LittleEndian(first.AsSpan(7)), BinaryPrimitives.ReadUInt16LittleEndian(first.AsSpan(5)) })
        {
            for (var left = count == 0 ? 0 : count + ends; left > 0; left--)
                await NextAsync();
        }
    }

    /// <summary>The next packet's first part; the packets that continue it are read with it.</summary>
    private async Task<byte[]> NextAsync()
    {
        var first = await client.ReadPacketAsync();
        transcript.Add(connection, first);
        for (var part = first; part.Payload.Length == Largest;)
        {
            part = await client.ReadPacketAsync();
            transcript.Add(connection, part);
        }
        return first.Payload;
    }

    private int Status(byte[] end) => DeprecatesEof ? StatusOfOk(end) : BinaryPrimitives.ReadUInt16LittleEndian(end.AsSpan(3));

    private static int StatusOfOk(byte[] payload)
    {
        var rest = payload.AsSpan(1);
        rest = rest[IntegerSize(rest[0])..];
        return BinaryPrimitives.ReadUInt16LittleEndian(rest[IntegerSize(rest[0])..]);
    }

    private static int ColumnCount(byte[] payload) => payload[0] == 0xFC ? BinaryPrimitives.ReadUInt16LittleEndian(payload.AsSpan(1)) : payload[0];

    private static int IntegerSize(byte first) => first switch { 0xFC => 3, 0xFD => 4, 0xFE => 9, _ => 1 };
}
