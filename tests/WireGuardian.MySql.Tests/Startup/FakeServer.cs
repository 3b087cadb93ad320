using System.Net;
using System.Net.Sockets;
using WireGuardian.Testing.MySql;

namespace WireGuardian.MySql.Tests.Startup;

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

    /// <summary>What a server of today offers, every bit that has a name.</summary>
    public static readonly MySqlGreeting Greeting = new(
        "9.7.0-test", 4711, 0xFFFF_FFFF, 0, 45, 2, [.. Enumerable.Range(65, 20).Select(value => (byte)value)], "caching_sha2_password");

    public DnsEndPoint EndPoint => new("127.0.0.1", ((IPEndPoint)_listener.LocalEndPoint!).Port);

    /// <summary>How many connections came.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Reads one packet.</summary>
    public static async Task<MySqlPacket> ReadAsync(Stream stream)
    {
        var header = new byte[4];
        await stream.ReadExactlyAsync(header);
        var payload = new byte[header[0] | header[1] << 8 | header[2] << 16];
        await stream.ReadExactlyAsync(payload);
        return new MySqlPacket(header[3], payload);
    }

    /// <summary>Reads until the other side is gone.</summary>
    public static async Task<byte[]> ReadToEndAsync(Stream stream)
    {
        using var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return all.ToArray();
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
