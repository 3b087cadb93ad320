using System.Buffers;

namespace WireGuardian.MySql.Packets;

/// <summary>The end of a list of column definitions or rows, where <see cref="CapabilityFlags.DeprecateEof"/> was not agreed on.</summary>
public readonly record struct EofPacket(ushort Warnings, StatusFlags Status)
{
    /// <summary>Bytes of the payload.</summary>
    public const int Size = 5;

    /// <summary>False where <paramref name="payload"/> is none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out EofPacket packet)
    {
        packet = default;
        var reader = new PayloadReader(payload);
        if (payload.Length != Size || !reader.TryReadByte(out var marker) || marker != PacketMarkers.Eof)
            return false;
        reader.TryReadUInt16(out var warnings);
        reader.TryReadUInt16(out var status);
        packet = new EofPacket(warnings, (StatusFlags)status);
        return true;
    }

    /// <summary>Writes the payload, without a header.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        output.WriteByte(PacketMarkers.Eof);
        output.WriteUInt16(Warnings);
        output.WriteUInt16((ushort)Status);
    }
}
