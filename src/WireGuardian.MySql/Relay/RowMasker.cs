using WireGuardian.Core.Detection;
using WireGuardian.MySql.Framing;
using WireGuardian.MySql.Packets;
using WireGuardian.MySql.Rewriting;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Relay;

namespace WireGuardian.MySql.Relay;

/// <summary>
/// Masks the values of rows that stand whole in the buffer, as many as come one after another. While lengths stay, rows are edited where they are and go out as
/// one slice; from the first value of another length on, a row is put together anew of slices and stand-ins.
/// </summary>
public sealed class RowMasker
{
    private readonly MaskOutput _standIn = new();

    private int _forwardFrom;
    private int _header;
    private int _newLength;

    /// <summary>Masks the row at <paramref name="start"/> and those that follow it.</summary>
    /// <param name="input">The received bytes.</param>
    /// <param name="start">First byte of the packet of a row that stands whole in them.</param>
    /// <param name="header">That packet's header; then the header of the last packet that was masked.</param>
    /// <param name="plan">A mask per column.</param>
    /// <param name="output">Takes the rows.</param>
    /// <returns>The first byte after the rows that were masked.</returns>
    public int MaskRun(Span<byte> input, int start, ref PacketHeader header, MaskPlan plan, RelayOutput output)
    {
        var at = start;
        if (plan.LeavesOnlyStars)
        {
            at = StarRows.Mask(input, start, ref header, plan);
            output.Forward(start, at - start);
            return at;
        }
        _forwardFrom = start;
        while (true)
        {
            Mask(input, at, header, plan, output);
            at += header.TotalLength;
            if (output.IsFull || !TryGetRow(input[at..], out var next))
                break;
            header = next;
        }
        output.Forward(_forwardFrom, at - _forwardFrom);
        return at;
    }

    /// <summary>Behind a row, what begins with FF is an error, and what begins with FE the end or a row of many packets: left to whoever reads single ones.</summary>
    internal static bool TryGetRow(ReadOnlySpan<byte> input, out PacketHeader header) =>
        PacketHeader.TryRead(input, out header) && header is { Length: > 0, IsContinued: false } && header.TotalLength <= input.Length
        && input[PacketHeader.Size] < PacketMarkers.Eof;

    private void Mask(Span<byte> input, int start, PacketHeader header, MaskPlan plan, RelayOutput output)
    {
        var end = start + header.TotalLength;
        (_header, _newLength) = (-1, header.Length);
        if (plan.IsBinary)
            MaskBinary(input, start, end, plan, output);
        else
            MaskText(input, start, end, plan, output);
        if (_header < 0)
            return;
        if (_newLength >= PacketHeader.LargestPayload)
            throw new ProtocolException(ProtocolFault.Server, "a row whose masks change its length does not fit one packet any more");
        new PacketHeader(_newLength, header.Sequence).Write(output.Patch(_header, PacketHeader.Size));
    }

    private void MaskText(Span<byte> input, int start, int end, MaskPlan plan, RelayOutput output)
    {
        var row = input[..end];
        var position = start + PacketHeader.Size;
        var masks = plan.ToLastMasked;
        for (var column = 0; column < masks.Length; column++)
        {
            var at = position;
            int size;
            // Most lengths are one byte.
            if (position < row.Length && row[position] <= LengthEncodedInteger.Null)
            {
                size = row[position++];
                if (size == LengthEncodedInteger.Null)
                    continue;
                if (size > row.Length - position)
                    throw Malformed();
            }
            else
            {
                size = ReadLength(row, ref position);
            }
            if ((masks[column] ?? Detect(plan, column, row.Slice(position, size))) is { } mask)
            {
                plan.Count(column);
                var result = mask.Apply(row.Slice(position, size), _standIn);
                if (masks[column] is not null && plan.DetectionOf(column) is { } detection)
                    result = DetectIn(detection, row.Slice(position, size), result);
                if (result == MaskResult.Null)
                    Replace(start, at, position + size, [LengthEncodedInteger.Null], output);
                else if (result == MaskResult.Replaced)
                    ReplaceByStandIn(start, at, position + size, output);
            }
            position += size;
        }
    }

