namespace WireGuardian.Sql.Postgres;

/// <summary>The settings of a session that change how its text reads.</summary>
/// <param name="StandardConformingStrings">False: a backslash escapes in plain literals too.</param>
/// <param name="Encoding">What its client_encoding allows.</param>
public sealed record PostgresSqlSettings(bool StandardConformingStrings, PostgresTextEncoding Encoding)
{
    /// <summary>What a session has unless somebody changed it.</summary>
    public static PostgresSqlSettings Default { get; } = new(true, PostgresTextEncoding.Utf8);

    /// <summary>
    /// What the encoding that the server calls by this name allows. Like the server, this looks at letters and digits only and ignores
    /// case. An unknown name is Unsafe.
    /// </summary>
    public static PostgresTextEncoding FromName(string clientEncoding)
    {
        var name = string.Concat(clientEncoding.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
        return name switch
        {
            "utf8" or "unicode" => PostgresTextEncoding.Utf8,
            "sqlascii" or "muleinternal" => PostgresTextEncoding.AsciiSafe,
            "euccn" or "eucjp" or "eucjis2004" or "euckr" or "euctw" => PostgresTextEncoding.AsciiSafe,
            "koi8" or "koi8r" or "koi8u" or "win" or "alt" or "abc" or "tcvn" or "tcvn5712" or "vscii" => PostgresTextEncoding.AsciiSafe,
            "win866" or "win874" or "win1250" or "win1251" or "win1252" or "win1253" or "win1254" or "win1255" or "win1256"
                or "win1257" or "win1258" => PostgresTextEncoding.AsciiSafe,
            "windows866" or "windows874" or "windows1250" or "windows1251" or "windows1252" or "windows1253" or "windows1254"
                or "windows1255" or "windows1256" or "windows1257" or "windows1258" => PostgresTextEncoding.AsciiSafe,
            "latin1" or "latin2" or "latin3" or "latin4" or "latin5" or "latin6" or "latin7" or "latin8" or "latin9" or "latin10" =>
                PostgresTextEncoding.AsciiSafe,
            "iso88591" or "iso88592" or "iso88593" or "iso88594" or "iso88595" or "iso88596" or "iso88597" or "iso88598" or "iso88599"
                or "iso885910" or "iso885913" or "iso885914" or "iso885915" or "iso885916" => PostgresTextEncoding.AsciiSafe,
            _ => PostgresTextEncoding.Unsafe,
        };
    }
}
