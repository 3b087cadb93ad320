namespace WireGuardian.MySql.Packets;

/// <summary>What a side of the connection can do. The upper 32 bits are MariaDB's, sent in bytes that are zero elsewhere.</summary>
[Flags]
public enum CapabilityFlags : ulong
{
    None = 0,

    /// <summary>Set by MySQL and cleared by MariaDB, whose servers then send their extended bits.</summary>
    LongPassword = 1 << 0,
    FoundRows = 1 << 1,
    LongFlag = 1 << 2,
    ConnectWithDatabase = 1 << 3,
    NoSchema = 1 << 4,
    Compress = 1 << 5,
    Odbc = 1 << 6,
    LocalFiles = 1 << 7,
    IgnoreSpace = 1 << 8,
    Protocol41 = 1 << 9,
    Interactive = 1 << 10,
    Ssl = 1 << 11,
    IgnoreSigPipe = 1 << 12,
    Transactions = 1 << 13,
    Reserved = 1 << 14,
    SecureConnection = 1 << 15,
    MultiStatements = 1 << 16,
    MultiResults = 1 << 17,

    /// <summary>The server may send OUT parameters of a prepared CALL as a result of their own.</summary>
    PreparedMultiResults = 1 << 18,
    PluginAuthentication = 1 << 19,
    ConnectAttributes = 1 << 20,
    LengthEncodedAuthenticationData = 1 << 21,
    ExpiredPasswords = 1 << 22,
    SessionTrack = 1 << 23,

    /// <summary>An OK packet with the first byte FE takes the place of EOF.</summary>
    DeprecateEof = 1 << 24,
    OptionalResultSetMetadata = 1 << 25,
    ZstdCompression = 1 << 26,

    /// <summary>COM_QUERY and COM_STMT_EXECUTE carry attributes before the statement.</summary>
    QueryAttributes = 1 << 27,
    MultiFactorAuthentication = 1 << 28,
    CapabilityExtension = 1 << 29,
    VerifyServerCertificate = 1 << 30,
    RememberOptions = 1UL << 31,

    MariaDbProgress = 1UL << 32,
    MariaDbCommandMultiple = 1UL << 33,
    MariaDbBulkOperations = 1UL << 34,
    MariaDbExtendedMetadata = 1UL << 35,
    MariaDbCachedMetadata = 1UL << 36,
    MariaDbBulkUnitResults = 1UL << 37,
}
