using WireGuardian.MySql.Packets;

namespace WireGuardian.MySql.Relay;

/// <summary>Where the statement stands in a COM_QUERY.</summary>
public static class QueryText
{
    /// <summary>
    /// Finds the statement behind the command's byte, and behind the query attributes where these were agreed on. False when the attributes are malformed.
    /// </summary>
    /// <param name="payload">The payload of the command.</param>
    /// <param name="capabilities">What was agreed on.</param>
    /// <param name="sql">The statement.</param>
    public static bool TryFind(ReadOnlySpan<byte> payload, CapabilityFlags capabilities, out ReadOnlySpan<byte> sql)
    {
        sql = payload[1..];
        if (!capabilities.HasFlag(CapabilityFlags.QueryAttributes))
            return true;
        var reader = new PayloadReader(sql);
        // Number of parameters, number of sets of them (always 1).
        if (!reader.TryReadLengthEncodedInteger(out var count) || !reader.TryReadLengthEncodedInteger(out var sets) || sets != 1)
            return false;
        if (count > 0 && !TrySkip(ref reader, count))
            return false;
        sql = reader.Rest;
        return true;
    }

    private static bool TrySkip(ref PayloadReader reader, ulong count)
    {
        // A parameter takes three bytes at least, so a greater number cannot be.
        if (count > (ulong)reader.Rest.Length / 3 || !reader.TryReadBytes((int)((count + 7) / 8), out var nulls) || !reader.TryReadByte(out var bound) || bound != 1)
            return false;
        Span<byte> types = count <= 256 ? stackalloc byte[(int)count] : new byte[count];
        for (var index = 0; index < types.Length; index++)
        {
            if (!reader.TryReadByte(out types[index]) || !reader.TrySkip(1) || !reader.TryReadLengthEncodedBytes(out _))
                return false;
        }
        for (var index = 0; index < types.Length; index++)
        {
            if ((nulls[index >> 3] >> (index & 7) & 1) == 0 && !TrySkipValue(ref reader, (Framing.ColumnType)types[index]))
                return false;
        }
        return true;
    }

    /// <summary>Reads past a value of the binary protocol.</summary>
    internal static bool TrySkipValue(ref PayloadReader reader, Framing.ColumnType type)
    {
        if (type == Framing.ColumnType.Null)
            return true;
        var size = Framing.BinaryValues.FixedSize(type);
        return size > 0 ? reader.TrySkip(size) : reader.TryReadLengthEncodedBytes(out _);
    }
}
