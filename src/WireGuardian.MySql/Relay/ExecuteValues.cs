using System.Security.Cryptography;
using WireGuardian.MySql.Packets;

namespace WireGuardian.MySql.Relay;

/// <summary>The values of a COM_STMT_EXECUTE: command, number of the statement, flags, iterations, then NULLs, types and values.</summary>
public static class ExecuteValues
{
    /// <summary>Command, number (4), flags, iterations (4).</summary>
    private const int FixedLength = 10;

    /// <summary>SHA-256 over all but the number, which is the connection's own. Null where the types are those of an earlier execution, so that the values do not say it all.</summary>
    /// <param name="payload">The whole command.</param>
    /// <param name="parameters">Question marks of the statement.</param>
    /// <param name="capabilities">What was agreed on.</param>
    public static byte[]? Digest(ReadOnlySpan<byte> payload, int parameters, CapabilityFlags capabilities)
    {
        if (payload.Length < FixedLength)
            return null;
        var reader = new PayloadReader(payload[FixedLength..]);
        var count = (ulong)parameters;
        if (capabilities.HasFlag(CapabilityFlags.QueryAttributes) && (payload[FlagsOffset] & CountIsGiven) != 0 && !reader.TryReadLengthEncodedInteger(out count))
            return null;
        if (count > 0 && (count > (ulong)payload.Length || !reader.TrySkip((int)((count + 7) / 8)) || !reader.TryReadByte(out var typesAreGiven) || typesAreGiven != 1))
            return null;
        return SHA256.HashData([.. payload[FlagsOffset..]]);
    }

    private const int FlagsOffset = 5;

    /// <summary>PARAMETER_COUNT_AVAILABLE.</summary>
    private const byte CountIsGiven = 8;
}
