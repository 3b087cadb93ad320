namespace WireGuardian.Core.Masking.Values;

/// <summary><c>redact</c> of text: every byte <c>*</c>.</summary>
public sealed class StarsMask : IValueMask
{
    public static readonly StarsMask Instance = new();

    public MaskResult Apply(Span<byte> value, MaskOutput output)
    {
        TextRedaction.Redact(value);
        return MaskResult.InPlace;
    }
}

/// <summary><c>partial</c> of text: the last four characters of nine or more.</summary>
public sealed class TailMask : IValueMask
{
    public static readonly TailMask Instance = new();

    public MaskResult Apply(Span<byte> value, MaskOutput output)
    {
        TextRedaction.KeepTail(value);
        return MaskResult.InPlace;
    }
}

/// <summary><c>email</c> of text.</summary>
/// <param name="padded">The type is padded with blanks (bpchar), which are no part of the address.</param>
public sealed class EmailTextMask(bool padded) : IValueMask
{
    public MaskResult Apply(Span<byte> value, MaskOutput output)
    {
        var address = padded ? value.TrimEnd((byte)' ') : value;
        if (!EmailMask.TryFind(address, out var first, out var topLevel))
        {
            TextRedaction.Redact(value);
            return MaskResult.InPlace;
        }
        var length = EmailMask.Length(first, topLevel);
        if (padded && length <= value.Length)
        {
            EmailMask.Write(address, first, topLevel, value);
            value[length..].Fill((byte)' ');
            return MaskResult.InPlace;
        }
        EmailMask.Write(address, first, topLevel, StandIn.Place(value, length, output, out var result));
        return result;
    }
}

/// <summary><c>hash</c> and <c>token</c> of text.</summary>
/// <param name="key">The key of the digest.</param>
/// <param name="token">A token; otherwise the digest in hex.</param>
/// <param name="longest">Characters that the type allows.</param>
/// <param name="padded">The type is padded with blanks, which do not count when values are compared.</param>
public sealed class KeyedTextMask(MaskKey key, bool token, int longest, bool padded) : IValueMask
{
    private readonly int _length = Math.Min(longest, token ? KeyedStandIn.TokenLength : KeyedStandIn.HashLength);

    public MaskResult Apply(Span<byte> value, MaskOutput output)
    {
        Span<byte> standIn = stackalloc byte[KeyedStandIn.HashLength];
        WriteWhole(padded ? value.TrimEnd((byte)' ') : value, standIn);
        return StandIn.Put(value, standIn[.._length], output);
    }

    /// <summary>The stand-in in full length; tells the length.</summary>
    public int WriteWhole(ReadOnlySpan<byte> value, Span<byte> standIn)
    {
        Span<byte> digest = stackalloc byte[MaskKey.DigestLength];
        key.Digest(value, digest);
        if (token)
            KeyedStandIn.WriteToken(digest, standIn);
        else
            KeyedStandIn.WriteHash(digest, standIn);
        return token ? KeyedStandIn.TokenLength : KeyedStandIn.HashLength;
    }
}

/// <summary>
/// For a client encoding other than UTF-8: ASCII is the same in all of them and masked as usual; other bytes are opaque.
/// </summary>
/// <param name="inner">The mask for what is ASCII.</param>
/// <param name="other">The mask for the rest.</param>
public sealed class AsciiOnlyMask(IValueMask inner, IValueMask other) : IValueMask
{
    public MaskResult Apply(Span<byte> value, MaskOutput output) =>
        (System.Text.Ascii.IsValid(value) ? inner : other).Apply(value, output);
}
