using System.Runtime.CompilerServices;

namespace WireGuardian.MySql.Compression;

/// <summary>The payload of the compressed packet under way, as a stream that ends where the packet does.</summary>
internal sealed class CompressedPayload(CompressedInput input) : Stream
{
    /// <summary>Bytes that are still to come.</summary>
    public int Remaining { get; private set; }

    /// <summary>The connection ended, or failed, within the packet.</summary>
    public bool HasBroken { get; private set; }

    /// <summary>More was asked for than the packet holds.</summary>
    public bool WasTooShort { get; private set; }

    public override bool CanRead => true;

    public override bool CanWrite => false;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>A packet with a payload of so many bytes begins.</summary>
    public void Begin(int length) => (Remaining, WasTooShort) = (length, false);

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Remaining == 0)
        {
            WasTooShort = true;
            return 0;
        }
        HasBroken = true;
        var count = await input.TakeAsync(buffer[..Math.Min(buffer.Length, Remaining)], cancellationToken);
        HasBroken = count == 0;
        Remaining -= count;
        return count;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush()
    {
        // It is only read.
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
