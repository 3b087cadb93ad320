using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using WireGuardian.Proxy.Egress;
using WireGuardian.Proxy.Tls;

namespace WireGuardian.Proxy.Transport;

/// <summary>
/// One of a session's two connections: the socket, and TLS on it where there is any. While it starts up and logs in it is read through a pipe; from
/// <see cref="BeginRelay"/> on straight from the connection, on the thread that waits for it. One receive and one send may be under way at once, not more; what
/// is under way ends with an exception when the leg is closed.
/// </summary>
public sealed class Leg : IDisposable, IAsyncDisposable
{
    private static readonly StreamPipeReaderOptions ReaderOptions = new(leaveOpen: true);
    private readonly PolledStream? _polled;
    private SslStream? _tls;
    private bool _relays;

    /// <param name="socket">Connected; owned by the leg from here on.</param>
    public Leg(Socket socket)
        : this(socket, OperatingSystem.IsLinux() ? new PolledStream(socket) : new NetworkStream(socket, ownsSocket: true))
    {
    }

    private Leg(Socket socket, Stream stream)
    {
        Socket = socket;
        try
        {
            socket.NoDelay = true;
            // A peer that vanished without a word is found out.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        }
        catch
        {
            // Nobody else knows of the stream.
            stream.Dispose();
            throw;
        }
        Stream = stream;
        _polled = stream as PolledStream;
        Input = PipeReader.Create(Stream, ReaderOptions);
    }

    /// <summary>For addresses and options; what is sent and received goes through the leg.</summary>
    public Socket Socket { get; }

    /// <summary>The connection with what was put on top of it. Disposing it closes the socket; a client is written to by <see cref="SendAsync"/> alone.</summary>
    public Stream Stream { get; private set; }

    /// <summary>What TLS agreed on; null in clear.</summary>
    public TlsSession? Tls { get; private set; }

    /// <summary>Looks at all that is sent; null where nobody looks, as on the server's leg.</summary>
    public EgressWatch? Egress { get; init; }

    /// <summary>Where to read during start-up.</summary>
    public PipeReader Input { get; private set; }

    /// <summary>Connects to a server. Throws <see cref="SocketException"/> when no address of it answers.</summary>
    public static async ValueTask<Leg> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        SocketException? last = null;
        foreach (var address in await Dns.GetHostAddressesAsync(host, cancellationToken))
        {
            try
            {
                return await ConnectAsync(new IPEndPoint(address, port), cancellationToken);
            }
            catch (SocketException refused)
            {
                last = refused;
            }
        }
        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }

    /// <summary>Looks at what came first, without taking it. Before anything else is read.</summary>
    public ValueTask<int> PeekAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        _polled is not null ? _polled.PeekAsync(buffer, cancellationToken) : Socket.ReceiveAsync(buffer, SocketFlags.Peek, cancellationToken);

    /// <summary>Puts TLS on the leg. Nothing read in clear may be left unread.</summary>
    public async ValueTask UpgradeAsync(
        Func<Stream, CancellationToken, ValueTask<(SslStream Stream, TlsSession Session)>> handshake, CancellationToken cancellationToken)
    {
        await Input.CompleteAsync();
        var (stream, session) = await handshake(Stream, cancellationToken);
        Stream = _tls = stream;
        Tls = session;
        Input = PipeReader.Create(stream, ReaderOptions);
    }

    /// <summary>Ends the use of <see cref="Input"/> and gives the bytes that it read too many. From here on the leg's own methods send and receive.</summary>
    public byte[] BeginRelay()
    {
        _relays = true;
        // A pending cancellation makes the pipe show what it holds even if all of that was examined before.
        Input.CancelPendingRead();
        var leftover = Input.TryRead(out var read) ? read.Buffer.ToArray() : [];
        Input.Complete();
        _polled?.RunsInline = true;
        return leftover;
    }

    /// <summary>
    /// Puts a layer of the protocol's own on what is relayed, between <see cref="BeginRelay"/> and the first receive or send. <see cref="Egress"/> sees what is sent before
    /// the layer does.
    /// </summary>
    /// <param name="layer">Gives the layer for the connection, which it owns from there on.</param>
    public void AddLayer(Func<Stream, Stream> layer) => Stream = layer(Stream);

    /// <summary>Takes what has come; 0 when the other side has ended.</summary>
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer) => Stream.ReadAsync(buffer);

    /// <summary>Sends all of <paramref name="bytes"/>. Throws <see cref="CanaryFoundException"/>, with nothing of them sent, where <see cref="Egress"/> says so.</summary>
    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        Egress?.Pass(bytes.Span);
        return Stream.WriteAsync(bytes, cancellationToken);
    }

    /// <summary>Says that nothing more will be sent; what comes is still read.</summary>
    public async ValueTask EndSendingAsync()
    {
        if (_tls is not null)
            await _tls.ShutdownAsync();
        Socket.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Ends the leg after a last message: what was sent still arrives, what comes is not read any more.</summary>
    public async ValueTask CloseAsync()
    {
        try
        {
            Socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The other side went first.
        }
        await Stream.DisposeAsync();
    }

    /// <summary>Ends the leg at once.</summary>
    public void Dispose()
    {
        if (_polled is not null)
            _polled.Dispose();
        else
            Socket.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_relays)
            await Input.CompleteAsync();
        await Stream.DisposeAsync();
    }

    private static async ValueTask<Leg> ConnectAsync(IPEndPoint target, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsLinux())
        {
            var (connected, stream) = await PolledStream.ConnectAsync(target, cancellationToken);
            return new Leg(connected, stream);
        }
        var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(target, cancellationToken);
            return new Leg(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
