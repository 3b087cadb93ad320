namespace WireGuardian.Sql.Postgres;

/// <summary>How far bytes of a client encoding can be read without knowing it.</summary>
public enum PostgresTextEncoding
{
    Utf8,

    /// <summary>Every byte below 0x80 means ASCII (LATIN1, EUC_JP, WIN1252, SQL_ASCII …); what the others mean is not known.</summary>
    AsciiSafe,

    /// <summary>A byte below 0x80 may be part of another character (SJIS, BIG5, GBK, UHC, GB18030, JOHAB), or the encoding is unknown.</summary>
    Unsafe,
}
