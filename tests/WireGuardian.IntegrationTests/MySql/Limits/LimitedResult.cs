using System.Text;
using WireGuardian.Testing.MySql;

namespace WireGuardian.IntegrationTests.MySql.Limits;

/// <summary>The packets of one result, read to where it stops and beyond. The client ends results with EOF.</summary>
internal sealed class LimitedResult(MySqlWireClient client)
{
    private const int Largest = 0xFF_FFFF;

    /// <summary>Whole rows that have come.</summary>
    public int Rows { get; private set; }

    /// <summary>The packet that ended it.</summary>
    public MySqlPacket? End { get; private set; }

    /// <summary>The number of the last packet before that.</summary>
    public byte LastSequence { get; private set; }

    /// <summary>The error that ended it, which has the number that is its turn.</summary>
    public MySqlPacket Error
    {
        get
        {
            Assert.That(End!.IsError, End.ToString);
            Assert.That(End.Sequence, Is.EqualTo((byte)(LastSequence + 1)));
            return End;
        }
    }

    /// <summary>Sends a statement and reads the definitions of its result.</summary>
    public static async Task<LimitedResult> BeginAsync(MySqlWireClient client, string sql, bool prepared = false)
    {
        if (prepared)
            await ExecuteAsync(client, await PrepareAsync(client, sql), cursor: false);
        else
            await client.SendCommandAsync(MySqlMessage.Query(sql));
        var result = new LimitedResult(client);
        await result.ReadDefinitionsAsync();
        return result;
    }

    /// <summary>Prepares a statement without parameters.</summary>
    /// <returns>Its number.</returns>
    public static async Task<byte[]> PrepareAsync(MySqlWireClient client, string sql)
    {
        await client.SendCommandAsync([0x16, .. Encoding.UTF8.GetBytes(sql)]);
        var prepared = await client.ReadPacketAsync();
        Assert.That(prepared.IsOk, prepared.ToString);
        for (var left = prepared.Payload[5] + 1; left > 0; left--)
            await client.ReadPacketAsync();
        return prepared.Payload[1..5];
    }

    public static Task ExecuteAsync(MySqlWireClient client, byte[] id, bool cursor) => client.SendCommandAsync([0x17, .. id, (byte)(cursor ? 1 : 0), 1, 0, 0, 0]);

    /// <summary>Asks a cursor for rows.</summary>
    public static async Task<LimitedResult> FetchAsync(MySqlWireClient client, byte[] id, byte rows)
    {
        await client.SendCommandAsync([0x1C, .. id, rows, 0, 0, 0]);
        return new(client);
    }

    /// <summary>Reads the number of columns, their definitions and the EOF behind them.</summary>
    public async Task<MySqlPacket> ReadDefinitionsAsync()
    {
        var first = await client.ReadPacketAsync();
        Assert.That(first.IsError, Is.False, first.ToString);
        for (var left = first.Payload[0]; left > 0; left--)
            await client.ReadPacketAsync();
        return await client.ReadPacketAsync();
    }

    /// <summary>Reads so many rows, or to the end.</summary>
    public async Task<LimitedResult> ReadAsync(int rows = int.MaxValue)
    {
        for (var until = rows == int.MaxValue ? rows : Rows + rows; Rows < until;)
        {
            var packet = await client.ReadPacketAsync();
            if (packet.IsError || (packet.First == 0xFE && packet.Payload.Length == 5))
            {
                End = packet;
                break;
            }
            while (packet.Payload.Length == Largest)
                packet = await client.ReadPacketAsync();
            LastSequence = packet.Sequence;
            Rows++;
        }
        return this;
    }
}