    private void MaskBinary(Span<byte> input, int start, int end, MaskPlan plan, RelayOutput output)
    {
        // A zero byte, the bitmap of NULLs, the values.
        var bitmapAt = start + PacketHeader.Size + 1;
        var position = bitmapAt + BinaryValues.BitmapSize(plan.ColumnCount);
        if (position > end)
            throw Malformed();
        var bitmap = input[bitmapAt..position];
        for (var column = 0; column <= plan.LastMasked; column++)
        {
            if (BinaryValues.IsNull(bitmap, column))
                continue;
            var at = position;
            var size = plan.FixedSize(column);
            if (size == 0)
                size = ReadLength(input[..end], ref position);
            else if (size > end - position)
                throw Malformed();
            if ((plan[column] ?? Detect(plan, column, input.Slice(position, size))) is { } mask)
            {
                plan.Count(column);
                var result = mask.Apply(input.Slice(position, size), _standIn);
                if (plan[column] is not null && plan.DetectionOf(column) is { } detection)
                    result = DetectIn(detection, input.Slice(position, size), result);
                if (result == MaskResult.Null)
                {
                    BinaryValues.SetNull(bitmap, column);
                    Replace(start, at, position + size, [], output);
                }
                else if (result == MaskResult.Replaced)
                {
                    ReplaceByStandIn(start, at, position + size, output);
                }
            }
            position += size;
        }
    }

    /// <summary>Looks into what a mask has left of a value.</summary>
    private MaskResult DetectIn(ColumnDetection detection, Span<byte> value, MaskResult result)
    {
        if (result == MaskResult.Null || detection.Apply(result == MaskResult.InPlace ? value : _standIn.Written) != DetectionOutcome.MaskWhole)
            return result;
        _standIn.Clear();
        return detection.Whole.Apply(value, _standIn);
    }

    /// <summary>Looks into a value.</summary>
    /// <returns>What masks it as a whole; null where it goes out as it now is.</returns>
    private static ColumnMask? Detect(MaskPlan plan, int column, Span<byte> value)
    {
        if (plan.DetectionOf(column) is not { } detection)
            return null;
        switch (detection.Apply(value))
        {
            case DetectionOutcome.MaskWhole:
                return detection.Whole;
            case DetectionOutcome.SpansMasked:
                plan.Count(column);
                break;
        }
        return null;
    }

    internal static int ReadLength(ReadOnlySpan<byte> input, ref int position)
    {
        if (!LengthEncodedInteger.TryRead(input[position..], out var length, out var size) || length > (ulong)(input.Length - position - size))
            throw Malformed();
        position += size;
        return (int)length;
    }

    private void ReplaceByStandIn(int start, int from, int to, RelayOutput output)
    {
        Span<byte> length = stackalloc byte[LengthEncodedInteger.LargestSize];
        var size = LengthEncodedInteger.Write(length, (ulong)_standIn.Length);
        Replace(start, from, to, length[..size], output);
        output.Insert(_standIn.Written);
        _newLength += _standIn.Length;
        _standIn.Clear();
    }

    /// <summary>Sends what stands before <paramref name="from"/>, and <paramref name="bytes"/> in place of what stands up to <paramref name="to"/>.</summary>
    private void Replace(int start, int from, int to, ReadOnlySpan<byte> bytes, RelayOutput output)
    {
        if (_header < 0)
        {
            output.Forward(_forwardFrom, start - _forwardFrom);
            _header = output.Reserve(PacketHeader.Size);
            _forwardFrom = start + PacketHeader.Size;
        }
        output.Forward(_forwardFrom, from - _forwardFrom);
        output.Insert(bytes);
        _newLength += bytes.Length - (to - from);
        _forwardFrom = to;
    }

    internal static ProtocolException Malformed() => new(ProtocolFault.Server, "a row does not match the column definitions before it");
}
