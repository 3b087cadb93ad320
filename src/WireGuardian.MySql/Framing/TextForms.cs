namespace WireGuardian.MySql.Framing;

/// <summary>How the characters of a text lie in its bytes, as far as it matters to who looks for ASCII in them.</summary>
public enum TextForm
{
    /// <summary>Nothing is known of its character set.</summary>
    Unknown,

    /// <summary>Every byte below 128 is the ASCII character, and a character of one byte can take the place of any other: UTF-8 and the sets of one byte.</summary>
    AsciiBytes,

    /// <summary>Characters of several bytes, whose later ones may look like ASCII: gbk, sjis, big5 …</summary>
    SeveralBytes,

    Utf16BigEndian,
    Utf16LittleEndian,
    Utf32,
}

/// <summary>Tells the form from the number of a collation.</summary>
public static class TextForms
{
    // MariaDB has the same collation without padding under a number so much higher.
    private const int NoPad = 1024;
    private const int LastNoPad = NoPad + 250;

    public static TextForm Of(ushort collation) => collation is > NoPad and <= LastNoPad ? OfNumber(collation - NoPad) : OfNumber(collation);

    private static TextForm OfNumber(int collation) => collation switch
    {
        // big5, sjis, ujis, euckr, gb2312, gbk, cp932, eucjpms, gb18030.
        1 or 84 or 12 or 91 or 13 or 88 or 19 or 85 or 24 or 86 or 28 or 87 or (>= 95 and <= 98) or (>= 248 and <= 250) => TextForm.SeveralBytes,
        // ucs2 and utf16.
        35 or 90 or (>= 128 and <= 151) or 159 or (>= 640 and <= 642) or (>= 2560 and <= 2815) => TextForm.Utf16BigEndian,
        54 or 55 or (>= 101 and <= 124) or (>= 672 and <= 674) or (>= 2816 and <= 3071) => TextForm.Utf16BigEndian,
        56 or 62 => TextForm.Utf16LittleEndian,
        60 or 61 or (>= 160 and <= 183) or (>= 736 and <= 738) or (>= 3072 and <= 3327) => TextForm.Utf32,
        // swe7 has letters in the places of brackets and signs.
        10 or 82 => TextForm.Unknown,
        // All others of MySQL's, then MariaDB's own of utf8mb3 and utf8mb4.
        (>= 1 and <= 323) or (>= 576 and <= 578) or (>= 608 and <= 610) or (>= 2048 and <= 2559) => TextForm.AsciiBytes,
        _ => TextForm.Unknown,
    };
}
