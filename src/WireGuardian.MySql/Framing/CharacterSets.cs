namespace WireGuardian.MySql.Framing;

/// <summary>What the numbers of collations say about the bytes of a text.</summary>
public static class CharacterSets
{
    /// <summary>No text but bytes.</summary>
    public const ushort Binary = 63;

    /// <summary>utf8mb4_general_ci, for what is UTF-8 under another number.</summary>
    public const ushort Utf8 = 45;

    /// <summary>True where every text is UTF-8 (ASCII included).</summary>
    public static bool IsUtf8(ushort collation) => BytesPerCharacter(collation) > 1 || collation is 11 or 65;

    /// <summary>Most bytes of a character: 4 or 3 for the two kinds of UTF-8, otherwise taken as 1.</summary>
    public static int BytesPerCharacter(ushort collation) => collation switch
    {
        // MariaDB numbers its UCA 14.0.0 collations in blocks per character set.
        45 or 46 or (>= 224 and <= 247) or (>= 255 and <= 323) or 1069 or 1070 or (>= 1248 and <= 1279) or (>= 2304 and <= 2559) => 4,
        33 or 76 or 83 or (>= 192 and <= 223) or 1057 or 1107 or (>= 1216 and <= 1247) or (>= 2048 and <= 2303) => 3,
        _ => 1,
    };
}
