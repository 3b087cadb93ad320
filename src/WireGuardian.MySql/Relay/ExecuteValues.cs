using System.Security.Cryptography;
using WireGuardian.Core.Approvals;
using WireGuardian.MySql.Framing;
using WireGuardian.MySql.Packets;

namespace WireGuardian.MySql.Relay;

/// <summary>The values of a COM_STMT_EXECUTE: command, number of the statement, flags, iterations, then NULLs, types and values.</summary>
public static class ExecuteValues
{
    /// <summary>Of more values than that the first are told.</summary>
    public const int MostTold = 100;

    /// <summary>Command and number (4).</summary>
    private const int FlagsOffset = 5;

    /// <summary>Flags and iterations (4) behind them.</summary>
    private const int FixedLength = 10;

    /// <summary>PARAMETER_COUNT_AVAILABLE.</summary>
    private const byte CountIsGiven = 8;

    /// <summary>SHA-256 over all but the number, which is the connection's own. Null where the types are those of an earlier execution, so that the values do not say it all.</summary>
    /// <param name="payload">The whole command.</param>
    /// <param name="parameters">Question marks of the statement.</param>
    /// <param name="capabilities">What was agreed on.</param>
    public static byte[]? Digest(ReadOnlySpan<byte> payload, int parameters, CapabilityFlags capabilities) =>
        TryReadNulls(payload, parameters, capabilities, out _, out _, out _) ? SHA256.HashData(payload[FlagsOffset..]) : null;

    /// <summary>The values by type and length; what cannot be read ends the list.</summary>
    /// <inheritdoc cref="Digest"/>
    public static IReadOnlyList<BindValue> Read(ReadOnlySpan<byte> payload, int parameters, CapabilityFlags capabilities)
    {
        var values = new List<BindValue>();
        if (!TryReadNulls(payload, parameters, capabilities, out var count, out var nulls, out var reader))
            return values;
        var types = new ColumnType[count];
        for (var index = 0; index < count; index++)
        {
            if (!reader.TryReadByte(out var type) || !reader.TrySkip(1) || (capabilities.HasFlag(CapabilityFlags.QueryAttributes) && !reader.TryReadLengthEncodedBytes(out _)))
                return values;
            types[index] = (ColumnType)type;
        }
        for (var index = 0; index < Math.Min(count, MostTold); index++)
        {
            var isNull = (nulls[index >> 3] >> (index & 7) & 1) != 0;
            var before = reader.Rest.Length;
            if (!isNull && !QueryText.TrySkipValue(ref reader, types[index]))
                return values;
            values.Add(new(NameOf(types[index]), isNull || types[index] == ColumnType.Null ? -1 : before - reader.Rest.Length));
        }
        return values;
    }

    /// <summary>False where the types are not in it.</summary>
    private static bool TryReadNulls(
        ReadOnlySpan<byte> payload, int parameters, CapabilityFlags capabilities, out int count, out ReadOnlySpan<byte> nulls, out PayloadReader reader)
    {
        count = parameters;
        nulls = default;
        reader = default;
        if (payload.Length < FixedLength)
            return false;
        reader = new PayloadReader(payload[FixedLength..]);
        if (capabilities.HasFlag(CapabilityFlags.QueryAttributes) && (payload[FlagsOffset] & CountIsGiven) != 0)
        {
            if (!reader.TryReadLengthEncodedInteger(out var given) || given > (ulong)payload.Length)
                return false;
            count = (int)given;
        }
        return count == 0 || (reader.TryReadBytes((count + 7) / 8, out nulls) && reader.TryReadByte(out var areGiven) && areGiven == 1);
    }

    private static string NameOf(ColumnType type) => type.ToString().ToLowerInvariant();
}
