namespace WireGuardian.Core.Masking.Values;

/// <summary><c>hash</c> and <c>token</c> of uuid and macaddr: bytes of the digest, marked as made up.</summary>
/// <param name="key">The key of the digest.</param>
/// <param name="binary">The format.</param>
/// <param name="separator">What stands between the hex digits as text.</param>
/// <param name="uuid">A uuid; otherwise a MAC address.</param>
public sealed class KeyedBytesMask(MaskKey key, bool binary, byte separator, bool uuid) : IValueMask
{
    private const int UuidLength = 16;
    private const int UuidTextLength = 36;
    private const int MacAddrTextLength = 17;
    private const int MacAddr8TextLength = 23;

    public MaskResult Apply(Span<byte> value, MaskOutput output)
    {
        Span<byte> bytes = stackalloc byte[ByteCount(value.Length)];
        if (bytes.IsEmpty || (!binary && !Hex.TryRead(value, separator, bytes)))
            return MaskResult.Null;
        Span<byte> digest = stackalloc byte[MaskKey.DigestLength];
        key.Digest(binary ? value : bytes, digest);
        digest[..bytes.Length].CopyTo(bytes);
        Mark(bytes);
        if (binary)
            bytes.CopyTo(value);
        else
            Hex.WriteOver(value, separator, bytes);
        return MaskResult.InPlace;
    }

    private int ByteCount(int valueLength) => (uuid, binary, valueLength) switch
    {
        (true, true, UuidLength) or (true, false, UuidTextLength) => UuidLength,
        (false, true, 6) or (false, false, MacAddrTextLength) => 6,
        (false, true, 8) or (false, false, MacAddr8TextLength) => 8,
        _ => 0,
    };

    private void Mark(Span<byte> bytes)
    {
        if (uuid)
        {
            // RFC 9562: version 4 (random), variant 10.
            bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
            bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        }
        else
        {
            // Locally administered, of one station: no vendor's own.
            bytes[0] = (byte)((bytes[0] & 0xFC) | 0x02);
        }
    }
}
