using WireGuardian.MySql.Framing;
using WireGuardian.MySql.Packets;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Relay;

namespace WireGuardian.MySql.Relay;

/// <summary>
/// Masks the values of one row that stands whole in the buffer. While lengths stay, the row is edited where it is; from the first value of another length on,
/// a new row is put together of slices and stand-ins.
/// </summary>
public sealed class RowMasker
{
    private readonly MaskOutput _standIn = new();

    private int _forwardFrom;
    private int _header;
    private int _newLength;

    /// <summary>Masks the row at <paramref name="start"/>.</summary>
    /// <param name="input">The received bytes.</param>
    /// <param name="start">First byte of the packet.</param>
    /// <param name="header">The packet's header.</param>
    /// <param name="plan">A mask per column.</param>
    /// <param name="output">Takes the row.</param>
    public void Mask(Span<byte> input, int start, PacketHeader header, MaskPlan plan, RelayOutput output)
    {
        var end = start + header.TotalLength;
        (_forwardFrom, _header, _newLength) = (start, -1, header.Length);
        if (plan.IsBinary)
            MaskBinary(input, start, end, plan, output);
        else
            MaskText(input, start, end, plan, output);
        output.Forward(_forwardFrom, end - _forwardFrom);
        if (_header < 0)
            return;
        if (_newLength >= PacketHeader.LargestPayload)
            throw new ProtocolException(ProtocolFault.Server, "a row whose masks change its length does not fit one packet any more");
        new PacketHeader(_newLength, header.Sequence).Write(output.Patch(_header, PacketHeader.Size));
    }

    private void MaskText(Span<byte> input, int start, int end, MaskPlan plan, RelayOutput output)
    {
        var position = start + PacketHeader.Size;
        for (var column = 0; column <= plan.LastMasked; column++)
        {
            if (position < end && input[position] == LengthEncodedInteger.Null)
            {
                position++;
                continue;
            }
            var at = position;
            var size = ReadLength(input[..end], ref position);
            if (plan[column] is { } mask)
            {
                plan.Count(column);
                var result = mask.Apply(input.Slice(position, size), _standIn);
                if (result == MaskResult.Null)
                    Replace(input, start, at, position + size, [LengthEncodedInteger.Null], output);
                else if (result == MaskResult.Replaced)
                    ReplaceByStandIn(input, start, at, position + size, output);
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
            if (plan[column] is { } mask)
            {
                plan.Count(column);
                var result = mask.Apply(input.Slice(position, size), _standIn);
                if (result == MaskResult.Null)
                {
                    BinaryValues.SetNull(bitmap, column);
                    Replace(input, start, at, position + size, [], output);
                }
                else if (result == MaskResult.Replaced)
                {
                    ReplaceByStandIn(input, start, at, position + size, output);
                }
            }
            position += size;
        }
    }

    private static int ReadLength(ReadOnlySpan<byte> input, ref int position)
    {
        if (!LengthEncodedInteger.TryRead(input[position..], out var length, out var size) || length > (ulong)(input.Length - position - size))
            throw Malformed();
        position += size;
        return (int)length;
    }

    private void ReplaceByStandIn(Span<byte> input, int start, int from, int to, RelayOutput output)
    {
        Span<byte> length = stackalloc byte[LengthEncodedInteger.LargestSize];
        var size = LengthEncodedInteger.Write(length, (ulong)_standIn.Length);
        Replace(input, start, from, to, length[..size], output);
        output.Insert(_standIn.Written);
        _newLength += _standIn.Length;
        _standIn.Clear();
    }

    /// <summary>Sends what stands before <paramref name="from"/>, and <paramref name="bytes"/> in place of what stands up to <paramref name="to"/>.</summary>
    private void Replace(Span<byte> input, int start, int from, int to, ReadOnlySpan<byte> bytes, RelayOutput output)
    {
        if (_header < 0)
        {
            _header = output.Reserve(PacketHeader.Size);
            _forwardFrom = start + PacketHeader.Size;
        }
        output.Forward(_forwardFrom, from - _forwardFrom);
        output.Insert(bytes);
        _newLength += bytes.Length - (to - from);
        _forwardFrom = to;
    }

    private static ProtocolException Malformed() => new(ProtocolFault.Server, "a row does not match the column definitions before it");
}
