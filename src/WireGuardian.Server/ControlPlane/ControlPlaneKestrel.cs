using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace WireGuardian.Server.ControlPlane;

/// <summary>Where the control plane listens.</summary>
public static class ControlPlaneKestrel
{
    internal const SslProtocols Protocols = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>HTTP/2 at <paramref name="endpoint"/>: with TLS where there is a certificate, otherwise in clear, which only loopback may.</summary>
    /// <param name="certificate">With its private key.</param>
    /// <param name="chain">Intermediate certificates to send along.</param>
    /// <param name="clientAuthorities">Authorities of operators' client certificates; null where none is asked for.</param>
    /// <exception cref="ArgumentException">In clear, and not on loopback.</exception>
    public static void ListenControlPlane(
        this KestrelServerOptions kestrel, IPEndPoint endpoint, X509Certificate2? certificate = null, X509Certificate2Collection? chain = null,
        X509Certificate2Collection? clientAuthorities = null)
    {
        if (certificate is null && !IPAddress.IsLoopback(endpoint.Address))
            throw new ArgumentException($"The control plane needs TLS at {endpoint}: in clear it listens on loopback only.", nameof(endpoint));

        // A watch can be silent for hours; without pings a caller that vanished would keep its place.
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        kestrel.Listen(endpoint, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (certificate is not null && clientAuthorities is not null)
                listen.UseHttps(ClientCertificates.Asking(certificate, chain, clientAuthorities));
            else if (certificate is not null)
                listen.UseHttps(https =>
                {
                    https.ServerCertificate = certificate;
                    https.ServerCertificateChain = chain;
                    https.SslProtocols = Protocols;
                });
        });
    }
}
