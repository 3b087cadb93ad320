using System.Net;
using WireGuardian.Core.Masking;

namespace WireGuardian.Postgres.Rewriting.Masks;

/// <summary>
/// inet and cidr: the family stays and the address becomes all zero; with a key, one derived from the value within 10.0.0.0/8 or fd00::/8. The mask's
/// bits become those of a single address.
/// </summary>
/// <param name="binary">The format.</param>
/// <param name="cidr">The type cidr, whose text always shows its bits.</param>
/// <param name="key">The key of the digest; null to redact.</param>
internal sealed class InetMask(bool binary, bool cidr, MaskKey? key) : IValueMask
{
    // Family, bits, whether a cidr, bytes of the address.
    private const int HeaderLength = 4;
    private const byte FamilyV4 = 2;
    private const byte FamilyV6 = 3;
    private const int V4Length = 4;
    private const int V6Length = 16;
    private const int LongestText = 64;

    public MaskResult Apply(Span<byte> value, MaskOutput output)
    {
        Span<byte> canonical = stackalloc byte[1 + V6Length];
        Span<byte> address = stackalloc byte[V6Length];
        if (!(binary ? TryReadBinary(value, canonical, out var length) : TryReadText(value, canonical, out length)))
            return MaskResult.Null;
        address = address[..length];
        address.Clear();
        if (key is not null)
            Derive(canonical[..(1 + length)], address);
        return binary ? WriteBinary(value, address) : WriteText(value, address, output);
    }

    private void Derive(ReadOnlySpan<byte> canonical, Span<byte> address)
    {
        Span<byte> digest = stackalloc byte[MaskKey.DigestLength];
        key!.Digest(canonical, digest);
        digest[..(address.Length - 1)].CopyTo(address[1..]);
        address[0] = address.Length == V4Length ? (byte)10 : (byte)0xFD;
    }

    /// <summary>Bits and address.</summary>
    private static bool TryReadBinary(ReadOnlySpan<byte> value, Span<byte> canonical, out int length)
    {
        length = value.Length - HeaderLength;
        if (length is not (V4Length or V6Length) || value[0] != (length == V4Length ? FamilyV4 : FamilyV6) || value[3] != length)
            return false;
        canonical[0] = value[1];
        value[HeaderLength..].CopyTo(canonical[1..]);
        return true;
    }

    private bool TryReadText(ReadOnlySpan<byte> value, Span<byte> canonical, out int length)
    {
        length = value.Contains((byte)':') ? V6Length : V4Length;
        // Which family it is suffices to redact.
        if (key is null)
            return true;
        canonical[0] = (byte)(length * 8);
        var slash = value.IndexOf((byte)'/');
        if (slash >= 0 && !byte.TryParse(value[(slash + 1)..], System.Globalization.CultureInfo.InvariantCulture, out canonical[0]))
            return false;
        return IPAddress.TryParse(slash < 0 ? value : value[..slash], out var address)
            && address.TryWriteBytes(canonical[1..], out var written)
            && written == length;
    }

    private static MaskResult WriteBinary(Span<byte> value, ReadOnlySpan<byte> address)
    {
        value[1] = (byte)(address.Length * 8);
        address.CopyTo(value[HeaderLength..]);
        return MaskResult.InPlace;
    }

    private MaskResult WriteText(Span<byte> value, ReadOnlySpan<byte> address, MaskOutput output)
    {
        Span<byte> text = stackalloc byte[LongestText];
        var length = key is null ? WriteZero(address.Length, text) : WriteAddress(address, text);
        if (cidr)
        {
            var suffix = address.Length == V4Length ? "/32"u8 : "/128"u8;
            suffix.CopyTo(text[length..]);
            length += suffix.Length;
        }
        return StandIn.Put(value, text[..length], output);
    }

    private static int WriteZero(int addressLength, Span<byte> text)
    {
        var zero = addressLength == V4Length ? "0.0.0.0"u8 : "::"u8;
        zero.CopyTo(text);
        return zero.Length;
    }

    private static int WriteAddress(ReadOnlySpan<byte> address, Span<byte> text)
    {
        new IPAddress(address).TryFormat(text, out var length);
        return length;
    }
}
