using WireGuardian.MySql.Packets;
using WireGuardian.MySql.Startup;
using WireGuardian.Proxy;

namespace WireGuardian.MySql.Client;

/// <summary>Reads the answer to one command.</summary>
internal sealed class ResultReader(PacketChannel server, CapabilityFlags capabilities, MySqlClientOptions options, CancellationToken cancellationToken)
{
    /// <summary>The servers' own limit.</summary>
    private const int MostColumns = 4096;

    private int _bytes;

    /// <summary>An OK packet and nothing else.</summary>
    public async Task<StatusFlags> ReadOkAsync() => StatusOf(await ReadAsync());

    /// <summary>An OK packet, which is an empty result, or columns and rows.</summary>
    public async Task<QueryResult> ReadTextAsync()
    {
        var first = await ReadAsync();
        if (first is [PacketMarkers.Ok, ..])
            return RequireLast(StatusOf(first), QueryResult.Empty);
        if (first is [PacketMarkers.LocalInfile, ..])
            throw Unexpected("a request for a file");
        if (!LengthEncodedInteger.TryRead(first, out var count, out var size) || size != first.Length || count is 0 or > MostColumns)
            throw Unexpected("no count of columns");
        var columns = await ReadDefinitionsAsync((int)count);
        var rows = new List<byte[]?[]>();
        while (true)
        {
            var packet = await ReadAsync();
            if (TryReadEnd(packet, out var status))
                return RequireLast(status, new QueryResult(columns, rows));
            rows.Add(ReadRow(packet, columns.Length));
        }
    }

    /// <summary>The answer to COM_STMT_PREPARE: the statement's number, and what is known of it.</summary>
    public async Task<(uint Id, PreparedShape Shape)> ReadPreparedAsync()
    {
        var (id, columnCount, parameterCount) = ReadPrepareOk(await ReadAsync());
        if (parameterCount > 0)
            await ReadDefinitionsAsync(parameterCount);
        var columns = columnCount > 0 ? await ReadDefinitionsAsync(columnCount) : [];
        return (id, new PreparedShape(parameterCount, columns));
    }

    private static (uint Id, ushort Columns, ushort Parameters) ReadPrepareOk(byte[] packet)
    {
        var reader = new PayloadReader(packet);
        if (!reader.TryReadByte(out var marker) || marker != PacketMarkers.Ok || !reader.TryReadUInt32(out var id))
            throw Unexpected("no answer to the preparation");
        return reader.TryReadUInt16(out var columns) && reader.TryReadUInt16(out var parameters)
            ? (id, columns, parameters)
            : throw Unexpected("no answer to the preparation");
    }

    /// <summary>Definitions, and the EOF packet after them where that is still in use.</summary>
    private async Task<byte[][]> ReadDefinitionsAsync(int count)
    {
        var definitions = new byte[count][];
        for (var i = 0; i < count; i++)
            definitions[i] = await ReadAsync();
        if (!capabilities.HasFlag(CapabilityFlags.DeprecateEof) && !EofPacket.TryParse(await ReadAsync(), out _))
            throw Unexpected("no end of the column definitions");
        return definitions;
    }

    /// <summary>FE starts a row too: of a first value of 16 MB or more, which no end of rows is long enough for.</summary>
    private bool TryReadEnd(byte[] packet, out StatusFlags status)
    {
        status = StatusFlags.None;
        if (packet is not [PacketMarkers.Eof, ..] || packet.Length >= PacketHeader.LargestPayload)
            return false;
        if (capabilities.HasFlag(CapabilityFlags.DeprecateEof))
        {
            status = StatusOf(packet);
            return true;
        }
        var isEnd = EofPacket.TryParse(packet, out var end);
        status = end.Status;
        return isEnd;
    }

    private static byte[]?[] ReadRow(byte[] packet, int columns)
    {
        var reader = new PayloadReader(packet);
        var row = new byte[]?[columns];
        for (var i = 0; i < columns; i++)
        {
            if (!reader.TryReadLengthEncodedBytesOrNull(out var value, out var isNull))
                throw Unexpected("a row that is too short");
            row[i] = isNull ? null : value.ToArray();
        }
        return reader.AtEnd ? row : throw Unexpected("a row that is too long");
    }

    private StatusFlags StatusOf(byte[] packet) =>
        OkPacket.TryParse(packet, capabilities, out var ok) ? ok.Status : throw Unexpected("no valid OK packet");

    private static QueryResult RequireLast(StatusFlags status, QueryResult result) =>
        status.HasFlag(StatusFlags.MoreResultsExist) ? throw Unexpected("several results") : result;

    private async Task<byte[]> ReadAsync()
    {
        var packet = await server.ReadAsync(Math.Min(options.MaxPacketBytes, options.MaxResultBytes - _bytes), cancellationToken)
            ?? throw new ProtocolException(ProtocolFault.Server, "the database server closed the connection");
        _bytes += packet.Length;
        return packet is [PacketMarkers.Error, ..] ? throw ServerErrorException.Of(packet) : packet;
    }

    private static ProtocolException Unexpected(string what) => new(ProtocolFault.Server, $"the database server sent {what} in answer to the catalog login");
}
