using System.Net.Security;
using System.Net.Sockets;

namespace WireGuardian.Proxy.Relay;

/// <summary>
/// One side of a session, in clear (a socket) or in TLS (a stream). One receive and one send may be under way at once, not more.
/// A receive or send under way ends with an exception when the leg is closed.
/// </summary>
public sealed class Leg : IDisposable
{
    private readonly Socket _socket;
    private readonly Stream? _stream;

    /// <param name="socket">The connected socket; owned by the leg from here on.</param>
    /// <param name="stream">The TLS stream over the socket, or null for a leg in clear.</param>
    public Leg(Socket socket, Stream? stream)
    {
        _socket = socket;
        _stream = stream;
    }

    /// <summary>Takes what has come; 0 when the other side has ended.</summary>
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer) =>
        _stream is null ? _socket.ReceiveAsync(buffer, SocketFlags.None) : _stream.ReadAsync(buffer);

    /// <summary>Sends all of <paramref name="bytes"/>.</summary>
    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        if (_stream is not null)
            return _stream.WriteAsync(bytes);
        var sending = _socket.SendAsync(bytes, SocketFlags.None);
        if (!sending.IsCompletedSuccessfully)
            return FinishAsync(sending, bytes);
        var sent = sending.GetAwaiter().GetResult();
        return sent == bytes.Length ? default : FinishAsync(new ValueTask<int>(sent), bytes);
    }

    /// <summary>Says that nothing more will be sent; what comes is still read.</summary>
    public async ValueTask EndSendingAsync()
    {
        if (_stream is SslStream tls)
            await tls.ShutdownAsync();
        _socket.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Ends the leg after a last message: what was sent still arrives, what comes is not read any more.</summary>
    public async ValueTask CloseAsync()
    {
        try
        {
            if (_stream is not null)
                await _stream.DisposeAsync();
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or IOException or ObjectDisposedException)
        {
            // The other side went first.
        }
        _socket.Dispose();
    }

    /// <summary>Ends the leg at once.</summary>
    public void Dispose() => _socket.Dispose();

    private async ValueTask FinishAsync(ValueTask<int> sending, ReadOnlyMemory<byte> bytes)
    {
        for (var sent = await sending; sent < bytes.Length;)
        {
            bytes = bytes[sent..];
            sent = await _socket.SendAsync(bytes, SocketFlags.None);
        }
    }
}
