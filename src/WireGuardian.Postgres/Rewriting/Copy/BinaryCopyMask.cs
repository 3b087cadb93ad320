using System.Buffers.Binary;
using WireGuardian.Postgres.Relay;

namespace WireGuardian.Postgres.Rewriting.Copy;

/// <summary>COPY's binary format (the manual, COPY, "Binary Format"): a header, rows of values behind their lengths, a trailer.</summary>
internal sealed class BinaryCopyMask(MaskPlan plan, int limit) : ICopyMask
{
    private const int HeaderSize = 19;
    private const int HasOids = 1 << 16;

    /// <summary>Flags from here on change how the data read.</summary>
    private const int CriticalFlags = 16;

    private readonly byte[] _word = new byte[HeaderSize];
    private readonly HeldValue _held = new(limit);
    private readonly MaskOutput _standIn = new();
    private Part _part = Part.Header;
    private int _wordLength;
    private long _remaining;
    private int _length;
    private bool _hasOids;
    private int _column;

    private enum Part
    {
        Header,
        Extension,
        ColumnCount,
        Length,
        Value,
        End,
    }

    /// <inheritdoc/>
    public bool IsAtRowEnd => _part is Part.End or Part.ColumnCount && _wordLength == 0;

    private static ReadOnlySpan<byte> Signature => [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', (byte)'\n', 0xFF, (byte)'\r', (byte)'\n', 0];

    private ValueMask? CurrentMask => _column >= 0 ? plan[_column] : null;

    /// <inheritdoc/>
    public void Mask(Span<byte> input, int start, int end, CopyEdits edits)
    {
        for (var at = start; at < end;)
        {
            switch (_part)
            {
                case Part.Header:
                    if (TryTakeWord(HeaderSize, input[..end], ref at))
                        TakeHeader();
                    break;
                case Part.Extension:
                    if (Skip(end, ref at))
                        _part = Part.ColumnCount;
                    break;
                case Part.ColumnCount:
                    if (TryTakeWord(sizeof(short), input[..end], ref at))
                        TakeColumnCount();
                    break;
                case Part.Length:
                    TakeLength(input, end, ref at, edits);
                    break;
                case Part.Value:
                    TakeValue(input, end, ref at, edits);
                    break;
                default:
                    throw HeldValue.Malformed();
            }
        }
    }

    private bool TryTakeWord(int size, ReadOnlySpan<byte> input, ref int at)
    {
        var count = Math.Min(size - _wordLength, input.Length - at);
        input.Slice(at, count).CopyTo(_word.AsSpan(_wordLength));
        at += count;
        _wordLength += count;
        if (_wordLength < size)
            return false;
        _wordLength = 0;
        return true;
    }

    /// <summary>Passes over what goes out as it is. False when more of it has to come.</summary>
    private bool Skip(int end, ref int at)
    {
        var count = (int)Math.Min(_remaining, end - at);
        at += count;
        _remaining -= count;
        return _remaining == 0;
    }

    private void TakeHeader()
    {
        var flags = BinaryPrimitives.ReadInt32BigEndian(_word.AsSpan(Signature.Length));
        _remaining = BinaryPrimitives.ReadInt32BigEndian(_word.AsSpan(Signature.Length + sizeof(int)));
        if (!_word.AsSpan().StartsWith(Signature) || (flags >> CriticalFlags) is not (0 or HasOids >> CriticalFlags) || _remaining < 0)
            throw HeldValue.Malformed();
        _hasOids = (flags & HasOids) != 0;
        _part = _remaining > 0 ? Part.Extension : Part.ColumnCount;
    }

    private void TakeColumnCount()
    {
        var count = BinaryPrimitives.ReadInt16BigEndian(_word);
        if (count >= 0 && count != plan.ColumnCount)
            throw HeldValue.Malformed();
        if (count < -1)
            throw HeldValue.Malformed();
        _column = _hasOids ? -1 : 0;
        _part = count < 0 ? Part.End : Part.Length;
    }

    private void TakeLength(Span<byte> input, int end, ref int at, CopyEdits edits)
    {
        var start = at;
        var mask = CurrentMask;
        var begun = _wordLength > 0;
        if (!TryTakeWord(sizeof(int), input[..end], ref at))
        {
            if (mask is not null)
                edits.Replace(start, at, []);
            return;
        }
        _length = BinaryPrimitives.ReadInt32BigEndian(_word);
        if (_length < -1)
            throw HeldValue.Malformed();
        _remaining = Math.Max(_length, 0);
        _part = Part.Value;
        if (mask is null || _length < 0)
        {
            if (mask is not null && begun)
                edits.Replace(start, at, _word.AsSpan(0, sizeof(int)));
            if (_remaining == 0)
                EndValue();
            return;
        }
        plan.Count(_column);
        if (end - at >= _length)
        {
            MaskWhole(mask, input, begun ? at - start : sizeof(int), ref at, begun, edits);
            return;
        }
        if (_length > limit && !mask.CanStream)
            throw HeldValue.TooLong(limit);
        if (_length > limit && begun)
            edits.Replace(start, at, _word.AsSpan(0, sizeof(int)));
        else if (_length <= limit)
            edits.Replace(start, at, []);
    }

    /// <summary>The value is there in whole, behind the <paramref name="wordInInput"/> last bytes of its length.</summary>
    private void MaskWhole(ValueMask mask, Span<byte> input, int wordInInput, ref int at, bool begun, CopyEdits edits)
    {
        var start = at;
        at += _length;
        var result = mask.Apply(input[start..at], _standIn);
        if (result != MaskResult.InPlace)
        {
            edits.Replace(start - wordInInput, start, Word(result == MaskResult.Null ? -1 : _standIn.Length));
            edits.Replace(start, at, result == MaskResult.Null ? [] : _standIn.Written);
            _standIn.Clear();
        }
        else if (begun)
        {
            edits.Replace(start - wordInInput, start, _word.AsSpan(0, sizeof(int)));
        }
        EndValue();
    }

    private void TakeValue(Span<byte> input, int end, ref int at, CopyEdits edits)
    {
        var start = at;
        var offset = _length - _remaining;
        var isOver = Skip(end, ref at);
        if (CurrentMask is { } mask)
        {
            if (_length > limit)
                mask.ApplyChunk(input[start..at], offset, _length);
            else
                Hold(mask, input, start, at, isOver, edits);
        }
        if (isOver)
            EndValue();
    }

    private void Hold(ValueMask mask, Span<byte> input, int start, int end, bool isOver, CopyEdits edits)
    {
        _held.Add(input[start..end]);
        edits.Replace(start, end, []);
        if (!isOver)
            return;
        var result = mask.Apply(_held.Bytes, _standIn);
        var standIn = result == MaskResult.InPlace ? _held.Bytes : _standIn.Written;
        edits.Replace(end, end, Word(result == MaskResult.Null ? -1 : standIn.Length));
        edits.Replace(end, end, result == MaskResult.Null ? [] : standIn);
        _standIn.Clear();
        _held.Clear();
    }

    private void EndValue()
    {
        _column++;
        _part = _column < plan.ColumnCount ? Part.Length : Part.ColumnCount;
    }

    private ReadOnlySpan<byte> Word(int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(_word, length);
        return _word.AsSpan(0, sizeof(int));
    }
}
