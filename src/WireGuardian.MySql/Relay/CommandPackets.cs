using WireGuardian.MySql.Packets;

namespace WireGuardian.MySql.Relay;

/// <summary>A command that may be in several packets.</summary>
public static class CommandPackets
{
    /// <summary>Finds the end of a command.</summary>
    /// <param name="bytes">Begins with the first packet's header.</param>
    /// <param name="total">Bytes of all its packets, headers included; where they are not all there, how many are needed to go on.</param>
    /// <param name="last">Sequence number of the last packet.</param>
    /// <returns>True when all of it is there.</returns>
    public static bool TryMeasure(ReadOnlySpan<byte> bytes, out long total, out byte last)
    {
        (total, last) = (0, 0);
        while (true)
        {
            if (bytes.Length < total + PacketHeader.Size)
            {
                total += PacketHeader.Size;
                return false;
            }
            PacketHeader.TryRead(bytes[(int)total..], out var header);
            total += header.TotalLength;
            last = header.Sequence;
            if (bytes.Length < total)
                return false;
            if (!header.IsContinued)
                return true;
        }
    }

    /// <summary>The payload of a command that is there in whole: its own bytes, or a copy where headers stand in between.</summary>
    public static ReadOnlySpan<byte> Payload(ReadOnlySpan<byte> bytes)
    {
        PacketHeader.TryRead(bytes, out var header);
        if (!header.IsContinued)
            return bytes.Slice(PacketHeader.Size, header.Length);
        var payload = new byte[bytes.Length];
        var length = 0;
        for (var more = true; more; more = header.IsContinued)
        {
            PacketHeader.TryRead(bytes, out header);
            bytes.Slice(PacketHeader.Size, header.Length).CopyTo(payload.AsSpan(length));
            length += header.Length;
            bytes = bytes[header.TotalLength..];
        }
        return payload.AsSpan(0, length);
    }
}
