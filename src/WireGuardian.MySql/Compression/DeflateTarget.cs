namespace WireGuardian.MySql.Compression;

/// <summary>Where deflated bytes go: a part of an array. What has no room is dropped, and said.</summary>
internal sealed class DeflateTarget(Memory<byte> room) : Stream
{
    private int _written;

    /// <summary>True when not all found room.</summary>
    public bool HasOverflowed { get; private set; }

    public override bool CanRead => false;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => _written;

    public override long Position
    {
        get => _written;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        HasOverflowed |= buffer.Length > room.Length - _written;
        if (HasOverflowed)
            return;
        buffer.CopyTo(room.Span[_written..]);
        _written += buffer.Length;
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush()
    {
        // It is there.
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
