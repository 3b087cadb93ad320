using System.Buffers.Binary;
using WireGuardian.Core.Detection;
using WireGuardian.Core.Detection.Structure;
using WireGuardian.Core.Policies;
using WireGuardian.Postgres.Framing;
using WireGuardian.Postgres.Rewriting;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Relay;

namespace WireGuardian.Postgres.Relay;

/// <summary>
/// Masks a DataRow that is larger than the buffer while it passes. Only masks that keep the length can do that (<see cref="MaskPlan.CanStream"/>), so that the
/// lengths already sent stay true. A value that is looked into goes out in windows, behind what has come of it.
/// </summary>
public sealed class StreamedRow
{
    /// <summary>The last bytes of a value come to its mask together: where a mask keeps the end, it must see it.</summary>
    private const int TailSize = 16;

    /// <summary>Kinds of windows that are kept for the next value: there are hardly more rules and structures than this.</summary>
    private const int MostWindows = 16;

    private readonly Dictionary<(string Rule, DetectionMaskKind Mask, TextStructure Structure), (DetectionRule Rule, WindowedDetection Windows)> _windows = [];
    private readonly MaskOutput _released = new();
    private WindowedDetection? _detecting;
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
        _detecting = _inValue && Plan.DetectionOf(_column) is { } detection ? WindowsOf(detection) : null;
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
        if (_detecting is null)
            output.Forward(position, count);
        else
            Detect(input.Slice(position, count), isLast: count == left, output);
        _valueOffset += count;
        if (_valueOffset == _valueLength)
        {
            _inValue = false;
            _column++;
        }
        return position + count;
    }

    private void Detect(ReadOnlySpan<byte> piece, bool isLast, RelayOutput output)
    {
        Plan.DetectionOf(_column)!.ApplyPiece(_detecting!, piece, isLast, _released);
        output.Insert(_released.Written);
        _released.Clear();
    }

    private WindowedDetection WindowsOf(ColumnDetection detection)
    {
        var key = (detection.Rule.Name, detection.Rule.Mask, detection.Structure);
        if (_windows.TryGetValue(key, out var known) && known.Rule == detection.Rule)
            return known.Windows;
        if (_windows.Count >= MostWindows)
            _windows.Clear();
        var made = detection.CreateWindows();
        _windows[key] = (detection.Rule, made);
        return made;
    }

    private static ProtocolException Malformed() => new(ProtocolFault.Server, "a DataRow does not match the RowDescription before it");
}
