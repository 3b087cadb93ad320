namespace WireGuardian.MySql.Packets;

/// <summary>What the server says of the session in an OK or EOF packet.</summary>
[Flags]
public enum StatusFlags : ushort
{
    None = 0,
    InTransaction = 1 << 0,
    AutoCommit = 1 << 1,
    MoreResultsExist = 1 << 3,
    NoGoodIndexUsed = 1 << 4,
    NoIndexUsed = 1 << 5,
    CursorExists = 1 << 6,
    LastRowSent = 1 << 7,
    DatabaseDropped = 1 << 8,
    NoBackslashEscapes = 1 << 9,
    MetadataChanged = 1 << 10,
    QueryWasSlow = 1 << 11,

    /// <summary>The result is a procedure's OUT parameters.</summary>
    PreparedOutParameters = 1 << 12,
    InTransactionReadOnly = 1 << 13,
    SessionStateChanged = 1 << 14,

    /// <summary>MariaDB: ANSI_QUOTES is part of sql_mode.</summary>
    AnsiQuotes = 1 << 15,
}
