using WireGuardian.MySql.Packets;

namespace WireGuardian.MySql.Startup;

/// <summary>
/// The capabilities that a session may have: those that the relay parses, the same on both legs. What is not named here is cleared in the greeting that
/// the client sees, and never asked of the server.
/// </summary>
public static class CapabilityPolicy
{
    /// <summary>Without these there is no session: the layout of every packet rests on them.</summary>
    public const CapabilityFlags Required = CapabilityFlags.Protocol41 | CapabilityFlags.SecureConnection;

    /// <summary>
    /// Missing on purpose: compression by zstd, optional metadata and MariaDB's cached metadata (rows without column definitions), several authentication factors,
    /// MariaDB's progress, bulk and batch extensions, and every bit without a name. Compression by zlib is the client's leg's own, as TLS is.
    /// </summary>
    private const CapabilityFlags Parsed =
        CapabilityFlags.LongPassword | CapabilityFlags.FoundRows | CapabilityFlags.LongFlag | CapabilityFlags.ConnectWithDatabase
        | CapabilityFlags.NoSchema | CapabilityFlags.Odbc | CapabilityFlags.IgnoreSpace | CapabilityFlags.Protocol41 | CapabilityFlags.Interactive
        | CapabilityFlags.IgnoreSigPipe | CapabilityFlags.Transactions | CapabilityFlags.Reserved | CapabilityFlags.SecureConnection
        | CapabilityFlags.MultiStatements | CapabilityFlags.MultiResults | CapabilityFlags.PreparedMultiResults
        | CapabilityFlags.PluginAuthentication | CapabilityFlags.ConnectAttributes | CapabilityFlags.LengthEncodedAuthenticationData
        | CapabilityFlags.ExpiredPasswords | CapabilityFlags.SessionTrack | CapabilityFlags.DeprecateEof | CapabilityFlags.QueryAttributes;

    /// <summary>What to offer the client of what the server offers.</summary>
    /// <param name="server">The server's greeting.</param>
    /// <param name="tls">Whether the listener does TLS; what the server does on its own leg is no matter of the client's.</param>
    /// <param name="localInfile">Whether the server may ask the client for files.</param>
    public static CapabilityFlags Offer(CapabilityFlags server, bool tls, bool localInfile) =>
        (server & (localInfile ? Parsed | CapabilityFlags.LocalFiles : Parsed)) | CapabilityFlags.Compress | (tls ? CapabilityFlags.Ssl : CapabilityFlags.None);

    /// <summary>
    /// What both legs have from here on, TLS and compression apart: what the client asks for of what it was offered. The lowest bit is no capability: it
    /// tells MariaDB that the other side is none, and stays as the client has it.
    /// </summary>
    public static CapabilityFlags Agree(CapabilityFlags client, CapabilityFlags offered) =>
        client & (offered | CapabilityFlags.LongPassword) & ~(CapabilityFlags.Ssl | CapabilityFlags.Compress);
}
