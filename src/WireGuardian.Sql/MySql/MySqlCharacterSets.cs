namespace WireGuardian.Sql.MySql;

/// <summary>What a character_set_client allows to be read. What is not known is Unsafe.</summary>
public static class MySqlCharacterSets
{
    /// <summary>By the name of a character set or of a collation (which begins with it).</summary>
    public static MySqlTextEncoding FromName(string name)
    {
        var set = name.Trim().ToLowerInvariant();
        var underscore = set.IndexOf('_', StringComparison.Ordinal);
        return (underscore < 0 ? set : set[..underscore]) switch
        {
            "utf8" or "utf8mb3" or "utf8mb4" => MySqlTextEncoding.Utf8,
            "ascii" or "latin1" or "latin2" or "latin5" or "latin7" or "binary" or "dec8" or "cp850" or "cp852" or "cp866" or "cp1250"
                or "cp1251" or "cp1256" or "cp1257" or "geostd8" or "greek" or "hebrew" or "hp8" or "keybcs2" or "koi8r" or "koi8u"
                or "macce" or "macroman" or "swe7" or "tis620" or "armscii8" => set.StartsWith("swe7", StringComparison.Ordinal)
                    ? MySqlTextEncoding.Unsafe
                    : MySqlTextEncoding.AsciiSafe,
            "ujis" or "eucjpms" or "euckr" or "gb2312" => MySqlTextEncoding.AsciiSafe,
            _ => MySqlTextEncoding.Unsafe,
        };
    }

    /// <summary>By the collation's number, which a client names at login (manual, INFORMATION_SCHEMA COLLATIONS).</summary>
    public static MySqlTextEncoding FromCollation(int id) => id switch
    {
        33 or 45 or 46 or 76 or 83 => MySqlTextEncoding.Utf8,
        >= 192 and <= 215 or 223 or >= 224 and <= 247 => MySqlTextEncoding.Utf8,
        >= 255 and <= 323 => MySqlTextEncoding.Utf8,
        // MariaDB's: utf8 and utf8mb4 in Croatian, Myanmar, Thai and without padding, and the UCA 14.0.0 ones.
        576 or 577 or 578 or 608 or 609 or 610 or 1057 or 1069 or 1070 or 1107 or 1216 or 1238 or 1248 or 1270 => MySqlTextEncoding.Utf8,
        >= 2048 and <= 2559 => MySqlTextEncoding.Utf8,
        2 or 3 or 4 or 5 or 6 or 7 or 8 or 9 or 11 or 12 or 14 or 15 or 16 or 18 or 19 or 20 or 21 or 22 or 23 or 24 or 25 or 26 or 27 or 29 or 30
            or 31 or 32 or 34 or 36 or 37 or 38 or 39 or 40 or 41 or 42 or 43 or 44 or 47 or 48 or 49 or 50 or 51 or 52 or 53 or 57 or 58 or 59
            or 63 or 64 or 65 or 66 or 67 or 68 or 69 or 70 or 71 or 72 or 73 or 74 or 75 or 77 or 78 or 79 or 80 or 81 or 85 or 86 or 89 or 91
            or 92 or 93 or 94 or 97 or 98 or 99 => MySqlTextEncoding.AsciiSafe,
        _ => MySqlTextEncoding.Unsafe,
    };
}
