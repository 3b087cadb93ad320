using System.Buffers;

namespace WireGuardian.Proxy.Relay;

/// <summary>
/// What a relay core wants sent on: slices of the bytes that came in, in order, with bytes of its own between them. In the usual case it is one slice
/// and is sent from the receive buffer itself; otherwise it is gathered.
/// </summary>
public sealed class RelayOutput : IBufferWriter<byte>
{
    private readonly record struct Piece(int Start, int Length, bool Inserted);

    private const int InsertedLimit = 256 << 10;
    private const int KeptSize = 1 << 10;
    private const int KeptPieces = 64;
    private const int UsesBeforeShrink = 16;

    private Piece[] _pieces = new Piece[4];
    private int _count;
    private byte[] _inserted = [];
    private int _insertedLength;
    private int _smallUses;

    public bool IsEmpty => _count == 0;

    /// <summary>True when so much was inserted that the core should return and let it be sent.</summary>
    public bool IsFull => _insertedLength >= InsertedLimit;

    /// <summary>Bytes to be sent in all.</summary>
    public int Length { get; private set; }

    /// <summary>Sends <paramref name="length"/> bytes of the input from <paramref name="start"/> on.</summary>
    public void Forward(int start, int length) => Add(start, length, inserted: false);

    /// <summary>Sends a copy of <paramref name="bytes"/>.</summary>
    public void Insert(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Advance(bytes.Length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        var needed = _insertedLength + Math.Max(sizeHint, 16);
        if (needed > _inserted.Length)
            Array.Resize(ref _inserted, Math.Max(needed, Math.Max(256, _inserted.Length * 2)));
        return _inserted.AsSpan(_insertedLength);
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        GetSpan(sizeHint);
        return _inserted.AsMemory(_insertedLength);
    }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        Add(_insertedLength, count, inserted: true);
        _insertedLength += count;
    }

    /// <summary>A place among the inserted bytes to be filled in later, for a length that is not known yet.</summary>
    /// <returns>The place, for <see cref="Patch"/>.</returns>
    public int Reserve(int count)
    {
        var place = _insertedLength;
        GetSpan(count)[..count].Clear();
        Advance(count);
        return place;
    }

    /// <summary>The bytes at a place that <see cref="Reserve"/> gave.</summary>
    public Span<byte> Patch(int place, int count) => _inserted.AsSpan(place, count);

    /// <summary>The one slice of the input that is all there is to send, if it is so.</summary>
    public bool TryGetSingleSlice(out int start, out int length)
    {
        (start, length) = (_pieces[0].Start, _pieces[0].Length);
        return _count == 1 && !_pieces[0].Inserted;
    }

    /// <summary>Gathers as many bytes as fit from the position on, which moves.</summary>
    /// <returns>Bytes written; 0 at the end.</returns>
    public int Gather(ReadOnlySpan<byte> input, Span<byte> destination, ref (int Piece, int Offset) position)
    {
        var written = 0;
        while (position.Piece < _count && written < destination.Length)
        {
            var piece = _pieces[position.Piece];
            var source = (piece.Inserted ? _inserted : input).Slice(piece.Start + position.Offset, piece.Length - position.Offset);
            var count = Math.Min(source.Length, destination.Length - written);
            source[..count].CopyTo(destination[written..]);
            written += count;
            position = count == source.Length ? (position.Piece + 1, 0) : (position.Piece, position.Offset + count);
        }
        return written;
    }

    /// <summary>Forgets everything. What was inserted is cleared; large room is given up once it has not been used for a while.</summary>
    public void Clear()
    {
        _inserted.AsSpan(0, _insertedLength).Clear();
        _smallUses = _insertedLength > KeptSize || _count > KeptPieces ? 0 : _smallUses + 1;
        if (_smallUses >= UsesBeforeShrink)
        {
            _smallUses = 0;
            if (_inserted.Length > KeptSize)
                _inserted = [];
            if (_pieces.Length > KeptPieces)
                _pieces = new Piece[4];
        }
        (_count, _insertedLength, Length) = (0, 0, 0);
    }

    private void Add(int start, int length, bool inserted)
    {
        if (length == 0)
            return;
        Length += length;
        if (_count > 0)
        {
            ref var last = ref _pieces[_count - 1];
            if (last.Inserted == inserted && last.Start + last.Length == start)
            {
                last = last with { Length = last.Length + length };
                return;
            }
        }
        if (_count == _pieces.Length)
            Array.Resize(ref _pieces, _count * 2);
        _pieces[_count++] = new Piece(start, length, inserted);
    }
}
