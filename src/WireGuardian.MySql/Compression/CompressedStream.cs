namespace WireGuardian.MySql.Compression;

/// <summary>
/// The compressed protocol (CLIENT_COMPRESS, zlib) on a client's connection, from its login on: what is read and written here are the packets inside. One read and one
/// write may be under way at once.
/// </summary>
public sealed class CompressedStream : Stream
{
    private readonly Stream _connection;
    private readonly CompressedReader _reader;
    private readonly CompressedWriter _writer;

    /// <param name="connection">The client's, in clear or TLS; disposed with this.</param>
    /// <param name="readAhead">What was read of it after the login.</param>
    public CompressedStream(Stream connection, ReadOnlyMemory<byte> readAhead)
    {
        var numbers = new CompressedNumbers();
        (_connection, _reader, _writer) = (connection, new(connection, readAhead, numbers), new(connection, numbers));
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

    /// <summary>Takes what there is, at least a byte; 0 at the end. Throws <see cref="Proxy.ProtocolException"/> for what is no compressed packet.</summary>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _reader.ReadAsync(buffer, cancellationToken);

    /// <summary>Sends all of <paramref name="buffer"/> at once: nothing is held back.</summary>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => _writer.WriteAsync(buffer, cancellationToken);

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
    public override Task FlushAsync(CancellationToken cancellationToken) => _connection.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _connection.Dispose();
        base.Dispose(disposing);
    }
}
