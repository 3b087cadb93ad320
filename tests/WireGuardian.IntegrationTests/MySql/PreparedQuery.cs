using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using WireGuardian.Testing.MySql;

namespace WireGuardian.IntegrationTests.MySql;

/// <summary>A statement without parameters, prepared and executed, its rows read from the binary protocol. The client ends results with EOF.</summary>
/// <param name="Packets">All that came.</param>
/// <param name="Rows">Values as text; null for NULL.</param>
/// <param name="Error">The ERR packet that ended it.</param>
internal sealed record PreparedQuery(IReadOnlyList<MySqlPacket> Packets, IReadOnlyList<string?[]> Rows, MySqlPacket? Error)
{
    private const byte CursorExists = 0x40;

    /// <param name="client">Logged in.</param>
    /// <param name="sql">The statement.</param>
    /// <param name="cursor">Opens a cursor and fetches from it.</param>
    public static async Task<PreparedQuery> RunAsync(MySqlWireClient client, string sql, bool cursor = false)
    {
        var packets = new List<MySqlPacket>();
        async Task<MySqlPacket> Read()
        {
            packets.Add(await client.ReadPacketAsync());
            return packets[^1];
        }

        await client.SendCommandAsync([0x16, .. Encoding.UTF8.GetBytes(sql)]);
        if (await Read() is { IsError: true } refused)
            return new(packets, [], refused);
        var prepared = packets[0].Payload;
        foreach (var count in new[] { BinaryPrimitives.ReadUInt16LittleEndian(prepared.AsSpan(7)), BinaryPrimitives.ReadUInt16LittleEndian(prepared.AsSpan(5)) })
        {
            for (var left = count == 0 ? 0 : count + 1; left > 0; left--)
                await Read();
        }
        await client.SendCommandAsync([0x17, .. prepared[1..5], (byte)(cursor ? 1 : 0), 1, 0, 0, 0]);
        var rows = new List<string?[]>();
        while (true)
        {
            if (await Read() is { IsError: true } error)
                return new(packets, rows, error);
            if (packets[^1].IsOk)
            {
                if ((packets[^1].Payload[3] & 8) == 0)
                    return new(packets, rows, null);
                continue;
            }
            var columns = new List<byte[]>();
            for (var left = packets[^1].Payload[0]; left > 0; left--)
                columns.Add((await Read()).Payload);
            var end = await Read();
            if (end.Payload is [0xFE, _, _, var status, ..] && (status & CursorExists) != 0)
                await client.SendCommandAsync([0x1C, .. prepared[1..5], 100, 0, 0, 0]);
            while (await Read() is { First: 0 })
                rows.Add(Row(packets[^1].Payload, columns));
            if (packets[^1].IsError)
                return new(packets, rows, packets[^1]);
            if ((packets[^1].Payload[3] & 8) == 0)
                return new(packets, rows, null);
        }
    }

    private static string?[] Row(byte[] row, List<byte[]> columns)
    {
        var values = new string?[columns.Count];
        var at = 1 + (columns.Count + 9) / 8;
        for (var index = 0; index < columns.Count; index++)
        {
            if ((row[1 + (index + 2) / 8] >> ((index + 2) % 8) & 1) == 0)
                values[index] = Value(row, ref at, columns[index][^6], (columns[index][^5] & 0x20) != 0);
        }
        Assert.That(at, Is.EqualTo(row.Length), "a row is as long as its values");
        return values;
    }

    private static string Value(byte[] row, ref int at, byte type, bool unsigned)
    {
        var size = type switch { 1 => 1, 2 or 13 => 2, 3 or 4 or 9 => 4, 5 or 8 => 8, _ => 0 };
        var bytes = row.AsSpan(at);
        if (size > 0)
        {
            at += size;
            return type switch
            {
                4 => BinaryPrimitives.ReadSingleLittleEndian(bytes).ToString(CultureInfo.InvariantCulture),
                5 => BinaryPrimitives.ReadDoubleLittleEndian(bytes).ToString(CultureInfo.InvariantCulture),
                1 => unsigned ? $"{bytes[0]}" : $"{(sbyte)bytes[0]}",
                2 or 13 => $"{BinaryPrimitives.ReadInt16LittleEndian(bytes)}",
                8 => $"{BinaryPrimitives.ReadInt64LittleEndian(bytes)}",
                _ => $"{BinaryPrimitives.ReadInt32LittleEndian(bytes)}",
            };
        }
        int length = bytes[0];
        at++;
        if (length == 0xFC)
        {
            length = BinaryPrimitives.ReadUInt16LittleEndian(row.AsSpan(at));
            at += 2;
        }
        var value = row.AsSpan(at, length);
        at += length;
        return type switch
        {
            10 => length == 0 ? "0000-00-00" : $"{Year(value)}-{value[2]:00}-{value[3]:00}",
            7 or 12 => length == 0 ? "0000-00-00 00:00:00" : $"{Year(value)}-{value[2]:00}-{value[3]:00} {(length > 4 ? $"{value[4]:00}:{value[5]:00}:{value[6]:00}" : "00:00:00")}",
            11 => length == 0 ? "00:00:00" : $"{value[5]:00}:{value[6]:00}:{value[7]:00}",
            16 or 255 => Convert.ToHexString(value),
            _ => Encoding.UTF8.GetString(value),
        };
    }

    private static string Year(ReadOnlySpan<byte> value) => BinaryPrimitives.ReadUInt16LittleEndian(value).ToString("0000", CultureInfo.InvariantCulture);
}
