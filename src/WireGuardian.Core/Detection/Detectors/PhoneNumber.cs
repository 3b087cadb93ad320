using WireGuardian.Core.Detection.Scanning;

namespace WireGuardian.Core.Detection.Detectors;

/// <summary>
/// Telephone numbers: international ones (E.164, behind + or 00) and the national forms that are common: North America's, those with a leading zero, a few more. There is
/// no checksum, so what could be another number scores low unless words or names say that it is a telephone's.
/// </summary>
internal static class PhoneNumber
{
    private const int FewestDigits = 7;
    private const int MostDigits = 15;

    /// <summary>A number behind <c>+</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="plus">Where the <c>+</c> is.</param>
    /// <param name="finding">The number, from the plus on.</param>
    public static bool TryFindInternational(ReadOnlySpan<byte> text, int plus, out Finding finding)
    {
        finding = default;
        var before = Characters.At(text, plus - 1);
        // E.164 has no country code that begins with 0, and 1+1 is a sum.
        if (Characters.At(text, plus + 1) is < (byte)'1' or > (byte)'9' || Characters.IsLetterOrDigit(before) || before is (byte)'+' or (byte)'/')
            return false;
        var groups = DigitGroups.Read(text, plus + 1);
        for (var count = groups.Count; count > 0; count--)
        {
            var digits = DigitsOf(groups, count);
            if (digits is < 8 or > MostDigits || !groups.EndsValueAt(text, count))
                continue;
            // Country code 1 has ten digits behind it.
            if (text[plus + 1] == '1' && digits != 11)
                continue;
            finding = new(plus, EndWithExtension(text, groups.EndOf(count)) - plus, Detector.PhoneNumber, digits >= 10 ? 90 : 70);
            return true;
        }
        return false;
    }

    /// <summary>A number in a national form.</summary>
    /// <param name="text">The text.</param>
    /// <param name="groups">Groups of digits that lie together.</param>
    /// <param name="hints">What the value's name says.</param>
    /// <param name="finding">The number, with a parenthesis that opens it.</param>
    public static bool TryFindNational(ReadOnlySpan<byte> text, in DigitGroups groups, ContextHints hints, out Finding finding)
    {
        finding = default;
        if (groups.Opening == '+')
            return false;
        for (var count = Math.Min(groups.Count, 6); count > 0; count--)
        {
            var digits = DigitsOf(groups, count);
            if (digits is < FewestDigits or > MostDigits || !groups.EndsValueAt(text, count) || IsDateOrAddress(text, groups, count))
                continue;
            var score = Score(text, groups, count, digits);
            if (score == 0)
                continue;
            if (score < 90 && ((hints | ContextWords.Before(text, groups.Start)) & ContextHints.Phone) != 0)
                score = Math.Min(95, score + 45);
            var start = groups.Opening == '(' && count > 1 && groups.Separators[0] == ')' ? groups.Start - 1 : groups.Start;
            finding = new(start, EndWithExtension(text, groups.EndOf(count)) - start, Detector.PhoneNumber, score);
            return true;
        }
        return false;
    }

    private static int Score(ReadOnlySpan<byte> text, in DigitGroups groups, int count, int digits)
    {
        var first = text[groups.Start];
        var second = text[groups.Start + 1];
        // One kind of separator, or a parenthesis around the first group.
        for (var i = 1; i < count - 1; i++)
        {
            if (groups.Separators[i] != groups.Separators[0] && groups.Separators[0] is not ((byte)')' or (byte)'/') && !(i == 1 && groups.Lengths[0] == 1))
                return 0;
        }
        // Two groups with a point are a fraction, and 3-2-4 is a social security number or was to look like one.
        if ((count == 2 && groups.Separators[0] == '.') || (count == 3 && groups.Lengths[0] == 3 && groups.Lengths[1] == 2 && groups.Lengths[2] == 4))
            return 0;
        if (IsNorthAmerican(text, groups, count, out var score))
            return score;
        if (groups.Opening == '(' && count > 1 && groups.Separators[0] == ')' && groups.Lengths[0] is >= 2 and <= 5 && digits is >= 8 and <= 13)
            return 70;
        if (first == '0' && second == '0')
            return (groups.Lengths[0] is > 5 or < 2 && count > 1) || text[groups.Start + 2] == '0' || digits < 11 ? 0 : count > 1 ? 65 : 35;
        if (first == '0')
            return digits is < 9 or > 12 || groups.Lengths[0] is < 2 or > 6 && count > 1 ? 0 : count > 1 ? IsPairs(groups, count) ? 80 : 60 : digits is 10 or 11 ? 50 : 20;
        if (count == 1)
            return digits == 11 && first == '1' && second is >= (byte)'3' ? 40 : digits is 9 or 10 && first >= '5' ? 15 : 5;
        return (digits, count, groups.Lengths[0], groups.Lengths[1]) switch
        {
            // China 138 0013 8000, India 98765 43210, Spain 612 34 56 78, Poland 22-123-45-67 and 600 123 456.
            (11, 3, 3, 4) when first == '1' && second >= '3' => 65,
            (10, 2, 5, 5) when first >= '6' => 55,
            (9, 4, 3, 2) when first >= '6' => 60,
            (9, 4, 2, 3) when groups.Separators[0] != '.' => 55,
            (9, 3, 3, 3) when first >= '5' && groups.Separators[0] != '.' => 50,
            (10, 3, 3, 3) when first >= '3' => 45,
            _ => 10,
        };
    }

