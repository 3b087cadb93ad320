namespace WireGuardian.MySql.Tests.Compression;

/// <summary>A connection on which bytes come in given pieces, one a read, and what is sent is kept.</summary>
internal sealed class PiecesStream(IEnumerable<byte[]> pieces) : Stream
{
    private readonly Queue<ReadOnlyMemory<byte>> _pieces = new(pieces.Where(piece => piece.Length > 0).Select(piece => new ReadOnlyMemory<byte>(piece)));

    public MemoryStream Sent { get; } = new();

    /// <summary>The length of every write.</summary>
    public List<int> Writes { get; } = [];

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_pieces.Count == 0)
            return 0;
        // A reader must go on from where it waited.
        if (_pieces.Peek().Length == 1)
            await Task.Yield();
        var piece = _pieces.Dequeue();
        var count = Math.Min(piece.Length, buffer.Length);
        piece[..count].CopyTo(buffer);
        if (count == piece.Length)
            return count;
        ReadOnlyMemory<byte>[] rest = [piece[count..], .. _pieces];
        _pieces.Clear();
        foreach (var one in rest)
            _pieces.Enqueue(one);
        return count;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Sent.Write(buffer.Span);
        Writes.Add(buffer.Length);
        return default;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
        // Nothing is held back.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
