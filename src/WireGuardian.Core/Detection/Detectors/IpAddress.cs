using WireGuardian.Core.Detection.Scanning;

namespace WireGuardian.Core.Detection.Detectors;

/// <summary>IPv4 in dotted decimals and IPv6 (RFC 4291). Version numbers have four parts too: behind a <c>v</c> or a word that says so they score low.</summary>
internal static class IpAddress
{
    private const int LongestV6 = 45;

    /// <param name="text">The text.</param>
    /// <param name="dot">Where the first of three dots between digits is.</param>
    /// <param name="finding">The address.</param>
    public static bool TryFindV4(ReadOnlySpan<byte> text, int dot, out Finding finding)
    {
        finding = default;
        var start = dot;
        while (start > 0 && dot - start < 4 && Characters.IsDigit(text[start - 1]))
            start--;
        var end = V4End(text, start);
        var before = Characters.At(text, start - 1);
        // v1.2.3.4 is a version, and other signs before a digit make it part of something.
        if (end < 0 || Characters.IsLetterOrDigit(before) || before is (byte)'.' or (byte)'_' or (byte)'-')
            return false;
        var next = Characters.At(text, end);
        if (Characters.IsLetterOrDigit(next) || next is (byte)'_' || (next is (byte)'.' or (byte)'-' && Characters.IsLetterOrDigit(Characters.At(text, end + 1))))
            return false;
        finding = new(start, end - start, Detector.IpAddress, IsVersion(text, start) ? 20 : 70);
        return true;
    }

    /// <param name="text">The text.</param>
    /// <param name="colon">Where a colon is.</param>
    /// <param name="finding">The address, without a zone or prefix length.</param>
    public static bool TryFindV6(ReadOnlySpan<byte> text, int colon, out Finding finding)
    {
        finding = default;
        var start = colon;
        while (start > 0 && colon - start <= LongestV6 && (Characters.IsHex(text[start - 1]) || text[start - 1] == ':'))
            start--;
        if (Characters.IsLetterOrDigit(Characters.At(text, start - 1)) || Characters.At(text, start - 1) is (byte)'_' or (byte)'.')
            return false;
        var end = V6End(text, start, out var groups, out var hasDigit);
        var next = Characters.At(text, Math.Max(end, 0));
        if (end < 0 || Characters.IsLetterOrDigit(next) || next is (byte)':' or (byte)'_' || (next == '.' && Characters.IsDigit(Characters.At(text, end + 1))))
            return false;
        // a::b is a scope in many languages.
        finding = new(start, end - start, Detector.IpAddress, groups >= 3 || (hasDigit && groups >= 1 && end - start >= 3) ? 85 : 15);
        return groups > 0;
    }

    private static bool IsVersion(ReadOnlySpan<byte> text, int start)
    {
        var before = text[Math.Max(0, start - 10)..start].TrimEnd(" :=\""u8);
        return Characters.EndsWithIgnoreCase(before, "version"u8) || Characters.EndsWithIgnoreCase(before, "ver."u8) || Characters.EndsWithIgnoreCase(before, "release"u8)
            || Characters.EndsWithIgnoreCase(before, "build"u8);
    }

    private static int V4End(ReadOnlySpan<byte> text, int start)
    {
        var at = start;
        for (var part = 0; part < 4; part++)
        {
            if (part > 0 && Characters.At(text, at++) != '.')
                return -1;
            var digits = Characters.DigitsLength(text, at);
            if (digits is 0 or > 3 || (digits > 1 && text[at] == '0'))
                return -1;
            var value = 0;
            for (var i = 0; i < digits; i++)
                value = value * 10 + text[at + i] - '0';
            if (value > 255)
                return -1;
            at += digits;
        }
        return at;
    }

    /// <summary>The end of an address that begins at <paramref name="start"/>, or -1.</summary>
    private static int V6End(ReadOnlySpan<byte> text, int start, out int groups, out bool hasDigit)
    {
        groups = 0;
        hasDigit = false;
        var compressed = false;
        var at = start;
        if (Characters.At(text, at) == ':')
        {
            if (Characters.At(text, at + 1) != ':')
                return -1;
            compressed = true;
            at += 2;
        }
        while (groups < 8)
        {
            var length = 0;
            while (length < 5 && Characters.IsHex(Characters.At(text, at + length)))
            {
                hasDigit |= Characters.IsDigit(text[at + length]);
                length++;
            }
            if (length == 0)
                return compressed && Characters.At(text, at - 1) == ':' ? at : -1;
            if (length > 4)
                return -1;
            if (Characters.At(text, at + length) == '.' && (compressed || groups == 6))
            {
                var v4 = V4End(text, at);
                groups += 2;
                return v4;
            }
            groups++;
            at += length;
            if (groups == 8)
                return compressed ? -1 : at;
            if (Characters.At(text, at) != ':')
                return compressed ? at : -1;
            if (Characters.At(text, at + 1) == ':')
            {
                if (compressed)
                    return -1;
                compressed = true;
                at += 2;
            }
            else if (Characters.IsHex(Characters.At(text, at + 1)))
            {
                at++;
            }
            else
            {
                // A colon that ends a clause.
                return compressed ? at : -1;
            }
        }
        return at;
    }
}
