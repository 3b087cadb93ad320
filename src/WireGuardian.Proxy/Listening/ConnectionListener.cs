using System.Net;
using System.Net.Sockets;
using WireGuardian.Proxy.Metrics;

namespace WireGuardian.Proxy.Listening;

/// <summary>
/// Accepts connections of one listener and hands them to its protocol. Connections beyond what the limits can mean (twice the limit, logins under way
/// included) are closed without a word; the protocol itself refuses with words before that.
/// </summary>
public sealed class ConnectionListener(ListenerOptions options, ISessionHandler handler, ListenerMetrics metrics) : IAsyncDisposable
{
    private const int Backlog = 4096;

    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Socket? _listening;
    private Task _accepting = Task.CompletedTask;
    private int _connections;
    private volatile bool _draining;

    public string Name => options.Name;

    /// <summary>Where it listens; null before it does.</summary>
    public IPEndPoint? LocalEndPoint => _listening?.LocalEndPoint as IPEndPoint;

    /// <summary>Why it accepts nobody; null while it does.</summary>
    public string? Problem { get; private set; } = "not started";

    /// <summary>Begins to listen. Throws <see cref="SocketException"/> when the address cannot be had.</summary>
    public void Start()
    {
        var socket = new Socket(options.Listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(options.Listen);
            socket.Listen(Backlog);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        _listening = socket;
        Problem = null;
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>
    /// Accepts no more, lets every session finish what it is at, and ends the rest after <paramref name="timeout"/> or when cancelled.
    /// </summary>
    public async Task DrainAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        Problem = "stopping";
        _draining = true;
        _listening?.Dispose();
        await _accepting;
        await _stopping.CancelAsync();
        if (Volatile.Read(ref _connections) == 0)
            return;
        await handler.DrainAsync();
        try
        {
            await _empty.Task.WaitAsync(timeout, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            handler.Abort();
            await _empty.Task.WaitAsync(TimeSpan.FromSeconds(5), CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _listening?.Dispose();
        await _accepting;
        handler.Abort();
        await handler.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_draining)
        {
            Socket socket;
            try
            {
                socket = await _listening!.AcceptAsync();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                if (_draining || exception is ObjectDisposedException || _listening!.SafeHandle.IsClosed)
                    return;
                // Out of file descriptors or memory: sessions that end make room again.
                await Task.Delay(TimeSpan.FromMilliseconds(50));
                continue;
            }
            if (Volatile.Read(ref _connections) >= options.Limits.MaxConnections * 2L)
            {
                socket.Dispose();
                metrics.ProtocolError("flood");
                continue;
            }
            Interlocked.Increment(ref _connections);
            metrics.ConnectionOpened();
            // Off this thread: with inline completions a login would otherwise run on the accepting loop.
            ThreadPool.UnsafeQueueUserWorkItem(static state => _ = state.Listener.ServeAsync(state.Socket), (Listener: this, Socket: socket), preferLocal: false);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            await handler.RunAsync(socket, _stopping.Token);
        }
        finally
        {
            socket.Dispose();
            metrics.ConnectionClosed();
            if (Interlocked.Decrement(ref _connections) == 0 && _draining)
                _empty.TrySetResult();
        }
    }
}
