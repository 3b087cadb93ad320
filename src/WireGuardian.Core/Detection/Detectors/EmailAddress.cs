using WireGuardian.Core.Detection.Scanning;

namespace WireGuardian.Core.Detection.Detectors;

/// <summary>E-mail addresses around an <c>@</c>: a local part, a domain of labels, a top-level domain of letters. Internationalised ones too.</summary>
internal static class EmailAddress
{
    // RFC 5321.
    private const int LongestLocal = 64;
    private const int LongestDomain = 255;
    private const int LongestLabel = 63;
    private const int LongestTopLevel = 24;

    private static readonly bool[] InLocal = Class("._%+&'~!#$*^-"u8);
    private static readonly bool[] InDomain = Class(".-"u8);

    /// <param name="text">The text.</param>
    /// <param name="at">Where the <c>@</c> is.</param>
    /// <param name="finding">The address.</param>
    public static bool TryFind(ReadOnlySpan<byte> text, int at, out Finding finding)
    {
        finding = default;
        var start = at;
        var earliest = Math.Max(0, at - LongestLocal);
        while (start > earliest && InLocal[text[start - 1]])
            start--;
        // A quote or a dot before an address is none of it.
        while (start < at && !Characters.IsLetterOrDigit(text[start]) && text[start] is not ((byte)'_' or >= 0x80))
            start++;
        if (start == at || text[at - 1] == '.')
            return false;
        var end = at + 1;
        var latest = Math.Min(text.Length, at + 1 + LongestDomain);
        while (end < latest && InDomain[text[end]])
            end++;
        while (end > at && text[end - 1] is (byte)'.' or (byte)'-')
            end--;
        if (!IsDomain(text[(at + 1)..Math.Max(at + 1, end)], out var topLevel) || Characters.At(text, end) == '@')
            return false;
        finding = new(start, end - start, Detector.EmailAddress, Score(text, start, at, end, topLevel));
        return true;
    }

    private static int Score(ReadOnlySpan<byte> text, int start, int at, int end, ReadOnlySpan<byte> topLevel)
    {
        // git@host:path is where a repository lies, and icon@2x.png a picture.
        if (text[start..at].SequenceEqual("git"u8) && Characters.At(text, end) == ':')
            return 10;
        return IsPicture(topLevel) ? 20 : 95;
    }

    private static bool IsPicture(ReadOnlySpan<byte> topLevel) =>
        topLevel.SequenceEqual("png"u8) || topLevel.SequenceEqual("jpg"u8) || topLevel.SequenceEqual("jpeg"u8) || topLevel.SequenceEqual("gif"u8)
        || topLevel.SequenceEqual("svg"u8) || topLevel.SequenceEqual("webp"u8) || topLevel.SequenceEqual("css"u8) || topLevel.SequenceEqual("js"u8);

    private static bool IsDomain(ReadOnlySpan<byte> domain, out ReadOnlySpan<byte> topLevel)
    {
        topLevel = default;
        var dot = domain.LastIndexOf((byte)'.');
        if (dot <= 0)
            return false;
        var label = 0;
        foreach (var unit in domain)
        {
            label = unit == '.' ? 0 : label + 1;
            if (label > LongestLabel)
                return false;
        }
        if (domain[0] is (byte)'.' or (byte)'-' || domain.IndexOf(".."u8) >= 0)
            return false;
        topLevel = domain[(dot + 1)..];
        if (topLevel.Length is < 2 or > LongestTopLevel)
            return topLevel.StartsWith("xn--"u8) && topLevel.Length <= LongestLabel;
        foreach (var unit in topLevel)
        {
            if (!Characters.IsLetter(unit) && unit < 0x80)
                return topLevel.StartsWith("xn--"u8);
        }
        return true;
    }

    private static bool[] Class(ReadOnlySpan<byte> others)
    {
        var units = new bool[256];
        for (var i = 0; i < units.Length; i++)
            units[i] = Characters.IsLetterOrDigit((byte)i) || i >= 0x80;
        foreach (var unit in others)
            units[unit] = true;
        return units;
    }
}
