using System.Security.Cryptography.X509Certificates;

namespace WireGuardian.Proxy.Tls;

/// <summary>TLS between the proxy and the server.</summary>
/// <param name="Mode">Off, prefer, require or verify-full.</param>
/// <param name="Authorities">Certificates that the server's chain must end in; null means the machine's own store.</param>
/// <param name="ClientCertificate">Certificate that the proxy logs in with; usually null.</param>
public sealed record UpstreamTlsOptions(TlsMode Mode, X509Certificate2Collection? Authorities = null, X509Certificate2? ClientCertificate = null);
