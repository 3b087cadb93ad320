using System.Net.Sockets;
using WireGuardian.Postgres.Startup;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Egress;
using WireGuardian.Proxy.Listening;
using WireGuardian.Proxy.Transport;

namespace WireGuardian.Postgres.Authentication;

/// <summary>
/// Everything of a session before the relay, within <see cref="WireGuardian.Proxy.Limits.LimitOptions.LoginTimeout"/>: the client's start-up, the connection to the
/// server, the login. One instance serves a listener.
/// </summary>
public sealed class LoginPhase(
    ListenerOptions options, UpstreamConnector connector, IScramVerifierSource verifiers, TimeProvider time, CanarySource? canaries = null)
{
    private readonly ClientStartup _startup = new(options, time, canaries);
    private readonly UnsupportedVersions _unsupported = new(connector, options.Limits);

    /// <summary>
    /// Owns <paramref name="socket"/> until it hands legs out. Throws <see cref="OperationCanceledException"/>, with everything closed, when the proxy is stopping.
    /// </summary>
    /// <param name="socket">Just accepted.</param>
    /// <param name="admit">Asked before the server is connected to: null lets the login begin, an error refuses it.</param>
    /// <param name="cancellationToken">The proxy is stopping.</param>
    public async Task<LoginOutcome> RunAsync(Socket socket, Func<StartupMessage, FatalError?> admit, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Limits.LoginTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        StartupResult startup;
        try
        {
            startup = await _startup.RunAsync(socket, linked.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new LoginOutcome.Closed(ProtocolFault.Client, "start-up took longer than the login's time limit");
        }
        return startup switch
        {
            StartupResult.Cancel cancel => new LoginOutcome.Cancel(cancel.Request, cancel.Leg),
            StartupResult.Session session => await LogInAsync(session, admit, linked.Token, cancellationToken),
            StartupResult.UnsupportedVersion unsupported => await AnswerAsync(unsupported, linked.Token),
            StartupResult.Closed closed => new LoginOutcome.Closed(closed.Fault, closed.Reason),
            _ => throw new InvalidOperationException("not a start-up result"),
        };
    }

    private async ValueTask<LoginOutcome> AnswerAsync(StartupResult.UnsupportedVersion unsupported, CancellationToken limited)
    {
        var client = unsupported.Leg;
        await using (client)
        {
            try
            {
                if (await _unsupported.AskAsync(unsupported.Packet, limited) is { } answer)
                {
                    await client.SendAsync(answer, limited);
                    await client.Stream.FlushAsync(limited);
                    return new LoginOutcome.Closed(ProtocolFault.Client, unsupported.Error.Message);
                }
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException)
            {
                // The server or the client took too long, or the client left.
            }
            return await RefuseAsync(client, ProtocolFault.Client, unsupported.Error);
        }
    }

    private async ValueTask<LoginOutcome> LogInAsync(
        StartupResult.Session session, Func<StartupMessage, FatalError?> admit, CancellationToken limited, CancellationToken stopping)
    {
        Leg? server = null;
        LoginOutcome? outcome = null;
        try
        {
            if (admit(session.Message) is { } refusal)
                throw new LoginRefusedException(refusal);
            server = await connector.ConnectAsync(limited);
            var negotiation = new ProtocolNegotiation(session.Message);
            var login = new LoginRelay(session.Leg, server, session.Message, verifiers, negotiation);
            outcome = await login.RunAsync(limited)
                ? new LoginOutcome.LoggedIn(
                    session.Message, negotiation.Minor, session.Leg, session.Leg.BeginRelay(), server, server.BeginRelay())
                : new LoginOutcome.Closed(null, "the login ended without a session");
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            outcome = await RefuseAsync(session.Leg, ProtocolFault.Client, new FatalError(SqlStates.QueryCanceled, "the login took longer than its time limit"));
        }
        catch (LoginRefusedException refused)
        {
            outcome = await RefuseAsync(session.Leg, null, refused.Error);
        }
        catch (ProtocolException broken)
        {
            var state = broken.Fault == ProtocolFault.Client ? SqlStates.ProtocolViolation : SqlStates.ConnectionFailure;
            outcome = await RefuseAsync(session.Leg, broken.Fault, new FatalError(state, broken.Message));
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            outcome = await RefuseAsync(session.Leg, null, new FatalError(SqlStates.ConnectionFailure, "a connection broke during the login"));
        }
        finally
        {
            if (outcome is not LoginOutcome.LoggedIn)
            {
                await session.Leg.DisposeAsync();
                if (server is not null)
                    await server.DisposeAsync();
            }
        }
        return outcome;
    }

    private async ValueTask<LoginOutcome> RefuseAsync(Leg client, ProtocolFault? fault, FatalError error)
    {
        await error.TrySendAsync(client, time);
        return new LoginOutcome.Closed(fault, error.Message);
    }
}
