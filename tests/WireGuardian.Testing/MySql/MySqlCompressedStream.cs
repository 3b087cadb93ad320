using System.IO.Compression;

namespace WireGuardian.Testing.MySql;

/// <summary>
/// A client's side of the compressed protocol, written apart from the product's: a packet at a time, whole, and as strict as MySQL's own client library. Numbers are
/// counted over both directions from 0 with every command, and one that is not the next is an error.
/// </summary>
public sealed class MySqlCompressedStream(Stream inner) : Stream
{
    private const int LargestLength = 0xFF_FFFF;
    private const int SmallestCompressed = 50;

    private byte _number;
    private ReadOnlyMemory<byte> _unread;

    /// <summary>False for a client that sends commands ahead: no count can tell which of them is answered.</summary>
    public bool ChecksNumbers { get; set; } = true;

    /// <summary>How much goes into one packet at most.</summary>
    public int LargestPlain { get; set; } = LargestLength;

    /// <summary>Packets read so far, and those of them that were deflated.</summary>
    public (int All, int Deflated) Packets { get; private set; }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void StartCommand() => _number = 0;

    /// <summary>Sends a header and what stands behind it, as they are.</summary>
    public Task SendRawAsync(int length, byte number, int plainLength, byte[] payload) => inner.WriteAsync(
        (byte[])[.. BitConverter.GetBytes(length).AsSpan(0, 3), number, .. BitConverter.GetBytes(plainLength).AsSpan(0, 3), .. payload]).AsTask();

    /// <summary>What zlib makes of it.</summary>
    public static byte[] Deflate(ReadOnlySpan<byte> plain)
    {
        using var deflated = new MemoryStream();
        using (var zlib = new ZLibStream(deflated, CompressionLevel.Optimal))
            zlib.Write(plain);
        return deflated.ToArray();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_unread.IsEmpty && !buffer.IsEmpty)
        {
            var header = new byte[7];
            var filled = await inner.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, cancellationToken);
            if (filled == 0)
                return 0;
            if (filled < header.Length)
                throw new EndOfStreamException("the connection ended within a compressed packet's header");
            var payload = new byte[header[0] | header[1] << 8 | header[2] << 16];
            await inner.ReadExactlyAsync(payload, cancellationToken);
            _unread = Open(header[3], payload, header[4] | header[5] << 8 | header[6] << 16);
        }
        var count = Math.Min(buffer.Length, _unread.Length);
        _unread[..count].CopyTo(buffer);
        _unread = _unread[count..];
        return count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var plain = buffer[..Math.Min(buffer.Length, LargestPlain)];
            buffer = buffer[plain.Length..];
            var deflated = plain.Length < SmallestCompressed ? null : Deflate(plain.Span);
            if (deflated is null || deflated.Length > plain.Length)
                await SendRawAsync(plain.Length, _number++, 0, plain.ToArray());
            else
                await SendRawAsync(deflated.Length, _number++, plain.Length, deflated);
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
        // Nothing is held back.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    private byte[] Open(byte number, byte[] payload, int plainLength)
    {
        if (ChecksNumbers && number != _number)
            throw new InvalidDataException($"compressed packet {number} came where {_number} was expected");
        _number = (byte)(number + 1);
        Packets = (Packets.All + 1, Packets.Deflated + (plainLength > 0 ? 1 : 0));
        if (plainLength == 0)
            return payload;
        using var zlib = new ZLibStream(new MemoryStream(payload), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        zlib.CopyTo(plain);
        return plain.Length == plainLength ? plain.ToArray() : throw new InvalidDataException($"a packet of {plainLength} bytes inflates to {plain.Length}");
    }
}
