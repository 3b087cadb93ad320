using WireGuardian.Core.Masking;
using WireGuardian.Core.Policies;
using WireGuardian.MySql.Authentication;
using WireGuardian.MySql.Catalog;
using WireGuardian.MySql.Packets;
using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Relay;

/// <summary>What stays the same for a session's whole life.</summary>
/// <param name="Listener">The listener's name.</param>
/// <param name="Policies">Where the policy in force is found.</param>
/// <param name="Catalog">The server's catalog; null where the listener has no catalog login.</param>
/// <param name="MaskKey">Key of <c>hash</c> and <c>token</c>.</param>
/// <param name="Capabilities">What both legs agreed on.</param>
/// <param name="Server">The server's version.</param>
/// <param name="Collation">The collation that the client asked for at its login.</param>
/// <param name="LocalInfile">The server may ask the client for files.</param>
/// <param name="Security">Which legs are TLS.</param>
/// <param name="PasswordKey">Opens passwords that clients have sealed.</param>
public sealed record SessionContext(
    string Listener,
    PolicySource Policies,
    IServerCatalog? Catalog,
    MaskKey MaskKey,
    CapabilityFlags Capabilities,
    MySqlServerVersion Server,
    int Collation,
    bool LocalInfile,
    LegSecurity Security,
    PasswordKey PasswordKey)
{
    /// <summary>The end of rows is an OK packet.</summary>
    public bool DeprecatesEof { get; } = Capabilities.HasFlag(CapabilityFlags.DeprecateEof);
}
