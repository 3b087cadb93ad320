namespace WireGuardian.Testing.MySql;

/// <summary>Capability bits that tests set, by the field's names.</summary>
public static class MySqlCapabilities
{
    public const uint LongPassword = 1;
    public const uint FoundRows = 1 << 1;
    public const uint LongFlag = 1 << 2;
    public const uint ConnectWithDb = 1 << 3;
    public const uint Compress = 1 << 5;
    public const uint LocalFiles = 1 << 7;
    public const uint Protocol41 = 1 << 9;
    public const uint Ssl = 1 << 11;
    public const uint Transactions = 1 << 13;
    public const uint Reserved = 1 << 14;
    public const uint SecureConnection = 1 << 15;
    public const uint MultiStatements = 1 << 16;
    public const uint MultiResults = 1 << 17;
    public const uint PreparedMultiResults = 1 << 18;
    public const uint PluginAuth = 1 << 19;
    public const uint ConnectAttributes = 1 << 20;
    public const uint LengthEncodedAuth = 1 << 21;
    public const uint SessionTrack = 1 << 23;
    public const uint DeprecateEof = 1 << 24;
    public const uint OptionalMetadata = 1 << 25;
    public const uint Zstd = 1 << 26;
    public const uint QueryAttributes = 1 << 27;
    public const uint MultiFactor = 1 << 28;

    /// <summary>What a plain client of today asks for, results ended by EOF.</summary>
    public const uint Plain = LongPassword | LongFlag | Protocol41 | Transactions | Reserved | SecureConnection | MultiResults | PreparedMultiResults
        | PluginAuth | LengthEncodedAuth;
}
