using System.Security.Cryptography.X509Certificates;

namespace WireGuardian.Proxy.Tls;

/// <summary>TLS between the client and the proxy.</summary>
/// <param name="Mode">Off, prefer or require.</param>
/// <param name="Certificate">The proxy's certificate with its private key; null only when the mode is off.</param>
/// <param name="Chain">Intermediate certificates to send along.</param>
public sealed record ClientTlsOptions(TlsMode Mode, X509Certificate2? Certificate, X509Certificate2Collection? Chain = null);
