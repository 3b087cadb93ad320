using System.Buffers;
using System.Net.Sockets;
using System.Text;
using WireGuardian.MySql.Packets;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Listening;
using WireGuardian.Proxy.Tls;
using WireGuardian.Proxy.Transport;

namespace WireGuardian.MySql.Startup;

/// <summary>
/// Connects to the listener's server in two steps: its greeting first, and TLS once it is known what the session will ask for, as the server takes the
/// capabilities from the request for TLS. One instance serves a listener. Both steps throw <see cref="LoginRefusedException"/> with what to tell a client,
/// <see cref="OperationCanceledException"/> only for the caller's token.
/// </summary>
public sealed class UpstreamConnector(ListenerOptions options, TimeProvider time)
{
    private const int LongestGreeting = 4 << 10;

    private readonly UpstreamTlsHandshake _tls = new(options.UpstreamTls, options.Upstream.Host, applicationProtocol: null);

    /// <summary>A connection on which the server waits for an answer to its greeting.</summary>
    public async Task<(PacketChannel Server, Greeting Greeting)> ConnectAsync(CancellationToken cancellationToken)
    {
        PacketChannel? server = null;
        try
        {
            return await LimitedAsync(
                async limited =>
                {
                    server = new PacketChannel(await Leg.ConnectAsync(options.Upstream.Host, options.Upstream.Port, limited), ProtocolFault.Server);
                    return (server, await ReadGreetingAsync(server, limited));
                },
                cancellationToken);
        }
        catch
        {
            if (server is not null)
                await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Puts TLS on the connection where the mode and the server want it.</summary>
    /// <param name="server">From <see cref="ConnectAsync"/>.</param>
    /// <param name="greeting">From there too.</param>
    /// <param name="response">What will be sent next.</param>
    /// <param name="cancellationToken">The login's own limit.</param>
    /// <returns>The response with the flag that says whether TLS is up.</returns>
    public async Task<HandshakeResponse> SecureAsync(
        PacketChannel server, Greeting greeting, HandshakeResponse response, CancellationToken cancellationToken)
    {
        var offered = greeting.Capabilities.HasFlag(CapabilityFlags.Ssl);
        if (options.UpstreamTls.Mode == TlsMode.Off || (!offered && options.UpstreamTls.Mode == TlsMode.Prefer))
            return response;
        if (!offered)
            throw new LoginRefusedException(FatalError.Unavailable("the database server does not do TLS, and this listener's upstreamTls asks for it"));
        var secured = response with { Capabilities = response.Capabilities | CapabilityFlags.Ssl };
        var request = new ArrayBufferWriter<byte>();
        secured.WriteTlsRequest(request);
        return await LimitedAsync(
            async limited =>
            {
                await server.SendAsync(request.WrittenMemory, limited);
                await server.Leg.UpgradeAsync(_tls.ConnectAsync, limited);
                return secured;
            },
            cancellationToken);
    }

    private async ValueTask<Greeting> ReadGreetingAsync(PacketChannel server, CancellationToken cancellationToken)
    {
        var payload = await server.ReadAsync(LongestGreeting, cancellationToken)
            ?? throw new ProtocolException(ProtocolFault.Server, "the database server closed the connection without a greeting");
        if (payload is [PacketMarkers.Error, ..])
            throw RefusedByServer(payload);
        return Greeting.TryParse(payload, out var greeting)
            ? greeting
            : throw new ProtocolException(ProtocolFault.Server, "the database server sent no greeting of protocol 10");
    }

    /// <summary>An error before TLS may come from anybody: where TLS is demanded its words are not passed on.</summary>
    private LoginRefusedException RefusedByServer(byte[] payload)
    {
        if (options.UpstreamTls.Mode is TlsMode.Require or TlsMode.VerifyFull)
            return new(FatalError.Unavailable("the database server refused the connection before TLS could be asked for"));
        if (!ErrPacket.TryParse(payload, out var error))
            return new(FatalError.Unavailable("the database server sent neither a greeting nor an error"));
        var state = error.SqlState.IsEmpty ? FatalError.CommunicationFailure : Encoding.ASCII.GetString(error.SqlState);
        return new(new FatalError(error.Code, state, Encoding.UTF8.GetString(error.Message)));
    }

    private async Task<T> LimitedAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Limits.ConnectTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await work(linked.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unavailable("the database server did not answer in time", exception);
        }
        catch (ProtocolException exception)
        {
            throw Unavailable(exception.Message, exception);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            throw Unavailable("the database server cannot be reached", exception);
        }
    }

    private static LoginRefusedException Unavailable(string message, Exception inner) => new(FatalError.Unavailable(message), inner);
}
