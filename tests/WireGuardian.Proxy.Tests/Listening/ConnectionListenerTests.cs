using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using WireGuardian.Proxy.Limits;
using WireGuardian.Proxy.Listening;
using WireGuardian.Proxy.Metrics;

namespace WireGuardian.Proxy.Tests.Listening;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ConnectionListenerTests : ISessionHandler
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Meter _meter = new("test");
    private readonly ConcurrentQueue<TaskCompletionSource> _sessions = new();
    private readonly SemaphoreSlim _begun = new(0);
    private bool _drained;
    private bool _aborted;

    [TearDown]
    public void Stop()
    {
        _meter.Dispose();
        _begun.Dispose();
    }

    [Test]
    public async Task A_drain_accepts_no_more_and_waits_for_what_is_under_way()
    {
        await using var listener = Start();
        using var client = await ConnectAsync(listener);
        await _begun.WaitAsync(Limit);
        var endPoint = listener.LocalEndPoint!;
        var draining = listener.DrainAsync(Limit, CancellationToken.None);
        Assert.That(draining.IsCompleted, Is.False);
        using var late = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Assert.That(async () => await late.ConnectAsync(endPoint), Throws.TypeOf<SocketException>());
        End();
        await draining.WaitAsync(Limit);
        Assert.That((_drained, _aborted), Is.EqualTo((true, false)));
    }

    [Test]
    public async Task A_drain_that_takes_too_long_ends_the_rest()
    {
        await using var listener = Start();
        using var client = await ConnectAsync(listener);
        await _begun.WaitAsync(Limit);
        await listener.DrainAsync(TimeSpan.Zero, CancellationToken.None).WaitAsync(Limit);
        Assert.That(_aborted, Is.True);
    }

    [Test]
    public async Task A_flood_is_closed_without_a_word_beyond_twice_the_limit()
    {
        await using var listener = Start(maxConnections: 2);
        var clients = new List<Socket>();
        for (var count = 0; count < 4; count++)
        {
            clients.Add(await ConnectAsync(listener));
            await _begun.WaitAsync(Limit);
        }
        using var flood = await ConnectAsync(listener);
        Assert.That(await EndsAsync(flood), Is.True);
        Assert.That(_sessions, Has.Count.EqualTo(4));
        while (_sessions.TryDequeue(out var session))
            session.SetResult();
        clients.ForEach(client => client.Dispose());
    }

    [Test]
    public async Task Two_cannot_listen_on_one_port_and_it_says_why_it_accepts_nobody()
    {
        await using var first = Start();
        await using var second = Create(first.LocalEndPoint!.Port, 10);
        Assert.That(second.Problem, Is.EqualTo("not started"));
        Assert.That(second.Start, Throws.TypeOf<SocketException>());
        Assert.That(first.Problem, Is.Null);
    }

    async Task ISessionHandler.RunAsync(Socket socket, CancellationToken stopping)
    {
        var session = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _sessions.Enqueue(session);
        _begun.Release();
        await session.Task;
    }

    Task ISessionHandler.DrainAsync()
    {
        _drained = true;
        return Task.CompletedTask;
    }

    void ISessionHandler.Abort()
    {
        _aborted = true;
        while (_sessions.TryDequeue(out var session))
            session.SetResult();
    }

    ValueTask IAsyncDisposable.DisposeAsync() => ValueTask.CompletedTask;

    private void End()
    {
        Assert.That(_sessions.TryDequeue(out var session), Is.True);
        session!.SetResult();
    }

    private ConnectionListener Start(int maxConnections = 10)
    {
        var listener = Create(0, maxConnections);
        listener.Start();
        return listener;
    }

    private ConnectionListener Create(int port, int maxConnections) => new(
        new ListenerOptions
        {
            Name = "app",
            Protocol = "postgres",
            Listen = new IPEndPoint(IPAddress.Loopback, port),
            Upstream = new DnsEndPoint("127.0.0.1", 1),
            Limits = new LimitOptions { MaxConnections = maxConnections },
        },
        this,
        new ProxyMetrics(_meter).ForListener("app", "postgres"));

    private static async Task<Socket> ConnectAsync(ConnectionListener listener)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(listener.LocalEndPoint!).WaitAsync(Limit);
        return socket;
    }

    private static async Task<bool> EndsAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1]) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
