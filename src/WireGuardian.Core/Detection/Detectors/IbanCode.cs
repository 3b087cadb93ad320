using WireGuardian.Core.Detection.Scanning;

namespace WireGuardian.Core.Detection.Detectors;

/// <summary>International bank account numbers (ISO 13616): a country with its length, and the check digits (modulo 97).</summary>
internal static class IbanCode
{
    private const int Longest = 34;

    // Country and length, as the registry has them.
    private static readonly byte[] LengthOf = Lengths(
        "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 " +
        "GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 " +
        "OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30");

    /// <param name="text">The text.</param>
    /// <param name="start">Where a capital letter, another letter and two digits begin.</param>
    /// <param name="finding">The number with its blanks.</param>
    public static bool TryFind(ReadOnlySpan<byte> text, int start, out Finding finding)
    {
        finding = default;
        if (!Characters.IsUpper(text[start + 1]))
            return false;
        var length = LengthOf[(text[start] - 'A') * 26 + text[start + 1] - 'A'];
        if (length == 0)
            return false;
        Span<byte> units = stackalloc byte[Longest];
        var at = start;
        var count = 0;
        var separator = (byte)0;
        while (count < length && at < text.Length)
        {
            var unit = text[at];
            if (Characters.IsDigit(unit) || Characters.IsUpper(unit))
            {
                units[count++] = unit;
                at++;
            }
            else if (count > 0 && count % 4 == 0 && unit is (byte)' ' or (byte)'-' && (separator == 0 || separator == unit) && (separator != 0 || count == 4))
            {
                separator = unit;
                at++;
            }
            else
            {
                return false;
            }
        }
        if (count < length || Characters.IsLetterOrDigit(Characters.At(text, at)) || Remainder(units[..count]) != 1)
            return false;
        finding = new(start, at - start, Detector.IbanCode, 98);
        return true;
    }

    /// <summary>Of the number with its first four characters at the end and letters as two digits, modulo 97.</summary>
    private static int Remainder(ReadOnlySpan<byte> units)
    {
        var remainder = 0;
        for (var i = 0; i < units.Length; i++)
        {
            var unit = units[(i + 4) % units.Length];
            remainder = Characters.IsDigit(unit) ? (remainder * 10 + unit - '0') % 97 : (remainder * 100 + unit - 'A' + 10) % 97;
        }
        return remainder;
    }

    private static byte[] Lengths(string table)
    {
        var lengths = new byte[26 * 26];
        foreach (var entry in table.Split(' '))
            lengths[(entry[0] - 'A') * 26 + entry[1] - 'A'] = byte.Parse(entry.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture);
        return lengths;
    }
}
