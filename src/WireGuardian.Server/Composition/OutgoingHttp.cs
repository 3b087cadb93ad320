using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace WireGuardian.Server.Composition;

/// <summary>Calls of the server's own to others over HTTP.</summary>
internal static class OutgoingHttp
{
    private const int LargestAnswer = 1 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Follows no redirect (it could lead anywhere), keeps no cookies, and has a limit to time and size of every answer.</summary>
    /// <param name="authorities">What the other side's certificate must chain to; the system's authorities when null.</param>
    public static HttpClient Create(X509Certificate2Collection? authorities = null)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = Patience,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxResponseHeadersLength = 64,
        };
        if (authorities is not null)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(authorities);
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }
        return new HttpClient(handler) { Timeout = Patience, MaxResponseContentBufferSize = LargestAnswer };
    }
}
