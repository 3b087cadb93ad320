using WireGuardian.MySql.Packets;

namespace WireGuardian.MySql.Framing;

/// <summary>
/// One column of a result. Its names are what the server believes; they can be wrong (a derived table's alias is told as the original table), so they may add
/// a mask and never take one away.
/// </summary>
public readonly ref struct ColumnDefinition41
{
    /// <summary>The schema as told.</summary>
    public ReadOnlySpan<byte> Schema { get; init; }

    /// <summary>What the table is called in the statement.</summary>
    public ReadOnlySpan<byte> Table { get; init; }

    /// <summary>The table's name before aliasing.</summary>
    public ReadOnlySpan<byte> OriginalTable { get; init; }

    /// <summary>What the column is called in the result.</summary>
    public ReadOnlySpan<byte> Name { get; init; }

    /// <summary>The column's name before aliasing.</summary>
    public ReadOnlySpan<byte> OriginalName { get; init; }

    /// <summary>Type, character set and size.</summary>
    public ColumnShape Shape { get; init; }

    /// <summary>False where <paramref name="payload"/> is none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out ColumnDefinition41 column)
    {
        column = default;
        var reader = new PayloadReader(payload);
        // Catalog (always "def"), schema, alias of the table, table, alias of the column, column.
        if (!reader.TryReadLengthEncodedBytes(out _) || !reader.TryReadLengthEncodedBytes(out var schema) || !reader.TryReadLengthEncodedBytes(out var tableAlias)
            || !reader.TryReadLengthEncodedBytes(out var table) || !reader.TryReadLengthEncodedBytes(out var alias) || !reader.TryReadLengthEncodedBytes(out var name))
        {
            return false;
        }
        // The length of the fixed fields: 12.
        if (!reader.TryReadLengthEncodedInteger(out _) || !reader.TryReadUInt16(out var characterSet) || !reader.TryReadUInt32(out var length)
            || !reader.TryReadByte(out var type) || !reader.TryReadUInt16(out var flags) || !reader.TryReadByte(out var decimals))
        {
            return false;
        }
        column = new()
        {
            Schema = schema,
            Table = tableAlias,
            OriginalTable = table,
            Name = alias,
            OriginalName = name,
            Shape = new((ColumnType)type, characterSet, length, (ColumnFlags)flags, decimals),
        };
        return true;
    }
}

/// <summary>What the values of a column look like.</summary>
/// <param name="Type">The type as sent.</param>
/// <param name="CharacterSet">Number of the collation; 63 is binary.</param>
/// <param name="Length">Most bytes (or digits) that a value has.</param>
/// <param name="Flags">Unsigned, enum, set.</param>
/// <param name="Decimals">Digits after the point; 31 where they vary.</param>
public readonly record struct ColumnShape(ColumnType Type, ushort CharacterSet, uint Length, ColumnFlags Flags, byte Decimals);
