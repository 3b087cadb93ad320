using System.Net.Security;
using System.Security.Authentication;

namespace WireGuardian.Proxy.Tls;

/// <summary>What a finished handshake agreed on.</summary>
/// <param name="Protocol">TLS version.</param>
/// <param name="CipherSuite">Cipher suite.</param>
/// <param name="ApplicationProtocol">The protocol that ALPN chose; null where none was.</param>
/// <param name="ServerEndPoint">
/// The <c>tls-server-end-point</c> channel binding (RFC 5929): the hash of the certificate that the accepting side showed. Null where
/// its signature names no hash.
/// </param>
public sealed record TlsSession(SslProtocols Protocol, TlsCipherSuite CipherSuite, string? ApplicationProtocol, byte[]? ServerEndPoint)
{
    internal static TlsSession Of(SslStream stream, byte[]? serverEndPoint) =>
        new(stream.SslProtocol, stream.NegotiatedCipherSuite, NameOf(stream.NegotiatedApplicationProtocol), serverEndPoint);

    private static string? NameOf(SslApplicationProtocol protocol) => protocol.Protocol.IsEmpty ? null : protocol.ToString();
}
