using WireGuardian.MySql.Framing;

namespace WireGuardian.MySql.Rewriting;

/// <summary>Families of types that are masked alike.</summary>
public enum ValueShape
{
    /// <summary>Nothing is known that could stand for a value: it becomes NULL.</summary>
    Other,
    Text,
    Bytes,
    Integer,
    Float,
    Double,
    Decimal,
    Year,
    Date,
    DateTime,
    Time,
    Bit,
    Json,
    Geometry,
    Enum,
    Set,
    Uuid,
    Inet4,
    Inet6,
}

/// <summary>Tells the family.</summary>
public static class ValueShapes
{
    /// <param name="column">What the column definition says.</param>
    /// <param name="declared">What the catalog says of the column, where it is known for sure to be that column; JSON, UUID and addresses of MariaDB are told by nothing else.</param>
    public static ValueShape Of(ColumnShape column, DeclaredType? declared)
    {
        // They come as strings; a flag on what has a length of its own means nothing.
        if (BinaryValues.FixedSize(column.Type) == 0 && column.Flags.HasFlag(ColumnFlags.Enum))
            return ValueShape.Enum;
        if (BinaryValues.FixedSize(column.Type) == 0 && column.Flags.HasFlag(ColumnFlags.Set))
            return ValueShape.Set;
        return column.Type switch
        {
            ColumnType.Tiny or ColumnType.Short or ColumnType.Int24 or ColumnType.Long or ColumnType.LongLong or ColumnType.Bool => ValueShape.Integer,
            ColumnType.Float => ValueShape.Float,
            ColumnType.Double => ValueShape.Double,
            ColumnType.Decimal or ColumnType.NewDecimal => ValueShape.Decimal,
            ColumnType.Year => ValueShape.Year,
            ColumnType.Date or ColumnType.NewDate => ValueShape.Date,
            ColumnType.DateTime or ColumnType.DateTime2 or ColumnType.Timestamp or ColumnType.Timestamp2 => ValueShape.DateTime,
            ColumnType.Time or ColumnType.Time2 => ValueShape.Time,
            ColumnType.Bit => ValueShape.Bit,
            ColumnType.Json => ValueShape.Json,
            ColumnType.Enum => ValueShape.Enum,
            ColumnType.Set => ValueShape.Set,
            ColumnType.Geometry => ValueShape.Geometry,
            ColumnType.Vector => ValueShape.Bytes,
            ColumnType.VarChar or ColumnType.VarString or ColumnType.String or ColumnType.TinyBlob or ColumnType.MediumBlob or ColumnType.LongBlob or ColumnType.Blob =>
                declared?.Shape ?? (column.CharacterSet == CharacterSets.Binary ? ValueShape.Bytes : ValueShape.Text),
            _ => ValueShape.Other,
        };
    }
}

/// <summary>What the catalog adds to a column definition.</summary>
/// <param name="Shape">The family, where it is one that comes as text: JSON, UUID, addresses; null otherwise.</param>
/// <param name="FirstLabel">An enum's first label; null otherwise.</param>
public sealed record DeclaredType(ValueShape? Shape, string? FirstLabel);
