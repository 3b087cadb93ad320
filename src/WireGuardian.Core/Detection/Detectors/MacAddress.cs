using WireGuardian.Core.Detection.Scanning;

namespace WireGuardian.Core.Detection.Detectors;

/// <summary>Hardware addresses: EUI-48 and EUI-64 in pairs with colons or dashes, EUI-48 in fours with dots.</summary>
internal static class MacAddress
{
    /// <param name="text">The text.</param>
    /// <param name="separator">Where the first separator is.</param>
    /// <param name="finding">The address.</param>
    public static bool TryFind(ReadOnlySpan<byte> text, int separator, out Finding finding)
    {
        finding = default;
        var unit = text[separator];
        var width = unit == '.' ? 4 : 2;
        var start = separator - width;
        if (start < 0)
            return false;
        var groups = 0;
        var at = start;
        byte any = 0;
        byte all = 0xFF;
        while (true)
        {
            for (var i = 0; i < width; i++)
            {
                var digit = Characters.At(text, at + i);
                if (!Characters.IsHex(digit))
                    return false;
                any |= (byte)(digit ^ '0');
                all &= (byte)((digit | 0x20) == 'f' ? 0xFF : 0);
            }
            at += width;
            groups++;
            if (Characters.At(text, at) != unit || groups == 8)
                break;
            at++;
        }
        var before = Characters.At(text, start - 1);
        var next = Characters.At(text, at);
        if (Characters.IsLetterOrDigit(before) || before == unit || before == '_' || Characters.IsLetterOrDigit(next) || next == unit || next == '_')
            return false;
        // Of no station and of all of them.
        if (any == 0 || all == 0xFF || groups != 3 && width == 4 || width == 2 && groups is not (6 or 8))
            return false;
        finding = new(start, at - start, Detector.MacAddress, width == 4 ? 70 : 85);
        return true;
    }
}
