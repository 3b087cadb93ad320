using System.Buffers;
using WireGuardian.Core.Masking;

namespace WireGuardian.Postgres.Rewriting.Masks;

/// <summary>bytea in binary: every byte zero.</summary>
internal sealed class ByteaBinaryMask : IValueMask
{
    public static readonly ByteaBinaryMask Instance = new();

    public MaskResult Apply(Span<byte> value, MaskOutput output)
    {
        value.Clear();
        return MaskResult.InPlace;
    }
}

/// <summary>bytea as text, in the hex or the escape spelling, which the value shows: every byte zero.</summary>
internal sealed class ByteaTextMask : IValueMask
{
    public static readonly ByteaTextMask Instance = new();

    public MaskResult Apply(Span<byte> value, MaskOutput output)
    {
        if (value.StartsWith(ByteaText.HexPrefix))
        {
            value = value[ByteaText.HexPrefix.Length..];
            if (value.Length % 2 != 0)
                return MaskResult.Null;
            value.Fill((byte)'0');
            return MaskResult.InPlace;
        }
        var start = output.Length;
        var rest = (ReadOnlySpan<byte>)value;
        while (rest.Length > 0)
        {
            if (!ByteaText.TryReadEscaped(ref rest, out _))
            {
                output.Truncate(start);
                return MaskResult.Null;
            }
            output.Write("\\000"u8);
        }
        return MaskResult.Replaced;
    }
}

/// <summary><c>hash</c> and <c>token</c> of bytea: the digest's 32 bytes.</summary>
internal sealed class KeyedByteaMask(MaskKey key, bool binary) : IValueMask
{
    private const int OnStack = 256;

    public MaskResult Apply(Span<byte> value, MaskOutput output)
    {
        Span<byte> digest = stackalloc byte[MaskKey.DigestLength];
        if (binary)
        {
            key.Digest(value, digest);
            return StandIn.Put(value, digest, output);
        }
        var rented = value.Length <= OnStack ? null : ArrayPool<byte>.Shared.Rent(value.Length);
        var bytes = rented ?? stackalloc byte[OnStack];
        var valid = ByteaText.TryDecode(value, bytes, out var length);
        if (valid)
            key.Digest(bytes[..length], digest);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        return valid ? WriteHex(value, digest, output) : MaskResult.Null;
    }

    private static MaskResult WriteHex(Span<byte> value, ReadOnlySpan<byte> digest, MaskOutput output)
    {
        var place = StandIn.Place(value, ByteaText.HexPrefix.Length + KeyedStandIn.HashLength, output, out var result);
        ByteaText.HexPrefix.CopyTo(place);
        KeyedStandIn.WriteHash(digest, place[ByteaText.HexPrefix.Length..]);
        return result;
    }
}

/// <summary>The two spellings of bytea as text.</summary>
internal static class ByteaText
{
    public static ReadOnlySpan<byte> HexPrefix => "\\x"u8;

    /// <summary>The bytes that the text spells; <paramref name="bytes"/> is at least as long as the text.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> bytes, out int length)
    {
        length = 0;
        if (text.StartsWith(HexPrefix))
        {
            length = (text.Length - HexPrefix.Length) / 2;
            return Hex.TryRead(text[HexPrefix.Length..], separator: 0, bytes[..length]);
        }
        while (text.Length > 0)
        {
            if (!TryReadEscaped(ref text, out bytes[length++]))
                return false;
        }
        return true;
    }

    /// <summary>One byte: itself, <c>\\</c> or <c>\</c> and three octal digits.</summary>
    public static bool TryReadEscaped(ref ReadOnlySpan<byte> text, out byte value)
    {
        value = text[0];
        if (value != '\\')
        {
            text = text[1..];
            return true;
        }
        if (text.Length > 1 && text[1] == '\\')
        {
            text = text[2..];
            return true;
        }
        if (text.Length < 4 || text[1] is < (byte)'0' or > (byte)'3' || !IsOctal(text[2]) || !IsOctal(text[3]))
            return false;
        value = (byte)((text[1] - '0') << 6 | (text[2] - '0') << 3 | (text[3] - '0'));
        text = text[4..];
        return true;
    }

    private static bool IsOctal(byte unit) => unit is >= (byte)'0' and <= (byte)'7';
}
