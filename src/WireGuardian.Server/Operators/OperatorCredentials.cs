using System.Security.Cryptography.X509Certificates;
using WireGuardian.Server.Operators.Oidc;

namespace WireGuardian.Server.Operators;

/// <summary>What a caller shows to prove who it is.</summary>
/// <param name="Token">The bearer token; empty for none.</param>
/// <param name="Certificate">The connection's client certificate; null for none.</param>
public sealed record OperatorCredentials(string Token, ClientCertificate? Certificate = null)
{
    /// <summary>Who signed in at the OpenID provider with the caller's browser, where that was verified already; null for nobody. It goes before the others.</summary>
    internal OidcIdentity? SignedIn { get; init; }

    /// <summary>Without the token: it is in no log.</summary>
    public override string ToString() => $"OperatorCredentials {{ Certificate = {Certificate?.Certificate.Subject} }}";
}

/// <summary>A client certificate, whose private key the handshake has proven.</summary>
/// <param name="Certificate">The certificate.</param>
/// <param name="IsTrusted">True only if it chains to the configured authorities and is for client authentication.</param>
public sealed record ClientCertificate(X509Certificate2 Certificate, bool IsTrusted);
