using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace WireGuardian.Proxy.Transport;

/// <summary>A connected socket on Linux, waited for by a <see cref="PollLoop"/> of our own. One read and one write may be under way at once.</summary>
internal sealed class PolledStream : Stream
{
    private readonly PollLoop _loop = PollLoop.Next();
    private readonly SafeSocketHandle _socket;
    private readonly PolledDirection _receiving;
    private readonly PolledDirection _sending;
    private Socket? _owner;
    private int _disposed;

    /// <param name="socket">Connected; owned from here on. The runtime must not wait for it as well.</param>
    public PolledStream(Socket socket)
        : this(socket.SafeHandle) => _owner = socket;

    private PolledStream(SafeSocketHandle socket)
    {
        _socket = socket;
        var descriptor = (int)socket.DangerousGetHandle();
        _receiving = new(descriptor, sends: false, Rearm);
        _sending = new(descriptor, sends: true, Rearm);
        Key = _loop.NextKey();
        _loop.Add(this, socket);
    }

    /// <summary>What the loop knows it by.</summary>
    public ulong Key { get; }

    /// <summary>True when whoever awaits a read or write may be run on the loop's thread: what it does must be short and must not block.</summary>
    public bool RunsInline
    {
        set => _receiving.RunsInline = _sending.RunsInline = value;
    }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Connects a new socket. Throws <see cref="SocketException"/> when that fails.</summary>
    public static async ValueTask<(Socket Socket, PolledStream Stream)> ConnectAsync(IPEndPoint target, CancellationToken cancellationToken)
    {
        var handle = LinuxSockets.CreateSocket(target.AddressFamily);
        PolledStream stream;
        try
        {
            var address = target.Serialize();
            if (LinuxSockets.Connect(handle, address.Buffer.Span[..address.Size], address.Size) < 0 && Marshal.GetLastPInvokeError() is var error and not LinuxSockets.InProgress)
                throw LinuxSockets.ExceptionOf(error);
            stream = new PolledStream(handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
        try
        {
            // Sending nothing waits for the connection, and tells why it failed.
            await stream._sending.RunAsync(default, cancellationToken);
            stream._owner = new Socket(handle);
            return (stream._owner, stream);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>Called by the loop.</summary>
    public void Ready(uint events)
    {
        const uint ended = LinuxSockets.EpollError | LinuxSockets.EpollHangUp;
        if ((events & (LinuxSockets.EpollOut | ended)) != 0)
            _sending.Ready((events & ended) != 0);
        if ((events & (LinuxSockets.EpollIn | LinuxSockets.EpollReadHangUp | ended)) != 0)
            _receiving.Ready((events & (LinuxSockets.EpollReadHangUp | ended)) != 0);
    }

    /// <summary>Looks at what came without taking it.</summary>
    public ValueTask<int> PeekAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        _receiving.RunAsync(buffer, cancellationToken, LinuxSockets.Peek);

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.CanBeCanceled ? _receiving.RunAsync(buffer, cancellationToken) : _receiving.RunAsync(buffer);

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var bytes = MemoryMarshal.AsMemory(buffer);
        if (cancellationToken.CanBeCanceled)
            return WriteRestAsync(bytes, default, cancellationToken);
        var sending = _sending.RunAsync(bytes);
        if (!sending.IsCompletedSuccessfully)
            return WriteRestAsync(bytes, sending, CancellationToken.None);
        var sent = sending.GetAwaiter().GetResult();
        return sent == bytes.Length ? default : WriteRestAsync(bytes[sent..], default, CancellationToken.None);
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush()
    {
        // Nothing is held back.
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Closes the socket; what is under way ends with an exception.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _loop.Remove(Key);
            var reason = new ObjectDisposedException(nameof(PolledStream));
            _receiving.End(reason);
            _sending.End(reason);
            if (_owner is not null)
                _owner.Dispose();
            else
                _socket.Dispose();
        }
        base.Dispose(disposing);
    }

    private void Rearm() => _loop.Rearm(_socket, Key);

    private async ValueTask WriteRestAsync(Memory<byte> bytes, ValueTask<int> sending, CancellationToken cancellationToken)
    {
        var sent = await sending;
        while (sent < bytes.Length)
        {
            bytes = bytes[sent..];
            sent = await (cancellationToken.CanBeCanceled ? _sending.RunAsync(bytes, cancellationToken) : _sending.RunAsync(bytes));
        }
    }
}
