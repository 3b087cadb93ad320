using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using WireGuardian.Proxy.Relay;
using WireGuardian.Proxy.Tls;

namespace WireGuardian.Proxy.Startup;

/// <summary>One of a session's two connections while it starts up and logs in: the socket, TLS on it where there is any, and a pipe to read from.</summary>
public sealed class StartupLeg : IAsyncDisposable
{
    private static readonly StreamPipeReaderOptions ReaderOptions = new(leaveOpen: true);
    private bool _detached;

    /// <param name="socket">Connected; owned by the leg from here on.</param>
    public StartupLeg(Socket socket)
    {
        Socket = socket;
        socket.NoDelay = true;
        // A peer that vanished without a word is found out.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        Stream = new NetworkStream(socket, ownsSocket: true);
        Input = PipeReader.Create(Stream, ReaderOptions);
    }

    public Socket Socket { get; }

    /// <summary>Where to write, and after <see cref="DetachInput"/> to read: the socket's stream or TLS on top of it. Disposing it closes the socket.</summary>
    public Stream Stream { get; private set; }

    /// <summary>What TLS agreed on; null in clear.</summary>
    public TlsSession? Tls { get; private set; }

    /// <summary>Where to read until <see cref="DetachInput"/>.</summary>
    public PipeReader Input { get; private set; }

    /// <summary>Puts TLS on the leg. Nothing read in clear may be left unread.</summary>
    public async ValueTask UpgradeAsync(
        Func<Stream, CancellationToken, ValueTask<(SslStream Stream, TlsSession Session)>> handshake, CancellationToken cancellationToken)
    {
        await Input.CompleteAsync();
        var (stream, session) = await handshake(Stream, cancellationToken);
        Stream = stream;
        Tls = session;
        Input = PipeReader.Create(stream, ReaderOptions);
    }

    /// <summary>Ends the use of <see cref="Input"/> and gives the bytes that it read too many; from here on the caller reads <see cref="Stream"/>.</summary>
    public byte[] DetachInput()
    {
        _detached = true;
        // A pending cancellation makes the pipe show what it holds even if all of that was examined before.
        Input.CancelPendingRead();
        var leftover = Input.TryRead(out var read) ? read.Buffer.ToArray() : [];
        Input.Complete();
        return leftover;
    }

    /// <summary>What the relay goes on with, after <see cref="DetachInput"/>. Both own the socket.</summary>
    public Leg ToRelayLeg() => new(Socket, Tls is null ? null : Stream);

    public async ValueTask DisposeAsync()
    {
        if (!_detached)
            await Input.CompleteAsync();
        await Stream.DisposeAsync();
    }
}
