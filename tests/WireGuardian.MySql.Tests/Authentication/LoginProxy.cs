using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using WireGuardian.MySql.Authentication;
using WireGuardian.MySql.Startup;
using WireGuardian.Proxy.Listening;
using WireGuardian.Proxy.Transport;

namespace WireGuardian.MySql.Tests.Authentication;

/// <summary>The login phase behind a listening socket, with a relay after it that only copies.</summary>
internal sealed class LoginProxy : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly LoginPhase _login;
    private readonly ILoginAdmission _admission;
    private readonly Task _serving;
    private readonly TaskCompletionSource<LoginOutcome> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _loggedIn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LoginProxy(ListenerOptions options, ILoginAdmission? admission = null, TimeProvider? time = null)
    {
        _login = new LoginPhase(options, new UpstreamConnector(options, time ?? TimeProvider.System), time ?? TimeProvider.System);
        _admission = admission ?? new Everybody();
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public ConcurrentQueue<LoginOutcome> Outcomes { get; } = [];

    /// <summary>What the first connection came to.</summary>
    public Task<LoginOutcome> First => _first.Task.WaitAsync(TimeSpan.FromSeconds(10));

    /// <summary>The only login that came about. A client may hear of it before the proxy is done with it.</summary>
    public async Task<LoginOutcome.LoggedIn> LoginAsync()
    {
        await _loggedIn.Task.WaitAsync(TimeSpan.FromSeconds(10));
        return Outcomes.OfType<LoginOutcome.LoggedIn>().Single();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving;
        _login.Dispose();
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
            var outcome = await _login.RunAsync(socket, _admission, _stop.Token);
            Outcomes.Enqueue(outcome);
            _first.TrySetResult(outcome);
            if (outcome is LoginOutcome.LoggedIn session)
            {
                _loggedIn.TrySetResult();
                await RelayAsync(session);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task RelayAsync(LoginOutcome.LoggedIn session)
    {
        using var client = session.Client;
        using var server = session.Server;
        await using var stop = _stop.Token.Register(() =>
        {
            client.Dispose();
            server.Dispose();
        });
        await Task.WhenAny(CopyAsync(session.ClientLeftover, client, server), CopyAsync(session.ServerLeftover, server, client));
    }

    private static async Task CopyAsync(byte[] leftover, Leg from, Leg to)
    {
        var buffer = new byte[64 << 10];
        try
        {
            await to.SendAsync(leftover);
            while (await from.ReceiveAsync(buffer) is > 0 and var count)
                await to.SendAsync(buffer.AsMemory(0, count));
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            // A side left.
        }
    }

    private sealed class Everybody : ILoginAdmission
    {
        public FatalError? AdmitConnection() => null;

        public FatalError? AdmitUser(ClientIdentity identity) => null;
    }
}
