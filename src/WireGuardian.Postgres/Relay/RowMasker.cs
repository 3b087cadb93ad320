using System.Buffers.Binary;
using WireGuardian.Postgres.Framing;
using WireGuardian.Postgres.Rewriting;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Relay;

namespace WireGuardian.Postgres.Relay;

/// <summary>
/// Masks the values of one DataRow that stands whole in the buffer. While lengths stay, the row is edited where it is; from the first value of another length on,
/// a new row is put together of slices and stand-ins.
/// </summary>
public sealed class RowMasker
{
    private const int RowHeaderSize = MessageHeader.Size + sizeof(short);

    private readonly MaskOutput _standIn = new();

    /// <summary>Masks the DataRow at <paramref name="start"/>.</summary>
    /// <param name="input">The received bytes.</param>
    /// <param name="start">First byte of the message.</param>
    /// <param name="length">Bytes of the message, header included.</param>
    /// <param name="plan">A mask per column.</param>
    /// <param name="output">Takes the row.</param>
    public void Mask(Span<byte> input, int start, int length, MaskPlan plan, RelayOutput output)
    {
        var end = start + length;
        var columns = BinaryPrimitives.ReadInt16BigEndian(input[(start + MessageHeader.Size)..]);
        if (columns != plan.ColumnCount)
            throw Malformed();
        var position = start + RowHeaderSize;
        var forwardFrom = start;
        var header = -1;
        var newLength = length - 1;
        for (var column = 0; column <= plan.LastMasked; column++)
        {
            if (end - position < sizeof(int))
                throw Malformed();
            var size = BinaryPrimitives.ReadInt32BigEndian(input[position..]);
            position += sizeof(int);
            if (size < 0)
                continue;
            if (size > end - position)
                throw Malformed();
            if (plan[column] is { } mask)
            {
                plan.Count(column);
                var result = mask.Apply(input.Slice(position, size), _standIn);
                if (result != MaskResult.InPlace)
                {
                    if (header < 0)
                    {
                        header = output.Reserve(RowHeaderSize);
                        input.Slice(start, RowHeaderSize).CopyTo(output.Patch(header, RowHeaderSize));
                        forwardFrom += RowHeaderSize;
                    }
                    output.Forward(forwardFrom, position - sizeof(int) - forwardFrom);
                    var written = result == MaskResult.Null ? -1 : _standIn.Length;
                    BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(sizeof(int)), written);
                    output.Advance(sizeof(int));
                    if (written > 0)
                        output.Insert(_standIn.Written);
                    newLength += Math.Max(written, 0) - size;
                    forwardFrom = position + size;
                    _standIn.Clear();
                }
            }
            position += size;
        }
        output.Forward(forwardFrom, end - forwardFrom);
        if (header >= 0)
            BinaryPrimitives.WriteInt32BigEndian(output.Patch(header + 1, sizeof(int)), newLength);
    }

    private static ProtocolException Malformed() => new(ProtocolFault.Server, "a DataRow does not match the RowDescription before it");
}
