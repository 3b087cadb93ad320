using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace WireGuardian.Proxy.Tls;

/// <summary>The accepting side of TLS, for the client's leg. One instance serves a listener.</summary>
public sealed class ClientTlsHandshake
{
    private readonly SslServerAuthenticationOptions _options;
    private readonly byte[]? _serverEndPoint;

    /// <param name="options">Must hold a certificate with its private key.</param>
    /// <param name="applicationProtocol">The name that ALPN offers; null for a protocol that knows no ALPN.</param>
    public ClientTlsHandshake(ClientTlsOptions options, string? applicationProtocol)
    {
        var certificate = options.Certificate
            ?? throw new ArgumentException("TLS on the client's leg needs a certificate.", nameof(options));
        _serverEndPoint = ServerEndPointBinding.Compute(certificate);
        _options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, options.Chain, offline: true),
            ApplicationProtocols = applicationProtocol is null ? null : [new SslApplicationProtocol(applicationProtocol)],
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            ClientCertificateRequired = false,
            AllowRenegotiation = false,
            // Sessions live long and are many to a client: a ticket would save nothing.
            AllowTlsResume = false,
        };
    }

    /// <summary>
    /// Takes <paramref name="inner"/> over. A client that offers ALPN without the one name is refused in the handshake. Throws
    /// <see cref="ProtocolException"/> when the handshake fails, <see cref="IOException"/> when the connection breaks.
    /// </summary>
    public async ValueTask<(SslStream Stream, TlsSession Session)> AcceptAsync(Stream inner, CancellationToken cancellationToken)
    {
        var stream = new SslStream(inner, leaveInnerStreamOpen: false);
        try
        {
            await stream.AuthenticateAsServerAsync(_options, cancellationToken);
            return (stream, TlsSession.Of(stream, _serverEndPoint));
        }
        catch (Exception exception)
        {
            await stream.DisposeAsync();
            if (exception is AuthenticationException)
                throw new ProtocolException(ProtocolFault.Client, "the client's TLS handshake failed", exception);
            throw;
        }
    }
}
