using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using WireGuardian.Postgres.Authentication;
using WireGuardian.Postgres.Startup;
using WireGuardian.Proxy.Listening;

namespace WireGuardian.Postgres.Tests.Authentication;

/// <summary>The login phase behind a listening socket, with a relay after it that only copies.</summary>
internal sealed class LoginProxy : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly LoginPhase _login;
    private readonly CancelForwarder _cancels;
    private readonly Func<StartupMessage, FatalError?> _admit;
    private readonly Task _serving;

    public LoginProxy(ListenerOptions options, IScramVerifierSource? verifiers = null, Func<StartupMessage, FatalError?>? admit = null)
    {
        var connector = new UpstreamConnector(options, TimeProvider.System);
        _login = new LoginPhase(options, connector, verifiers ?? new NoVerifierSource(), TimeProvider.System);
        _cancels = new CancelForwarder(connector, options.Limits, TimeProvider.System);
        _admit = admit ?? (_ => null);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public ConcurrentQueue<LoginOutcome> Outcomes { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving;
        _cancels.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var sessions = new List<Task>();
        try
        {
            while (true)
                sessions.Add(ServeOneAsync(await _listener.AcceptAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(sessions);
        }
    }

    private async Task ServeOneAsync(Socket socket)
    {
        try
        {
            var outcome = await _login.RunAsync(socket, _admit, _stop.Token);
            Outcomes.Enqueue(outcome);
            switch (outcome)
            {
                case LoginOutcome.Cancel cancel:
                    await _cancels.ForwardAsync(cancel.Request, _stop.Token);
                    await cancel.Client.DisposeAsync();
                    break;
                case LoginOutcome.LoggedIn session:
                    await RelayAsync(session);
                    break;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The test is over, or a side left.
        }
    }

    private async Task RelayAsync(LoginOutcome.LoggedIn session)
    {
        await using var client = session.Client;
        await using var server = session.Server;
        await client.Stream.WriteAsync(session.ServerLeftover, _stop.Token);
        await server.Stream.WriteAsync(session.ClientLeftover, _stop.Token);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        await Task.WhenAny(client.Stream.CopyToAsync(server.Stream, ended.Token), server.Stream.CopyToAsync(client.Stream, ended.Token));
        await ended.CancelAsync();
    }
}
