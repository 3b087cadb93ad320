using System.Net.Sockets;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Egress;
using WireGuardian.Proxy.Listening;
using WireGuardian.Proxy.Tls;
using WireGuardian.Proxy.Transport;

namespace WireGuardian.Postgres.Startup;

/// <summary>
/// The client's first packets: SSLRequest and GSSENCRequest in either order and at most once each, or TLS at once; then a CancelRequest or a
/// StartupMessage. One instance serves a listener.
/// </summary>
public sealed class ClientStartup(ListenerOptions options, TimeProvider time, CanarySource? canaries = null)
{
    /// <summary>The name that ALPN knows the protocol by.</summary>
    public const string ApplicationProtocol = "postgresql";

    private const byte TlsHandshakeRecord = 0x16;
    private static readonly byte[] Accepted = [(byte)'S'];
    private static readonly byte[] Declined = [(byte)'N'];

    private readonly ClientTlsHandshake? _tls = options.Tls.Mode == TlsMode.Off ? null : new ClientTlsHandshake(options.Tls, ApplicationProtocol);

    /// <summary>
    /// Owns <paramref name="socket"/> until it hands a leg out. Never throws for what a client does: that is a <see cref="StartupResult.Closed"/>. Throws
    /// <see cref="OperationCanceledException"/>, with the socket closed, when <paramref name="cancellationToken"/> (the login's time limit) ends it.
    /// </summary>
    public async Task<StartupResult> RunAsync(Socket socket, CancellationToken cancellationToken)
    {
        var leg = new Leg(socket) { Egress = canaries?.Watch(socket) };
        var handedOut = false;
        try
        {
            var result = await NegotiateAsync(leg, cancellationToken);
            handedOut = result is not StartupResult.Closed;
            return result;
        }
        catch (LoginRefusedException refused)
        {
            await refused.Error.TrySendAsync(leg, time);
            return new StartupResult.Closed(ProtocolFault.Client, refused.Message);
        }
        catch (ProtocolException broken)
        {
            return new StartupResult.Closed(broken.Fault, broken.Message);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            return new StartupResult.Closed(null, "the client's connection broke");
        }
        finally
        {
            if (!handedOut)
                await leg.DisposeAsync();
        }
    }

    private async ValueTask<StartupResult> NegotiateAsync(Leg leg, CancellationToken cancellationToken)
    {
        if (await StartsWithTlsAsync(leg, cancellationToken))
            await AcceptDirectTlsAsync(leg, cancellationToken);
        bool askedForSsl = leg.Tls is not null, askedForGss = leg.Tls is not null;
        while (true)
        {
            if (await ReadAsync(leg, cancellationToken) is not var (packet, moreFollows))
                return new StartupResult.Closed(null, "the client left");
            switch (packet.Code)
            {
                case StartupPacket.SslRequestCode when !askedForSsl:
                    askedForSsl = true;
                    RequireBareRequest(packet, moreFollows);
                    await leg.SendAsync(_tls is null ? Declined : Accepted, cancellationToken);
                    if (_tls is null)
                        break;
                    await leg.UpgradeAsync(_tls.AcceptAsync, cancellationToken);
                    askedForGss = true;
                    break;
                case StartupPacket.GssEncRequestCode when !askedForGss:
                    askedForGss = true;
                    RequireBareRequest(packet, moreFollows);
                    await leg.SendAsync(Declined, cancellationToken);
                    break;
                case StartupPacket.CancelRequestCode:
                    return CancelRequest.TryParse(packet.Body, out var request)
                        ? new StartupResult.Cancel(request, leg)
                        : new StartupResult.Closed(ProtocolFault.Client, "invalid CancelRequest");
                case StartupPacket.SslRequestCode or StartupPacket.GssEncRequestCode:
                    throw new LoginRefusedException(UnsupportedVersion(packet));
                default:
                    RequireTls(leg);
                    return packet.Code >>> 16 == 3
                        ? new StartupResult.Session(ReadStartupMessage(packet), leg)
                        : new StartupResult.UnsupportedVersion(packet, UnsupportedVersion(packet), leg);
            }
        }
    }

    private static async ValueTask<bool> StartsWithTlsAsync(Leg leg, CancellationToken cancellationToken)
    {
        var first = new byte[1];
        return await leg.PeekAsync(first, cancellationToken) == 1 && first[0] == TlsHandshakeRecord;
    }

    private async ValueTask AcceptDirectTlsAsync(Leg leg, CancellationToken cancellationToken)
    {
        if (_tls is null)
            throw new ProtocolException(ProtocolFault.Client, "TLS is off on this listener");
        await leg.UpgradeAsync(_tls.AcceptAsync, cancellationToken);
        // Without ALPN this may be a client of another protocol that was led here.
        if (leg.Tls!.ApplicationProtocol != ApplicationProtocol)
            throw new ProtocolException(ProtocolFault.Client, "direct TLS without the ALPN protocol name");
    }

    private static async ValueTask<(StartupPacket Packet, bool MoreFollows)?> ReadAsync(Leg leg, CancellationToken cancellationToken)
    {
        try
        {
            return await leg.Input.ReadStartupPacketAsync(cancellationToken);
        }
        catch (ProtocolException broken)
        {
            throw new LoginRefusedException(FatalError.ProtocolViolation(broken.Message), broken);
        }
    }

    /// <summary>What comes before the answer was not sent by somebody who would wait for it: it may have been put there by a man in the middle.</summary>
    private static void RequireBareRequest(StartupPacket packet, bool moreFollows)
    {
        if (packet.Raw.Length != StartupPacket.MinimumLength)
            throw new LoginRefusedException(FatalError.ProtocolViolation("invalid length of an encryption request"));
        if (moreFollows)
        {
            throw new LoginRefusedException(new FatalError(
                SqlStates.ProtocolViolation,
                "unencrypted data came after an encryption request",
                "The client has a bug, or somebody on the network put the data there."));
        }
    }

    private void RequireTls(Leg leg)
    {
        if (options.Tls.Mode == TlsMode.Require && leg.Tls is null)
        {
            throw new LoginRefusedException(new FatalError(
                SqlStates.InvalidAuthorization, "this listener takes only connections with TLS", Hint: "Connect with sslmode=require or stronger."));
        }
    }

    private static FatalError UnsupportedVersion(StartupPacket packet) => new(
        SqlStates.FeatureNotSupported,
        $"unsupported frontend protocol {packet.Code >>> 16}.{packet.Code & 0xFFFF}: WireGuardian supports 3.0 to 3.2");

    private static StartupMessage ReadStartupMessage(StartupPacket packet)
    {
        if (!StartupMessage.TryParse(packet, out var message))
        {
            throw new LoginRefusedException(FatalError.ProtocolViolation(
                "invalid startup packet layout: expected names and values that end with an empty name as the last byte"));
        }
        if (message.User.Length == 0)
            throw new LoginRefusedException(new FatalError(SqlStates.InvalidAuthorization, "no PostgreSQL user name specified in startup packet"));
        return message;
    }
}
