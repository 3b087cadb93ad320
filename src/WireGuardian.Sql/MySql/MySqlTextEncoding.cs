namespace WireGuardian.Sql.MySql;

/// <summary>How far bytes of a character_set_client can be read without knowing it.</summary>
public enum MySqlTextEncoding
{
    Utf8,

    /// <summary>Every byte below 0x80 is ASCII (latin1, euckr, ujis …); what the others mean is not known.</summary>
    AsciiSafe,

    /// <summary>A byte below 0x80 may be the second of a character (gbk, sjis, big5, cp932, gb18030), or the character set is unknown.</summary>
    Unsafe,
}
