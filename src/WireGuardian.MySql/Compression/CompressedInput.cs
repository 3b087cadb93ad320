using System.Runtime.CompilerServices;

namespace WireGuardian.MySql.Compression;

/// <summary>A connection's bytes, read somewhat ahead, so that a small packet costs one receive for header and payload.</summary>
/// <param name="connection">Where more comes from.</param>
/// <param name="readAhead">What was read of it already.</param>
internal sealed class CompressedInput(Stream connection, ReadOnlyMemory<byte> readAhead)
{
    private const int BufferSize = 4 << 10;

    private readonly byte[] _buffer = new byte[BufferSize];
    private ReadOnlyMemory<byte> _unread = readAhead;

    /// <summary>Takes what there is, at least a byte; 0 at the connection's end.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> TakeAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (_unread.IsEmpty)
        {
            if (destination.Length >= BufferSize)
                return await connection.ReadAsync(destination, cancellationToken);
            _unread = _buffer.AsMemory(0, await connection.ReadAsync(_buffer, cancellationToken));
        }
        var count = Math.Min(_unread.Length, destination.Length);
        _unread[..count].CopyTo(destination);
        _unread = _unread[count..];
        return count;
    }
}
