using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace WireGuardian.Proxy.Tls;

/// <summary>The connecting side of TLS, for the server's leg. One instance serves a listener.</summary>
public sealed class UpstreamTlsHandshake(UpstreamTlsOptions options, string host, string? applicationProtocol)
{
    private readonly SslStreamCertificateContext? _clientCertificate =
        options.ClientCertificate is { } certificate ? SslStreamCertificateContext.Create(certificate, null, offline: true) : null;

    /// <summary>
    /// Takes <paramref name="inner"/> over. Throws <see cref="ProtocolException"/> when the handshake fails or the certificate is not the one asked
    /// for, <see cref="IOException"/> when the connection breaks.
    /// </summary>
    public async ValueTask<(SslStream Stream, TlsSession Session)> ConnectAsync(Stream inner, CancellationToken cancellationToken)
    {
        var stream = new SslStream(inner, leaveInnerStreamOpen: false);
        try
        {
            var authentication = new SslClientAuthenticationOptions();
            Configure(authentication);
            await stream.AuthenticateAsClientAsync(authentication, cancellationToken);
            return (stream, TlsSession.Of(stream, BindingOf(stream.RemoteCertificate)));
        }
        catch (Exception exception)
        {
            await stream.DisposeAsync();
            if (exception is AuthenticationException)
                throw new ProtocolException(ProtocolFault.Server, "the TLS handshake with the server failed: its certificate was not accepted, or it refused ours", exception);
            throw;
        }
    }

    /// <summary>Sets everything a TLS client needs on <paramref name="authentication"/>; also for clients of other libraries.</summary>
    public void Configure(SslClientAuthenticationOptions authentication)
    {
        authentication.TargetHost = host;
        authentication.ApplicationProtocols = applicationProtocol is null ? null : [new SslApplicationProtocol(applicationProtocol)];
        authentication.EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        authentication.CertificateRevocationCheckMode = X509RevocationMode.NoCheck;
        authentication.AllowRenegotiation = false;
        authentication.AllowTlsResume = false;
        if (_clientCertificate is not null)
            authentication.ClientCertificateContext = _clientCertificate;
        if (options.Authorities is { } authorities)
            authentication.CertificateChainPolicy = TrustOnly(authorities);
        authentication.RemoteCertificateValidationCallback = (_, _, _, errors) => (errors & ErrorsThatCount) == SslPolicyErrors.None;
    }

    /// <summary>verify-full looks at everything; a CA that was given is always heeded; without either any certificate will do.</summary>
    private SslPolicyErrors ErrorsThatCount =>
        options.Mode == TlsMode.VerifyFull ? (SslPolicyErrors)~0
        : options.Authorities is not null ? ~SslPolicyErrors.RemoteCertificateNameMismatch
        : SslPolicyErrors.RemoteCertificateNotAvailable;

    private static X509ChainPolicy TrustOnly(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(authorities);
        policy.ExtraStore.AddRange(authorities);
        return policy;
    }

    private static byte[]? BindingOf(X509Certificate? certificate) => certificate switch
    {
        null => null,
        X509Certificate2 known => ServerEndPointBinding.Compute(known),
        _ => ServerEndPointBinding.Compute(new X509Certificate2(certificate)),
    };
}
