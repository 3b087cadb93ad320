namespace WireGuardian.MySql.Packets;

/// <summary>The four bytes before every packet's payload. A payload of <see cref="LargestPayload"/> bytes goes on in the next packet.</summary>
/// <param name="Length">Bytes of payload in this packet, three bytes on the wire.</param>
/// <param name="Sequence">Counts the packets of one exchange from 0; wraps at 256.</param>
public readonly record struct PacketHeader(int Length, byte Sequence)
{
    /// <summary>Bytes of a header.</summary>
    public const int Size = 4;

    /// <summary>Where in a header the sequence number stands.</summary>
    public const int SequenceOffset = 3;

    /// <summary>A packet of exactly so many bytes is continued, if need be by an empty one.</summary>
    public const int LargestPayload = 0xFF_FFFF;

    public bool IsContinued => Length == LargestPayload;

    /// <summary>Header and payload.</summary>
    public int TotalLength => Size + Length;

    /// <summary>False when there are fewer than four bytes. Every four bytes are a header.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out PacketHeader header)
    {
        header = bytes.Length < Size ? default : new PacketHeader(bytes[0] | bytes[1] << 8 | bytes[2] << 16, bytes[SequenceOffset]);
        return bytes.Length >= Size;
    }

    /// <summary>Writes the four bytes; <paramref name="destination"/> must have room for them.</summary>
    public void Write(Span<byte> destination)
    {
        destination[SequenceOffset] = Sequence;
        destination[0] = (byte)Length;
        destination[1] = (byte)(Length >> 8);
        destination[2] = (byte)(Length >> 16);
    }
}
