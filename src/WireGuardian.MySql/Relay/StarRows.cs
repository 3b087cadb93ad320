using System.Buffers.Binary;
using WireGuardian.Core.Masking;
using WireGuardian.MySql.Packets;

namespace WireGuardian.MySql.Relay;

/// <summary>
/// Masks runs of text rows of which every masked value becomes stars, the usual case: no row has to be put together anew, so a run is one pass over its bytes.
/// </summary>
internal static class StarRows
{
    /// <summary>Masks the row at <paramref name="start"/> and those that follow it whole.</summary>
    /// <returns>The first byte after the rows that were masked.</returns>
    /// <inheritdoc cref="RowMasker.MaskRun"/>
    public static int Mask(Span<byte> input, int start, ref PacketHeader header, MaskPlan plan)
    {
        var stars = plan.Stars;
        var counts = plan.Counts[..stars.Length];
        var at = start;
        while (true)
        {
            var end = at + header.TotalLength;
            MaskRow(input[..end], at + PacketHeader.Size, stars, counts);
            at = end;
            if (!TryGetNext(input, at, out var next))
                return at;
            header = next;
        }
    }

    private static void MaskRow(Span<byte> row, int position, ReadOnlySpan<bool> stars, Span<int> counts)
    {
        for (var column = 0; column < stars.Length; column++)
        {
            var size = 0;
            // Most lengths are one byte.
            if ((uint)position < (uint)row.Length && row[position] < LengthEncodedInteger.Null)
                size = row[position++];
            else if (!TryReadLength(row, ref position, out size))
                continue;
            if (size > row.Length - position)
                throw RowMasker.Malformed();
            if (stars[column])
            {
                counts[column]++;
                TextRedaction.Redact(row.Slice(position, size));
            }
            position += size;
        }
    }

    /// <summary>False for NULL, which has no bytes.</summary>
    private static bool TryReadLength(ReadOnlySpan<byte> row, ref int position, out int size)
    {
        size = 0;
        if (position < row.Length && row[position] == LengthEncodedInteger.Null)
        {
            position++;
            return false;
        }
        size = RowMasker.ReadLength(row, ref position);
        return true;
    }

    /// <summary>As <see cref="RowMasker.TryGetRow"/>, of which the header is read at once.</summary>
    private static bool TryGetNext(ReadOnlySpan<byte> input, int at, out PacketHeader header)
    {
        header = default;
        if (input.Length - at <= PacketHeader.Size)
            return false;
        var bytes = BinaryPrimitives.ReadUInt32LittleEndian(input[at..]);
        header = new((int)(bytes & PacketHeader.LargestPayload), (byte)(bytes >> 24));
        return header is { Length: > 0, IsContinued: false } && header.TotalLength <= input.Length - at && input[at + PacketHeader.Size] < PacketMarkers.Eof;
    }
}
