using System.Buffers.Binary;
using System.Globalization;
using WireGuardian.Core.Approvals;

namespace WireGuardian.Postgres.Relay;

/// <summary>The values of a Bind message, by type and length: format codes, then each value with its length in front.</summary>
public static class BindValues
{
    /// <summary>Of more values than that the first are told.</summary>
    public const int MostTold = 100;

    /// <summary>What the message says of them; what cannot be read ends the list.</summary>
    /// <param name="body">The message behind its names.</param>
    /// <param name="types">OIDs that the Parse gave; those that it left out are the server's to find.</param>
    public static IReadOnlyList<BindValue> Read(ReadOnlySpan<byte> body, IReadOnlyList<uint> types)
    {
        var values = new List<BindValue>();
        if (!TryTake(ref body, 2, out var formats) || !TryTake(ref body, 2 * BinaryPrimitives.ReadUInt16BigEndian(formats), out _) || !TryTake(ref body, 2, out var count))
            return values;
        for (var left = Math.Min((int)BinaryPrimitives.ReadUInt16BigEndian(count), MostTold); left > 0 && TryTake(ref body, 4, out var size); left--)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(size);
            if (length > 0 && !TryTake(ref body, length, out _))
                break;
            var type = values.Count < types.Count ? types[values.Count] : 0;
            values.Add(new(NameOf(type), length));
        }
        return values;
    }

    /// <summary>The servers' numbers of their own types never change; others are told by number.</summary>
    private static string NameOf(uint oid) => oid switch
    {
        0 => "unspecified",
        16 => "boolean",
        17 => "bytea",
        20 => "bigint",
        21 => "smallint",
        23 => "integer",
        25 => "text",
        114 => "json",
        700 => "real",
        701 => "double precision",
        1042 => "character",
        1043 => "character varying",
        1082 => "date",
        1114 => "timestamp",
        1184 => "timestamp with time zone",
        1700 => "numeric",
        2950 => "uuid",
        3802 => "jsonb",
        _ => string.Create(CultureInfo.InvariantCulture, $"type {oid}"),
    };

    private static bool TryTake(ref ReadOnlySpan<byte> body, int length, out ReadOnlySpan<byte> taken)
    {
        taken = default;
        if (length > body.Length)
            return false;
        taken = body[..length];
        body = body[length..];
        return true;
    }
}
