using System.Buffers;

namespace WireGuardian.MySql.Packets;

/// <summary>A command or a login that failed.</summary>
public readonly ref struct ErrPacket
{
    /// <summary>MariaDB sends progress reports as errors with this code.</summary>
    public const ushort ProgressReport = 0xFFFF;

    private const byte SqlStateMarker = (byte)'#';
    private const int SqlStateLength = 5;

    public ushort Code { get; init; }

    /// <summary>Five bytes; empty in an error before the server knows the client's capabilities.</summary>
    public ReadOnlySpan<byte> SqlState { get; init; }

    /// <summary>In the session's character set; may quote values.</summary>
    public ReadOnlySpan<byte> Message { get; init; }

    /// <summary>False where <paramref name="payload"/> is none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out ErrPacket packet)
    {
        packet = default;
        var reader = new PayloadReader(payload);
        if (!reader.TryReadByte(out var marker) || marker != PacketMarkers.Error || !reader.TryReadUInt16(out var code))
            return false;
        ReadOnlySpan<byte> sqlState = default;
        if (!reader.AtEnd && reader.Rest[0] == SqlStateMarker && reader.Rest.Length > SqlStateLength)
        {
            reader.TrySkip(1);
            reader.TryReadBytes(SqlStateLength, out sqlState);
        }
        packet = new ErrPacket { Code = code, SqlState = sqlState, Message = reader.ReadToEnd() };
        return true;
    }

    /// <summary>Writes the payload, without a header.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        output.WriteByte(PacketMarkers.Error);
        output.WriteUInt16(Code);
        if (!SqlState.IsEmpty)
        {
            output.WriteByte(SqlStateMarker);
            output.Write(SqlState);
        }
        output.Write(Message);
    }
}
