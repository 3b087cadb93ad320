using WireGuardian.Core.Detection.Scanning;

namespace WireGuardian.Core.Detection.Detectors;

/// <summary>A date that words or a name say to be somebody's birth: in numbers (ISO, or day and month in either order), or with the month's name.</summary>
internal static class DateOfBirth
{
    // The first three letters of the months, in a few languages.
    private static readonly string[] Months =
    [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mai", "okt", "dez", "ene", "abr", "ago", "dic", "fev", "avr", "jui", "aou",
        "gen", "mag", "giu", "lug", "set", "ott", "out", "mei", "maa",
    ];

    /// <summary>A date that begins with its year: <c>1980-05-17</c>.</summary>
    public static bool TryFindIso(ReadOnlySpan<byte> text, int start, ContextHints hints, out Finding finding)
    {
        finding = default;
        if (!IsYear(text, start) || Number(text, start + 5) is 0 or > 12 || Number(text, start + 8) is 0 or > 31)
            return false;
        return IsBirth(text, start, start + 10, hints, out finding);
    }

    /// <summary>A date that ends with its year: <c>17.05.1980</c>, <c>5/17/1980</c>, <c>17 May 1980</c>, <c>May 17, 1980</c>.</summary>
    public static bool TryFindBeforeYear(ReadOnlySpan<byte> text, int year, ContextHints hints, out Finding finding)
    {
        finding = default;
        if (!IsYear(text, year))
            return false;
        var start = NumericStart(text, year);
        if (start < 0)
            start = NamedStart(text, year);
        return start >= 0 && IsBirth(text, start, year + 4, hints, out finding);
    }

    private static bool IsBirth(ReadOnlySpan<byte> text, int start, int end, ContextHints hints, out Finding finding)
    {
        var birth = ((hints | ContextWords.Before(text, start)) & ContextHints.Birth) != 0;
        if (!birth)
        {
            // "née le" and the star of genealogists are no words of letters alone.
            var before = text[Math.Max(0, start - 12)..start];
            birth = before.IndexOf("née le"u8) >= 0 || before.IndexOf("né le"u8) >= 0 || before.IndexOf("né(e) le"u8) >= 0;
        }
        finding = new(start, end - start, Detector.DateOfBirth, birth ? 85 : 5);
        return true;
    }

    private static bool IsYear(ReadOnlySpan<byte> text, int start) =>
        (text[start], text[start + 1]) is ((byte)'1', (byte)'9') or ((byte)'2', (byte)'0') or ((byte)'1', (byte)'8');

    private static int Number(ReadOnlySpan<byte> text, int start) => (text[start] - '0') * 10 + text[start + 1] - '0';

    private static int NumericStart(ReadOnlySpan<byte> text, int year)
    {
        var separator = Characters.At(text, year - 1);
        if (separator is not ((byte)'.' or (byte)'/' or (byte)'-' or (byte)' '))
            return -1;
        var at = year - 1;
        for (var part = 0; part < 2; part++)
        {
            if (separator != ' ' && Characters.At(text, at - 1) == ' ')
                at--;
            var end = at;
            while (at > 0 && end - at < 2 && Characters.IsDigit(text[at - 1]))
                at--;
            if (at == end || (part == 0 && (at == 0 || text[--at] != separator)))
                return -1;
        }
        return Characters.IsLetterOrDigit(Characters.At(text, at - 1)) ? -1 : at;
    }

    private static int NamedStart(ReadOnlySpan<byte> text, int year)
    {
        var before = text[Math.Max(0, year - 28)..year];
        var rest = before.TrimEnd(" ,."u8);
        if (rest.Length == before.Length)
            return -1;
        // "May 17, 1980": a day between the month and the year.
        var dayLast = TrimDay(ref rest);
        var word = rest;
        while (rest.Length > 0 && (Characters.IsLetter(rest[^1]) || rest[^1] >= 0x80))
            rest = rest[..^1];
        if (!IsMonth(word[rest.Length..]))
            return -1;
        if (!dayLast)
        {
            rest = rest.TrimEnd(" ."u8);
            if (Characters.EndsWithIgnoreCase(rest, " de"u8))
                rest = rest[..^3];
            if (!TrimDay(ref rest))
                return -1;
        }
        return year - before.Length + rest.Length;
    }

    private static bool TrimDay(ref ReadOnlySpan<byte> rest)
    {
        var trimmed = rest;
        if (Characters.EndsWithIgnoreCase(trimmed, "th"u8) || Characters.EndsWithIgnoreCase(trimmed, "st"u8) || Characters.EndsWithIgnoreCase(trimmed, "nd"u8)
            || Characters.EndsWithIgnoreCase(trimmed, "rd"u8))
        {
            trimmed = trimmed[..^2];
        }
        var digits = 0;
        while (digits < trimmed.Length && digits < 3 && Characters.IsDigit(trimmed[^(digits + 1)]))
            digits++;
        if (digits is 0 or 3)
            return false;
        rest = trimmed[..^digits];
        var blank = rest.TrimEnd((byte)' ');
        // The blank before a day belongs to the date only where a month stands there.
        if (blank.Length > 0 && blank.Length < rest.Length && EndsWithMonth(blank))
            rest = blank;
        return true;
    }

    private static bool EndsWithMonth(ReadOnlySpan<byte> text)
    {
        var start = text.Length;
        while (start > 0 && (Characters.IsLetter(text[start - 1]) || text[start - 1] >= 0x80))
            start--;
        return IsMonth(text[start..]);
    }

    private static bool IsMonth(ReadOnlySpan<byte> word)
    {
        if (word.Length is < 3 or > 12)
            return false;
        // März, février, août: a letter beyond ASCII is two bytes, of which the first stands for it.
        Span<byte> first = [(byte)(word[0] | 0x20), Fold(word, 1, out var next), Fold(word, next, out _)];
        foreach (var month in Months)
        {
            if (System.Text.Ascii.Equals(first, month))
                return true;
        }
        return false;
    }

    private static byte Fold(ReadOnlySpan<byte> word, int at, out int next)
    {
        var unit = Characters.At(word, at);
        next = unit >= 0x80 ? at + 2 : at + 1;
        return (unit, Characters.At(word, at + 1)) switch
        {
            (0xC3, 0xA4) => (byte)'a',
            (0xC3, 0xA9) => (byte)'e',
            (0xC3, 0xBB) => (byte)'u',
            _ => (byte)(unit | 0x20),
        };
    }
}
