using System.Buffers;

namespace WireGuardian.MySql.Packets;

/// <summary>Payloads to packets.</summary>
public static class PacketFraming
{
    /// <summary>Bytes of a payload of <paramref name="length"/> bytes with all its headers.</summary>
    public static long FramedLength(long length) => length + PacketHeader.Size * (length / PacketHeader.LargestPayload + 1);

    /// <summary>
    /// Writes a payload of any length as its packets: a multiple of <see cref="PacketHeader.LargestPayload"/> ends with an empty one.
    /// </summary>
    /// <param name="output">Takes headers and payload.</param>
    /// <param name="payload">The whole payload.</param>
    /// <param name="sequence">Of the first packet.</param>
    /// <returns>The sequence number of what comes next.</returns>
    public static byte WritePacket(this IBufferWriter<byte> output, ReadOnlySpan<byte> payload, byte sequence)
    {
        while (true)
        {
            var header = new PacketHeader(Math.Min(payload.Length, PacketHeader.LargestPayload), sequence++);
            header.Write(output.GetSpan(PacketHeader.Size));
            output.Advance(PacketHeader.Size);
            output.Write(payload[..header.Length]);
            if (!header.IsContinued)
                return sequence;
            payload = payload[header.Length..];
        }
    }
}
