using System.Net.Sockets;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Listening;
using WireGuardian.Proxy.Tls;
using WireGuardian.Proxy.Transport;

namespace WireGuardian.Postgres.Startup;

/// <summary>Connects to the listener's server, with TLS as its options want. One instance serves a listener.</summary>
public sealed class UpstreamConnector(ListenerOptions options, TimeProvider time)
{
    private static readonly byte[] SslRequest = [0, 0, 0, 8, 0x04, 0xD2, 0x16, 0x2F];

    private readonly UpstreamTlsHandshake _tls = new(options.UpstreamTls, options.Upstream.Host, ClientStartup.ApplicationProtocol);

    /// <summary>
    /// A leg on which the server waits for the first packet. Throws <see cref="LoginRefusedException"/> with what to tell a client when the server
    /// cannot be reached in time or does not do TLS as asked, <see cref="OperationCanceledException"/> only for the caller's token.
    /// </summary>
    public async Task<Leg> ConnectAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Limits.ConnectTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var leg = await Leg.ConnectAsync(options.Upstream.Host, options.Upstream.Port, linked.Token);
            try
            {
                if (options.UpstreamTls.Mode != TlsMode.Off)
                    await NegotiateTlsAsync(leg, linked.Token);
                return leg;
            }
            catch
            {
                await leg.DisposeAsync();
                throw;
            }
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

    private async ValueTask NegotiateTlsAsync(Leg leg, CancellationToken cancellationToken)
    {
        await leg.SendAsync(SslRequest, cancellationToken);
        // Read past the pipe: what stands after the one byte of the answer must be seen, and must not be there.
        var answer = new byte[16];
        var count = await leg.Stream.ReadAsync(answer, cancellationToken);
        if (count == 0)
            throw new ProtocolException(ProtocolFault.Server, "the database server closed the connection when asked for TLS");
        // An error message at this point comes unauthenticated and is not passed on.
        if (answer[0] is not ((byte)'S' or (byte)'N'))
            throw new ProtocolException(ProtocolFault.Server, "the database server gave no valid answer when asked for TLS");
        if (count > 1)
            throw new ProtocolException(ProtocolFault.Server, "unencrypted data came after the database server's answer about TLS");
        if (answer[0] == (byte)'S')
            await leg.UpgradeAsync(_tls.ConnectAsync, cancellationToken);
        else if (options.UpstreamTls.Mode != TlsMode.Prefer)
            throw new ProtocolException(ProtocolFault.Server, "the database server does not do TLS, and this listener's upstreamTls asks for it");
    }

    private static LoginRefusedException Unavailable(string message, Exception inner) =>
        new(new FatalError(SqlStates.CannotConnect, message), inner);
}
