using System.Net.Sockets;
using WireGuardian.MySql.Startup;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Egress;
using WireGuardian.Proxy.Limits;
using WireGuardian.Proxy.Listening;
using WireGuardian.Proxy.Tls;
using WireGuardian.Proxy.Transport;

namespace WireGuardian.MySql.Authentication;

/// <summary>
/// Everything of a session before the relay, within <see cref="LimitOptions.LoginTimeout"/>: the connection to the server, whose greeting the client is
/// shown, the client's answer, the login. One instance serves a listener.
/// </summary>
public sealed class LoginPhase : IDisposable
{
    private readonly ListenerOptions _options;
    private readonly UpstreamConnector _connector;
    private readonly ClientStartup _startup;
    private readonly TimeProvider _time;
    private readonly CanarySource? _canaries;

    public LoginPhase(ListenerOptions options, UpstreamConnector connector, TimeProvider time, CanarySource? canaries = null)
    {
        (_options, _connector, _time, _canaries) = (options, connector, time, canaries);
        _startup = new ClientStartup(options);
        if (options.Tls.Mode != TlsMode.Require && options.UpstreamTls.Mode != TlsMode.Off)
            _ = Key.PrepareAsync();
    }

    /// <summary>The listener's RSA key, for COM_CHANGE_USER too.</summary>
    public PasswordKey Key { get; } = new();

    /// <summary>
    /// Owns <paramref name="socket"/> until it hands legs out. Throws <see cref="OperationCanceledException"/>, with everything closed, when the proxy is stopping.
    /// </summary>
    /// <param name="socket">Just accepted.</param>
    /// <param name="admission">Asked on the way.</param>
    /// <param name="cancellationToken">The proxy is stopping.</param>
    public async Task<LoginOutcome> RunAsync(Socket socket, ILoginAdmission admission, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.Limits.LoginTimeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var client = new PacketChannel(new Leg(socket) { Egress = _canaries?.Watch(socket) }, ProtocolFault.Client);
        PacketChannel? server = null;
        LoginConversation? conversation = null;
        LoginOutcome? outcome = null;
        try
        {
            if (admission.AdmitConnection() is { } refusal)
                throw new LoginRefusedException(refusal);
            (server, var greeting) = await _connector.ConnectAsync(linked.Token);
            conversation = new LoginConversation(_startup, _connector, admission, Key, client, server, greeting);
            outcome = (LoginOutcome?)await conversation.RunAsync(linked.Token) ?? new LoginOutcome.Closed(null, "the login ended without a session");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            outcome = await RefuseAsync(ProtocolFault.Client, new FatalError(
                ErrorCodes.NetReadInterrupted, FatalError.CommunicationFailure, "the login took longer than its time limit"));
        }
        catch (LoginRefusedException refused)
        {
            outcome = await RefuseAsync(null, refused.Error);
        }
        catch (ProtocolException broken)
        {
            outcome = await RefuseAsync(broken.Fault, broken.Fault == ProtocolFault.Client
                ? FatalError.Malformed(broken.Message)
                : FatalError.Unavailable(broken.Message));
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            outcome = await RefuseAsync(null, FatalError.Unavailable("a connection broke during the login"));
        }
        finally
        {
            if (outcome is not LoginOutcome.LoggedIn)
            {
                await client.DisposeAsync();
                if (server is not null)
                    await server.DisposeAsync();
            }
        }
        return outcome;

        async ValueTask<LoginOutcome> RefuseAsync(ProtocolFault? fault, FatalError error)
        {
            await error.TrySendAsync(client, conversation?.HasResponse == true, _time);
            return new LoginOutcome.Closed(fault, error.Message);
        }
    }

    public void Dispose() => Key.Dispose();
}
