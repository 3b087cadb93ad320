using WireGuardian.Core.Masking;
using WireGuardian.MySql.Framing;
using WireGuardian.MySql.Packets;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Relay;

namespace WireGuardian.MySql.Relay;

/// <summary>
/// Masks a row that is larger than the buffer while it passes, over all of its packets. Only masks that keep the length can do that
/// (<see cref="MaskPlan.CanStream"/>), so that the lengths already sent stay true. A value that is looked into goes out in windows, behind what has come of it.
/// </summary>
public sealed class StreamedRow
{
    private enum Place
    {
        Marker,
        Bitmap,
        Length,
        Value,
        End,
    }

    private readonly StreamedDetection _detecting = new();
    private readonly byte[] _length = new byte[LengthEncodedInteger.LargestSize];
    private byte[] _bitmap = [];
    private int _collected;
    private int _remaining;
    private bool _continued;
    private Place _place;
    private int _column;
    private ulong _valueLength;
    private ulong _valueOffset;

    /// <summary>The plan of the row under way, or of the last one.</summary>
    public MaskPlan Plan { get; private set; } = MaskPlan.None;

    /// <summary>True while a row is under way.</summary>
    public bool IsActive { get; private set; }

    /// <summary>Begins with the row whose first packet's header stands at <paramref name="start"/>.</summary>
    /// <returns>Where its payload begins.</returns>
    public int Begin(int start, PacketHeader header, MaskPlan plan, RelayOutput output)
    {
        (Plan, IsActive, _column, _collected) = (plan, true, 0, 0);
        (_remaining, _continued) = (header.Length, header.IsContinued);
        _place = plan.IsBinary ? Place.Marker : Place.Length;
        if (plan.IsBinary)
            _bitmap = new byte[BinaryValues.BitmapSize(plan.ColumnCount)];
        output.Forward(start, PacketHeader.Size);
        return start + PacketHeader.Size;
    }

    /// <summary>Goes on at <paramref name="position"/>.</summary>
    /// <returns>Where it stopped: the row is over, or more bytes are needed.</returns>
    public int Continue(Span<byte> input, int position, RelayOutput output)
    {
        while (IsActive)
        {
            if (_remaining == 0)
            {
                if (!_continued)
                {
                    if (_place != Place.End)
                        throw Malformed();
                    IsActive = false;
                    break;
                }
                if (!PacketHeader.TryRead(input[position..], out var header))
                    break;
                (_remaining, _continued) = (header.Length, header.IsContinued);
                if (_detecting.IsActive)
                    _detecting.AddHeader(input.Slice(position, PacketHeader.Size), output);
                else
                    output.Forward(position, PacketHeader.Size);
                position += PacketHeader.Size;
                continue;
            }
            var available = input.Slice(position, Math.Min(_remaining, input.Length - position));
            var taken = available.IsEmpty ? 0 : _detecting.IsActive ? Detect(available, output) : Take(available, position, output);
            if (taken == 0)
                break;
            position += taken;
            _remaining -= taken;
        }
        return position;
    }

    private int Take(Span<byte> available, int position, RelayOutput output)
    {
        var taken = Take(available);
        output.Forward(position, taken);
        return taken;
    }

    private int Take(Span<byte> available)
    {
        switch (_place)
        {
            case Place.Marker:
                _place = Place.Bitmap;
                return 1;
            case Place.Bitmap:
                return TakeBitmap(available);
            case Place.Length:
                return TakeLength(available);
            case Place.Value:
                return TakeValue(available);
            default:
                return available.Length;
        }
    }

    /// <summary>The next bytes of a value that is looked into.</summary>
    private int Detect(Span<byte> available, RelayOutput output)
    {
        var left = _valueLength - _valueOffset;
        var count = Mask(available, left);
        if (count <= 0)
            return 0;
        _detecting.Add(available[..count], isLast: (ulong)count == left, output);
        _valueOffset += (ulong)count;
        if (_valueOffset == _valueLength)
            NextColumn(_column + 1);
        return count;
    }

    private int TakeBitmap(Span<byte> available)
    {
        var count = Math.Min(available.Length, _bitmap.Length - _collected);
        available[..count].CopyTo(_bitmap.AsSpan(_collected));
        _collected += count;
        if (_collected == _bitmap.Length)
            NextColumn(0);
        return count;
    }

    private int TakeLength(Span<byte> available)
    {
        if (_collected == 0 && available[0] == LengthEncodedInteger.Null && !Plan.IsBinary)
        {
            NextColumn(_column + 1);
            return 1;
        }
        _length[_collected++] = available[0];
        var size = LengthEncodedInteger.SizeFrom(_length[0]);
        if (size == 0)
            throw Malformed();
        if (_collected == size)
        {
            LengthEncodedInteger.TryRead(_length, out var length, out _);
            BeginValue(length);
        }
        return 1;
    }

    private int TakeValue(Span<byte> available)
    {
        var left = _valueLength - _valueOffset;
        var count = Mask(available, left);
        if (count <= 0)
            return 0;
        _valueOffset += (ulong)count;
        if (_valueOffset == _valueLength)
            NextColumn(_column + 1);
        return count;
    }

    /// <summary>Masks what has come of a value, where it has a mask.</summary>
    /// <returns>Bytes of it that go on; 0 where more of them are needed.</returns>
    private int Mask(Span<byte> available, ulong left)
    {
        var count = (int)Math.Min(left, (ulong)available.Length);
        if (Plan[_column] is not { } mask)
            return count;
        // Where a mask keeps the end, it must see it in one piece, unless a packet ends in the middle of it.
        if ((ulong)count < left && available.Length < _remaining && left - (ulong)count < TextRedaction.LongestTail)
            count = (int)Math.Min((long)count, (long)left - TextRedaction.LongestTail);
        if (count > 0)
            mask.ApplyChunk(available[..count], (long)_valueOffset, (long)_valueLength);
        return count;
    }

    private void BeginValue(ulong length)
    {
        if (length > long.MaxValue)
            throw Malformed();
        (_place, _valueLength, _valueOffset) = (Place.Value, length, 0);
        if (Plan[_column] is not null)
            Plan.Count(_column);
        if (length == 0)
            NextColumn(_column + 1);
        else if (Plan.DetectionOf(_column) is { } detection)
            _detecting.Begin(detection);
    }

    private void NextColumn(int column)
    {
        if (Plan.IsBinary)
        {
            while (column < Plan.ColumnCount && BinaryValues.IsNull(_bitmap, column))
                column++;
        }
        (_column, _collected) = (column, 0);
        if (column > Plan.LastMasked)
            _place = Place.End;
        else if (Plan.FixedSize(column) is > 0 and var size)
            BeginValue((ulong)size);
        else
            _place = Place.Length;
    }

    private static ProtocolException Malformed() => new(ProtocolFault.Server, "a row does not match the column definitions before it");
}
