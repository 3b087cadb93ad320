using System.Buffers;
using System.Text;

namespace WireGuardian.Core.Masking;

/// <summary>What <c>email</c> leaves: <c>alice@example.com</c> becomes <c>a***@com</c>.</summary>
public static class EmailMask
{
    private const int ShortestTopLevel = 2;

    // The longest there is; a last label beyond it is more likely somebody's data than a domain.
    private const int LongestTopLevel = 24;

    // RFC 5321: 64 bytes before the @ and 255 after it.
    private const int LongestAddress = 320;

    private static readonly bool[] IsForbidden = Forbidden();

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
        if (text.Length > LongestAddress || !TryFindMarks(text, out var at, out var dot))
            return false;
        // A dot neither before nor right after the @, and a first character that is a whole one.
        if (at <= 0 || dot < at + 2 || text[at + 1] == '.' || !IsTopLevel(text[(dot + 1)..]))
            return false;
        if (!TextRedaction.IsUtf8(text) || Rune.DecodeFromUtf8(text, out _, out firstLength) != OperationStatus.Done)
            return false;
        topLevelLength = text.Length - dot - 1;
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

    /// <summary>One walk for all that is asked, because values are short and there are many. False for a second @ or what no address holds.</summary>
    private static bool TryFindMarks(ReadOnlySpan<byte> text, out int at, out int lastDot)
    {
        at = lastDot = -1;
        var forbidden = IsForbidden;
        for (var i = 0; i < text.Length; i++)
        {
            var unit = text[i];
            if (forbidden[unit] || (unit == '@' && at >= 0))
                return false;
            if (unit == '@')
                at = i;
            else if (unit == '.')
                lastDot = i;
        }
        return true;
    }

    private static bool[] Forbidden()
    {
        var forbidden = new bool[256];
        forbidden.AsSpan(0, ' ' + 1).Fill(true);
        forbidden[0x7F] = true;
        foreach (var unit in "\"(),:;<>[\\]"u8)
            forbidden[unit] = true;
        return forbidden;
    }

    private static bool IsTopLevel(ReadOnlySpan<byte> label)
    {
        if (label.Length is < ShortestTopLevel or > LongestTopLevel)
            return false;
        return !label.ContainsAnyExcept(Letters) || label.StartsWith("xn--"u8);
    }
}