    /// <summary>NPA-NXX-XXXX, with a 1 before it or without: neither area nor exchange begins with 0 or 1.</summary>
    private static bool IsNorthAmerican(ReadOnlySpan<byte> text, in DigitGroups groups, int count, out int score)
    {
        score = 0;
        var skip = count > 1 && groups.Lengths[0] == 1 && text[groups.Start] == '1' ? 1 : 0;
        if (count - skip == 1 && groups.Lengths[skip] == 10)
        {
            var number = text.Slice(groups.OffsetOf(skip), 10);
            score = number[0] >= '2' && number[3] >= '2' ? 40 : 0;
            return score > 0;
        }
        if (count - skip != 3 || groups.Lengths[skip] != 3 || groups.Lengths[skip + 1] != 3 || groups.Lengths[skip + 2] != 4)
            return false;
        if (text[groups.OffsetOf(skip)] < '2' || text[groups.OffsetOf(skip + 1)] < '2')
            return false;
        score = groups.Separators[skip] switch
        {
            (byte)')' => 85,
            (byte)'-' => 80,
            (byte)'.' => 75,
            _ => 65,
        };
        return true;
    }

    private static bool IsPairs(in DigitGroups groups, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (groups.Lengths[i] != 2)
                return false;
        }
        return count == 5;
    }

    /// <summary>Groups of a date with what follows it, or of an IP address.</summary>
    private static bool IsDateOrAddress(ReadOnlySpan<byte> text, in DigitGroups groups, int count)
    {
        if (count < 3)
            return false;
        var dotted = groups.Separators[0] == groups.Separators[1];
        if (dotted && groups.Lengths[0] == 4 && groups.Lengths[1] <= 2 && groups.Lengths[2] <= 2 && groups.Separators[0] != ' ')
            return true;
        if (dotted && groups.Lengths[0] <= 2 && groups.Lengths[1] <= 2 && groups.Lengths[2] == 4 && text[groups.OffsetOf(2)] is (byte)'1' or (byte)'2')
            return true;
        return count == 4 && dotted && groups.Separators[0] == '.' && groups.Lengths[0] <= 3 && groups.Lengths[1] <= 3 && groups.Lengths[2] <= 3 && groups.Lengths[3] <= 3;
    }

    private static int DigitsOf(in DigitGroups groups, int count)
    {
        var digits = 0;
        for (var i = 0; i < count; i++)
            digits += groups.Lengths[i];
        return digits;
    }

    /// <summary><c> x123</c>, <c> ext. 123</c>.</summary>
    private static int EndWithExtension(ReadOnlySpan<byte> text, int end)
    {
        var rest = text[end..];
        var skip = rest.StartsWith(" "u8) ? 1 : 0;
        rest = rest[skip..];
        var word = rest.StartsWith("ext. "u8) ? 5 : rest.StartsWith("ext "u8) ? 4 : rest.StartsWith("x"u8) ? 1 : 0;
        if (word == 0)
            return end;
        var digits = Characters.DigitsLength(rest, word);
        return digits is >= 1 and <= 6 ? end + skip + word + digits : end;
    }
}
