using System.Buffers.Binary;
using WireGuardian.Core.Detection;
using WireGuardian.Core.Masking;
using WireGuardian.Postgres.Framing;
using WireGuardian.Postgres.Rewriting;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Relay;

namespace WireGuardian.Postgres.Relay;

/// <summary>
/// Masks the values of DataRows that stand whole in the buffer, as many as come one after another. While lengths stay, rows are edited where they are and go out as
/// one slice; from the first value of another length on, a row is put together anew of slices and stand-ins.
/// </summary>
public sealed class RowMasker
{
    private const int RowHeaderSize = MessageHeader.Size + sizeof(short);

    private readonly MaskOutput _standIn = new();

    /// <summary>Masks the DataRow at <paramref name="start"/> and those that follow it.</summary>
    /// <param name="input">The received bytes.</param>
    /// <param name="start">First byte of a DataRow that stands whole in them.</param>
    /// <param name="plan">A mask per column.</param>
    /// <param name="output">Takes the rows.</param>
    /// <returns>The first byte after the rows that were masked.</returns>
    public int MaskRun(Span<byte> input, int start, MaskPlan plan, RelayOutput output)
    {
        var at = start;
        var forwardFrom = start;
        while (TryGetRow(input[at..], out var length) && !output.IsFull)
        {
            Mask(input, at, length, plan, output, ref forwardFrom);
            at += length;
        }
        output.Forward(forwardFrom, at - forwardFrom);
        return at;
    }

    private static bool TryGetRow(ReadOnlySpan<byte> input, out int length)
    {
        length = 0;
        if (input.Length < RowHeaderSize || input[0] != BackendMessageType.DataRow)
            return false;
        var stated = BinaryPrimitives.ReadInt32BigEndian(input[1..]);
        length = stated + 1;
        // A length that cannot be is left to whoever reads single messages.
        return stated >= RowHeaderSize - 1 && stated < input.Length;
    }

    /// <param name="input">The received bytes.</param>
    /// <param name="start">First byte of the message.</param>
    /// <param name="length">Bytes of the message, header included.</param>
    /// <param name="plan">A mask per column.</param>
    /// <param name="output">Takes what stands before a value of another length.</param>
    /// <param name="forwardFrom">Where the bytes begin that are not in the output yet.</param>
    private void Mask(Span<byte> input, int start, int length, MaskPlan plan, RelayOutput output, ref int forwardFrom)
    {
        var row = input.Slice(start, length);
        if (BinaryPrimitives.ReadInt16BigEndian(row[MessageHeader.Size..]) != plan.ColumnCount)
            throw Malformed();
        var masks = plan.Masks;
        var position = RowHeaderSize;
        var header = -1;
        var newLength = length - 1;
        for (var column = 0; column < masks.Length; column++)
        {
            if (row.Length - position < sizeof(int))
                throw Malformed();
            var size = BinaryPrimitives.ReadInt32BigEndian(row[position..]);
            position += sizeof(int);
            if (size < 0)
                continue;
            if (size > row.Length - position)
                throw Malformed();
            if ((masks[column] ?? Detect(plan, column, row.Slice(position, size))) is { } mask)
            {
                plan.Count(column);
                if (mask.IsStars)
                {
                    TextRedaction.Redact(row.Slice(position, size));
                    position += size;
                    continue;
                }
                var result = mask.Apply(row.Slice(position, size), _standIn);
                if (masks[column] is not null && plan.DetectionOf(column) is { } detection)
                    result = DetectIn(detection, row.Slice(position, size), result);
                if (result != MaskResult.InPlace)
                {
                    if (header < 0)
                    {
                        output.Forward(forwardFrom, start - forwardFrom);
                        header = output.Reserve(RowHeaderSize);
                        row[..RowHeaderSize].CopyTo(output.Patch(header, RowHeaderSize));
                        forwardFrom = start + RowHeaderSize;
                    }
                    output.Forward(forwardFrom, start + position - sizeof(int) - forwardFrom);
                    var written = result == MaskResult.Null ? -1 : _standIn.Length;
                    BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(sizeof(int)), written);
                    output.Advance(sizeof(int));
                    if (written > 0)
                        output.Insert(_standIn.Written);
                    newLength += Math.Max(written, 0) - size;
                    forwardFrom = start + position + size;
                    _standIn.Clear();
                }
            }
            position += size;
        }
        if (header >= 0)
            BinaryPrimitives.WriteInt32BigEndian(output.Patch(header + 1, sizeof(int)), newLength);
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
    private static ValueMask? Detect(MaskPlan plan, int column, Span<byte> value)
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

    private static ProtocolException Malformed() => new(ProtocolFault.Server, "a DataRow does not match the RowDescription before it");
}
