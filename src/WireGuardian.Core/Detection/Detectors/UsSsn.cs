namespace WireGuardian.Core.Detection.Detectors;

/// <summary>Social security numbers of the United States, in the ranges that the Social Security Administration gives out. Nine digits alone count only where words or names say so.</summary>
internal static class UsSsn
{
    private const int Digits = 9;

    /// <param name="text">The text.</param>
    /// <param name="groups">Groups of digits that lie together.</param>
    /// <param name="hints">What the value's name says.</param>
    /// <param name="finding">The number.</param>
    public static bool TryFind(ReadOnlySpan<byte> text, in DigitGroups groups, ContextHints hints, out Finding finding)
    {
        finding = default;
        var isPrinted = groups.Count >= 3 && groups.Lengths[0] == 3 && groups.Lengths[1] == 2 && groups.Lengths[2] == 4
            && groups.Separators[0] == groups.Separators[1] && groups.Separators[0] is (byte)'-' or (byte)' ';
        if (!isPrinted && groups.Lengths[0] != Digits)
            return false;
        var count = isPrinted ? 3 : 1;
        if (groups.Opening == '+' || !groups.EndsValueAt(text, count))
            return false;
        Span<byte> digits = stackalloc byte[Digits];
        groups.CopyDigits(text, count, digits);
        var area = digits[0] * 100 + digits[1] * 10 + digits[2];
        if (area is 0 or 666 or >= 900 || (digits[3] | digits[4]) == 0 || (digits[5] | digits[6] | digits[7] | digits[8]) == 0)
            return false;
        var score = !isPrinted ? 5 : groups.Separators[0] == '-' ? 85 : 50;
        if (((hints | ContextWords.Before(text, groups.Start)) & ContextHints.Ssn) != 0)
            score = isPrinted ? 98 : 85;
        finding = new(groups.Start, groups.EndOf(count) - groups.Start, Detector.UsSsn, score);
        return true;
    }
}
