using System.Net;
using System.Net.Sockets;

namespace WireGuardian.Postgres.Tests.Startup;

/// <summary>A server that says to each connection what a test wants it to, right or wrong.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;
    private int _connections;

    public FakeServer(Func<NetworkStream, Task> serve)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _serving = ServeAsync(serve);
    }

    public DnsEndPoint EndPoint => new("127.0.0.1", ((IPEndPoint)_listener.LocalEndPoint!).Port);

    /// <summary>How many connections came.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Reads a start-up packet.</summary>
    public static async Task<byte[]> ReadPacketAsync(Stream stream)
    {
        var length = new byte[4];
        await stream.ReadExactlyAsync(length);
        var rest = new byte[(length[2] << 8 | length[3]) - 4];
        await stream.ReadExactlyAsync(rest);
        return [.. length, .. rest];
    }

    /// <summary>Reads a message with a type.</summary>
    public static async Task<byte[]> ReadMessageAsync(Stream stream)
    {
        var type = new byte[1];
        await stream.ReadExactlyAsync(type);
        return [.. type, .. await ReadPacketAsync(stream)];
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync(Func<NetworkStream, Task> serve)
    {
        var served = new List<Task>();
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                served.Add(ServeOneAsync(new NetworkStream(socket, ownsSocket: true), serve));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(served);
        }
    }

    private static async Task ServeOneAsync(NetworkStream stream, Func<NetworkStream, Task> serve)
    {
        await using (stream)
        {
            try
            {
                await serve(stream);
            }
            catch (IOException)
            {
                // The proxy left, as it should.
            }
        }
    }
}
