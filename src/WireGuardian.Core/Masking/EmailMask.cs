using System.Buffers;
using System.Text;

namespace WireGuardian.Core.Masking;

/// <summary>What <c>email</c> leaves: <c>alice@example.com</c> becomes <c>a***@com</c>.</summary>
public static class EmailMask
{
    private const int ShortestTopLevel = 2;

    // The longest there is; a last label beyond it is more likely somebody's data than a domain.
    private const int LongestTopLevel = 24;

    private static readonly SearchValues<byte> NotInAddress = SearchValues.Create(
        [.. Enumerable.Range(0, 0x21).Select(value => (byte)value), 0x7F, .. "\"(),:;<>[\\]"u8]);

    private static readonly SearchValues<byte> Letters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);

    private static ReadOnlySpan<byte> Middle => "***@"u8;

    /// <summary>Tells the parts that stay. False when <paramref name="text"/> is no e-mail address.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="firstLength">Bytes of the first character.</param>
    /// <param name="topLevelLength">Bytes of the top-level domain, at the end.</param>
    public static bool TryFind(ReadOnlySpan<byte> text, out int firstLength, out int topLevelLength)
    {
        firstLength = topLevelLength = 0;
        var at = text.IndexOf((byte)'@');
        if (at <= 0 || text.ContainsAny(NotInAddress))
            return false;
        var domain = text[(at + 1)..];
        var dot = domain.LastIndexOf((byte)'.');
        if (dot <= 0 || domain.Contains((byte)'@') || domain[0] == '.' || !IsTopLevel(domain[(dot + 1)..]))
            return false;
        if (!TextRedaction.IsUtf8(text) || Rune.DecodeFromUtf8(text, out _, out firstLength) != OperationStatus.Done)
            return false;
        topLevelLength = domain.Length - dot - 1;
        return true;
    }

    /// <summary>Bytes of the stand-in for the parts that <see cref="TryFind"/> told.</summary>
    public static int Length(int firstLength, int topLevelLength) => firstLength + Middle.Length + topLevelLength;

    /// <summary>Writes the stand-in. <paramref name="destination"/> may be <paramref name="text"/> itself.</summary>
    public static void Write(ReadOnlySpan<byte> text, int firstLength, int topLevelLength, Span<byte> destination)
    {
        // The end goes first: what it moves over is not read any more.
        text[^topLevelLength..].CopyTo(destination[(firstLength + Middle.Length)..]);
        text[..firstLength].CopyTo(destination);
        Middle.CopyTo(destination[firstLength..]);
    }

    private static bool IsTopLevel(ReadOnlySpan<byte> label)
    {
        if (label.Length is < ShortestTopLevel or > LongestTopLevel)
            return false;
        return !label.ContainsAnyExcept(Letters) || label.StartsWith("xn--"u8);
    }
}
