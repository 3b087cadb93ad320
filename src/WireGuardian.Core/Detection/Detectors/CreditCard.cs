namespace WireGuardian.Core.Detection.Detectors;

/// <summary>Numbers of payment cards: a brand's prefix and length, and the check digit of ISO/IEC 7812 (Luhn).</summary>
internal static class CreditCard
{
    public const int FewestDigits = 12;
    public const int MostDigits = 19;

    /// <param name="text">The text.</param>
    /// <param name="groups">Groups of digits that lie together.</param>
    /// <param name="hints">What the value's name says.</param>
    /// <param name="finding">The number.</param>
    public static bool TryFind(ReadOnlySpan<byte> text, in DigitGroups groups, ContextHints hints, out Finding finding)
    {
        finding = default;
        if (groups.TotalDigits < FewestDigits)
            return false;
        // As many groups as give a form in which cards are printed.
        for (var count = Math.Min(groups.Count, 5); count > 0; count--)
        {
            if (!IsPrintedForm(groups, count) || groups.Opening == '+' || !groups.EndsValueAt(text, count))
                continue;
            Span<byte> digits = stackalloc byte[MostDigits];
            var length = groups.CopyDigits(text, count, digits);
            var score = Score(digits[..length], count > 1);
            if (score == 0 || !HasCheckDigit(digits[..length]))
                continue;
            if (score < 80 && ((hints | ContextWords.Before(text, groups.Start)) & ContextHints.Card) != 0)
                score = 95;
            finding = new(groups.Start, groups.EndOf(count) - groups.Start, Detector.CreditCard, score);
            return true;
        }
        return false;
    }

    /// <summary>Luhn: every second digit from the right doubled, digits of the products summed.</summary>
    public static bool HasCheckDigit(ReadOnlySpan<byte> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)];
            sum += i % 2 == 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
        }
        return sum % 10 == 0;
    }

    private static bool IsPrintedForm(in DigitGroups groups, int count)
    {
        if (count == 1)
            return groups.Lengths[0] is >= FewestDigits and <= MostDigits;
        var separator = groups.Separators[0];
        if (separator is not ((byte)' ' or (byte)'-'))
            return false;
        for (var i = 1; i < count - 1; i++)
        {
            if (groups.Separators[i] != separator)
                return false;
        }
        if (groups.Lengths[0] != 4)
            return false;
        return count switch
        {
            3 => groups.Lengths[1] == 6 && groups.Lengths[2] is 4 or 5,
            4 or 5 => groups.Lengths[1] == 4 && groups.Lengths[2] == 4 && (count == 4 ? groups.Lengths[3] is >= 1 and <= 4 : groups.Lengths[3] == 4 && groups.Lengths[4] <= 3),
            _ => false,
        };
    }

    /// <summary>0 when no brand has such a number. Wide ranges and lengths that are rare score low where nothing else speaks for a card.</summary>
    private static int Score(ReadOnlySpan<byte> digits, bool isPrinted)
    {
        var first4 = digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3];
        var first2 = first4 / 100;
        var common = (first4, digits.Length) switch
        {
            ( >= 4000 and <= 4999, 16) => true,
            ( >= 5100 and <= 5599, 16) or ( >= 2221 and <= 2720, 16) => true,
            ( >= 3400 and <= 3499, 15) or ( >= 3700 and <= 3799, 15) => true,
            (6011, 16) or ( >= 6440 and <= 6599, 16) => true,
            ( >= 3000 and <= 3059, 14) or (3095, 14) or ( >= 3600 and <= 3699, 14) or ( >= 3800 and <= 3999, 14) => true,
            ( >= 3528 and <= 3589, 16) => true,
            ( >= 6200 and <= 6299, 16) or ( >= 8100 and <= 8171, 16) => true,
            ( >= 2200 and <= 2204, 16) => true,
            (5018 or 5020 or 5038 or 5893 or 6304 or 6706 or 6709 or 6759 or 6761 or 6762 or 6763 or 6771, 16) => true,
            _ => false,
        };
        if (common)
            return isPrinted ? 98 : 90;
        var rare = (first2, digits.Length) switch
        {
            ( >= 40 and <= 49, 13 or 19) => true,
            (62 or 81, >= 17 and <= 19) => true,
            (60 or 64 or 65 or 35, >= 17 and <= 19) => true,
            (36 or 38 or 39, >= 15 and <= 19) => true,
            (50 or (>= 56 and <= 58) or (>= 60 and <= 69), >= FewestDigits and <= MostDigits) => true,
            _ => false,
        };
        return !rare ? 0 : isPrinted ? 75 : 40;
    }
}
