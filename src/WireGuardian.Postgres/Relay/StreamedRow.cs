using System.Buffers.Binary;
using WireGuardian.Postgres.Framing;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Relay;

namespace WireGuardian.Postgres.Relay;

/// <summary>
/// Masks a DataRow that is larger than the buffer while it passes. Only masks that keep the length can do that (<see cref="MaskPlan.CanStream"/>), so that the
/// lengths already sent stay true.
/// </summary>
public sealed class StreamedRow
{
    /// <summary>The last bytes of a value come to its mask together: where a mask keeps the end, it must see it.</summary>
    private const int TailSize = 16;

    private long _remaining;
    private int _column;
    private int _valueLength;
    private int _valueOffset;
    private bool _inValue;

    /// <summary>The plan of the row under way, or of the last one.</summary>
    public MaskPlan Plan { get; private set; } = MaskPlan.None;

    /// <summary>True while a row is under way.</summary>
    public bool IsActive => _remaining > 0;

    /// <summary>Begins with the row at <paramref name="start"/>, of which at least the header and the column count have come.</summary>
    /// <returns>Where the columns begin.</returns>
    public int Begin(ReadOnlySpan<byte> input, int start, int length, MaskPlan plan, RelayOutput output)
    {
        const int headerSize = MessageHeader.Size + sizeof(short);
        if (BinaryPrimitives.ReadInt16BigEndian(input[(start + MessageHeader.Size)..]) != plan.ColumnCount)
            throw Malformed();
        (Plan, _remaining, _column, _inValue) = (plan, length - headerSize, 0, false);
        output.Forward(start, headerSize);
        return start + headerSize;
    }

    /// <summary>Goes on at <paramref name="position"/>.</summary>
    /// <returns>Where it stopped: the row is over, or more bytes are needed.</returns>
    public int Continue(Span<byte> input, int position, RelayOutput output)
    {
        while (_remaining > 0)
        {
            var next = _inValue ? TakeValue(input, position, output) : TakeLength(input, position, output);
            if (next == position)
                break;
            _remaining -= next - position;
            position = next;
        }
        if (_remaining == 0 && (_inValue || _column != Plan.ColumnCount))
            throw Malformed();
        return position;
    }

    private int TakeLength(Span<byte> input, int position, RelayOutput output)
    {
        if (input.Length - position < sizeof(int))
            return position;
        if (_column == Plan.ColumnCount || _remaining < sizeof(int))
            throw Malformed();
        _valueLength = BinaryPrimitives.ReadInt32BigEndian(input[position..]);
        _valueOffset = 0;
        if (_valueLength > _remaining - sizeof(int))
            throw Malformed();
        _inValue = _valueLength > 0;
        if (!_inValue)
            _column++;
        else if (Plan[_column] is not null)
            Plan.Count(_column);
        output.Forward(position, sizeof(int));
        return position + sizeof(int);
    }

    private int TakeValue(Span<byte> input, int position, RelayOutput output)
    {
        var left = _valueLength - _valueOffset;
        var count = Math.Min(left, input.Length - position);
        if (Plan[_column] is { } mask)
        {
            if (count < left)
                count = Math.Min(count, left - TailSize);
            if (count <= 0)
                return position;
            mask.ApplyChunk(input.Slice(position, count), _valueOffset, _valueLength);
        }
        output.Forward(position, count);
        _valueOffset += count;
        if (_valueOffset == _valueLength)
        {
            _inValue = false;
            _column++;
        }
        return position + count;
    }

    private static ProtocolException Malformed() => new(ProtocolFault.Server, "a DataRow does not match the RowDescription before it");
}
