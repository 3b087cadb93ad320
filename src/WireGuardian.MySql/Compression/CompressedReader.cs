using System.IO.Compression;
using System.Runtime.CompilerServices;
using WireGuardian.Proxy;

namespace WireGuardian.MySql.Compression;

/// <summary>
/// Takes the compressed packets off what a client sends. A payload is inflated as it comes and never further than there is room for, so whatever a header claims, and
/// whatever a payload would grow to, takes no memory.
/// </summary>
/// <param name="connection">What the client sends.</param>
/// <param name="readAhead">What was read of it already.</param>
/// <param name="numbers">Shared with who writes.</param>
internal sealed class CompressedReader(Stream connection, ReadOnlyMemory<byte> readAhead, CompressedNumbers numbers)
{
    private readonly CompressedInput _input = new(connection, readAhead);
    private readonly byte[] _header = new byte[CompressedHeader.Size];
    private CompressedPayload? _payload;
    // One that is not read to its end is left to the collector: it may be in use when the connection is closed.
    private ZLibStream? _inflating;
    private int _plainLength;

    /// <summary>Takes what there is, at least a byte; 0 at the connection's end. Throws <see cref="ProtocolException"/>.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (destination.IsEmpty)
            return 0;
        while (true)
        {
            if (_inflating is not null)
                return await InflateAsync(destination, _inflating, _payload!, cancellationToken);
            if (_payload is { Remaining: > 0 })
                return await _payload.ReadAsync(destination, cancellationToken);
            // A packet may be empty.
            if (!await ReadHeaderAsync(cancellationToken))
                return 0;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        for (var filled = 0; filled < _header.Length;)
        {
            var count = await _input.TakeAsync(_header.AsMemory(filled), cancellationToken);
            if (count == 0)
                return false;
            filled += count;
        }
        var header = CompressedHeader.Read(_header);
        if (!numbers.TryTake(header.Sequence))
            throw Broken("a compressed packet came out of order");
        _payload ??= new(_input);
        _payload.Begin(header.Length);
        if (header.PlainLength > 0)
            (_inflating, _plainLength) = (new ZLibStream(_payload, CompressionMode.Decompress, leaveOpen: true), header.PlainLength);
        return true;
    }

    private async ValueTask<int> InflateAsync(Memory<byte> destination, ZLibStream inflating, CompressedPayload payload, CancellationToken cancellationToken)
    {
        try
        {
            var count = await inflating.ReadAsync(destination[..Math.Min(destination.Length, _plainLength)], cancellationToken);
            _plainLength -= count;
            if (count > 0 && _plainLength > 0)
                return count;
            // Either it is over too early, or it ought to be over: then zlib has its checksum still to read.
            var more = count > 0 && await inflating.ReadAsync(_header.AsMemory(0, 1), cancellationToken) > 0;
            if (payload.HasBroken)
                return 0;
            if (more || payload.Remaining > 0)
                throw Broken("a compressed packet holds more than its header says");
            if (count == 0 || payload.WasTooShort)
                throw Broken("a compressed packet holds less than its header says");
            await inflating.DisposeAsync();
            _inflating = null;
            return count;
        }
        catch (Exception exception) when (exception is InvalidDataException || (exception is IOException && !payload.HasBroken))
        {
            throw Broken("a compressed packet is not what zlib compresses to", exception);
        }
    }

    private static ProtocolException Broken(string message, Exception? inner = null) => new(ProtocolFault.Client, message, inner);
}
