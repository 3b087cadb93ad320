using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using WireGuardian.Server.Operators;

namespace WireGuardian.Server.ControlPlane;

/// <summary>
/// Client certificates of the control plane's connections. One that is not trusted does not fail the handshake: the call that comes with it is refused, and
/// that is on record.
/// </summary>
internal static class ClientCertificates
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private static readonly object Key = new();

    /// <summary>
    /// TLS that asks for a certificate and checks it against <paramref name="authorities"/>, at the handshake, with the intermediates that come along.
    /// </summary>
    /// <param name="certificate">The server's own.</param>
    /// <param name="chain">Intermediate certificates to send along.</param>
    public static TlsHandshakeCallbackOptions Asking(X509Certificate2 certificate, X509Certificate2Collection? chain, X509Certificate2Collection authorities)
    {
        var own = SslStreamCertificateContext.Create(certificate, chain, offline: true);
        return new TlsHandshakeCallbackOptions { OnConnection = handshake => ValueTask.FromResult(OptionsOf(own, authorities, handshake.Connection.Items)) };
    }

    /// <summary>The certificate of the call's connection; null for none.</summary>
    public static ClientCertificate? Of(HttpContext call) =>
        call.Features.Get<IConnectionItemsFeature>()?.Items.TryGetValue(Key, out var shown) == true ? (ClientCertificate?)shown : null;

    private static SslServerAuthenticationOptions OptionsOf(
        SslStreamCertificateContext own, X509Certificate2Collection authorities, IDictionary<object, object?> connection) => new()
        {
            ServerCertificateContext = own,
            EnabledSslProtocols = ControlPlaneKestrel.Protocols,
            ClientCertificateRequired = true,
            CertificateChainPolicy = PolicyOf(authorities),
#pragma warning disable CA5359 // What the check found is kept with the certificate; the call that comes with it is refused, and recorded.
            RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            {
                if (certificate is X509Certificate2 shown)
                    connection[Key] = new ClientCertificate(shown, errors == SslPolicyErrors.None);
                return true;
            },
#pragma warning restore CA5359
        };

    private static X509ChainPolicy PolicyOf(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        policy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        return policy;
    }
}
