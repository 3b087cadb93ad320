using System.Buffers.Binary;

namespace WireGuardian.Core.Masking;

/// <summary>Stand-ins made from the digest of a value: text in hex, a readable token, numbers.</summary>
public static class KeyedStandIn
{
    /// <summary>Bytes of a digest in hex.</summary>
    public const int HashLength = MaskKey.DigestLength * 2;

    /// <summary>Bytes of a token: its prefix and 80 bits in base 32.</summary>
    public const int TokenLength = 4 + 16;

    private const int TokenDigits = 16;

    private static ReadOnlySpan<byte> TokenPrefix => "tok_"u8;

    // Without i, l, o and u, which people misread.
    private static ReadOnlySpan<byte> Base32 => "0123456789abcdefghjkmnpqrstvwxyz"u8;

    /// <summary>The digest in lower-case hex.</summary>
    public static void WriteHash(ReadOnlySpan<byte> digest, Span<byte> destination) =>
        Convert.TryToHexStringLower(digest, destination[..HashLength], out _);

    /// <summary><c>tok_</c> and the digest's first ten bytes.</summary>
    public static void WriteToken(ReadOnlySpan<byte> digest, Span<byte> destination)
    {
        TokenPrefix.CopyTo(destination);
        UInt128 bits = new(BinaryPrimitives.ReadUInt16BigEndian(digest), BinaryPrimitives.ReadUInt64BigEndian(digest[2..]));
        for (var i = TokenDigits - 1; i >= 0; i--, bits >>= 5)
            destination[TokenPrefix.Length + i] = Base32[(int)(bits & 31)];
    }

    /// <summary>A number from 0 up to, and without, <paramref name="limit"/>.</summary>
    public static long Number(ReadOnlySpan<byte> digest, ulong limit) =>
        (long)(limit == 0 ? 0 : BinaryPrimitives.ReadUInt64BigEndian(digest) % limit);
}
