using WireGuardian.MySql.Packets;
using WireGuardian.Proxy.Listening;
using WireGuardian.Proxy.Tls;

namespace WireGuardian.MySql.Startup;

/// <summary>Shows a client the server's greeting and reads its answer, with TLS in between where it asks. One instance serves a listener.</summary>
public sealed class ClientStartup(ListenerOptions options)
{
    /// <summary>The names, a password, and <see cref="ConnectAttributes.LargestSize"/>.</summary>
    private const int LongestResponse = ConnectAttributes.LargestSize + (8 << 10);

    private readonly ClientTlsHandshake? _tls = options.Tls.Mode == TlsMode.Off ? null : new ClientTlsHandshake(options.Tls, applicationProtocol: null);

    /// <summary>
    /// The client's answer, with its capabilities cut to what both legs agree on; null where the client left. Throws <see cref="LoginRefusedException"/>
    /// and <see cref="WireGuardian.Proxy.ProtocolException"/>.
    /// </summary>
    public async ValueTask<HandshakeResponse?> RunAsync(PacketChannel client, Greeting greeting, CancellationToken cancellationToken)
    {
        var offered = CapabilityPolicy.Offer(greeting.Capabilities, _tls is not null, options.LocalInfile);
        await client.SendAsync(greeting.With(offered), cancellationToken);
        var payload = await client.ReadAsync(LongestResponse, cancellationToken);
        if (payload is not null && HandshakeResponse.IsTlsRequest(payload))
        {
            await UpgradeAsync(client, cancellationToken);
            payload = await client.ReadAsync(LongestResponse, cancellationToken);
        }
        if (payload is null)
            return null;
        if (options.Tls.Mode == TlsMode.Require && !client.IsSecure)
            throw new LoginRefusedException(new FatalError(ErrorCodes.SecureTransportRequired, "08004", "this listener takes only connections with TLS"));
        if (!HandshakeResponse.TryParse(payload, out var response) || !response.Capabilities.HasFlag(CapabilityPolicy.Required))
            throw new LoginRefusedException(new FatalError(ErrorCodes.HandshakeError, FatalError.CommunicationFailure, "bad handshake: expected a response of protocol 4.1"));
        return response with
        {
            Capabilities = CapabilityPolicy.Agree(response.Capabilities, offered),
            Compresses = response.Capabilities.HasFlag(CapabilityFlags.Compress),
        };
    }

    private async ValueTask UpgradeAsync(PacketChannel client, CancellationToken cancellationToken)
    {
        if (_tls is null)
            throw new LoginRefusedException(new FatalError(ErrorCodes.HandshakeError, FatalError.CommunicationFailure, "TLS is off on this listener"));
        // Nothing was read ahead: bytes in clear behind the request go into the handshake, and end it.
        await client.Leg.UpgradeAsync(_tls.AcceptAsync, cancellationToken);
    }
}
