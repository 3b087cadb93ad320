namespace WireGuardian.MySql.Compression;

/// <summary>The seven bytes before a compressed packet's payload (the manual's page "Compressed Packet"). All lengths are of three bytes on the wire.</summary>
/// <param name="Length">Bytes that follow the header.</param>
/// <param name="Sequence">Counts compressed packets; see <see cref="CompressedNumbers"/>.</param>
/// <param name="PlainLength">Bytes that the payload inflates to; 0 where it is sent as it is.</param>
public readonly record struct CompressedHeader(int Length, byte Sequence, int PlainLength)
{
    /// <summary>Bytes of a header.</summary>
    public const int Size = 7;

    /// <summary>The header that <paramref name="bytes"/>, of which there must be seven, begin with. Every seven bytes are one.</summary>
    public static CompressedHeader Read(ReadOnlySpan<byte> bytes) => new(ReadLength(bytes), bytes[3], ReadLength(bytes[4..]));

    /// <summary>Writes the seven bytes; <paramref name="destination"/> must have room for them.</summary>
    public void Write(Span<byte> destination)
    {
        WriteLength(Length, destination);
        destination[3] = Sequence;
        WriteLength(PlainLength, destination[4..]);
    }

    private static int ReadLength(ReadOnlySpan<byte> bytes) => bytes[0] | bytes[1] << 8 | bytes[2] << 16;

    private static void WriteLength(int length, Span<byte> destination)
    {
        destination[2] = (byte)(length >> 16);
        destination[0] = (byte)length;
        destination[1] = (byte)(length >> 8);
    }
}
