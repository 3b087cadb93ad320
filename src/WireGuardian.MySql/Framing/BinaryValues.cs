namespace WireGuardian.MySql.Framing;

/// <summary>How values lie in a row of the binary protocol.</summary>
public static class BinaryValues
{
    /// <summary>The offset of the first column's bit in a row's bitmap of NULLs.</summary>
    public const int BitmapOffset = 2;

    /// <summary>Bytes of the bitmap of NULLs of a row.</summary>
    public static int BitmapSize(int columns) => (columns + 7 + BitmapOffset) / 8;

    /// <summary>Bytes of a value; 0 where its length stands before it (strings, and dates and times of 0 to 12 bytes).</summary>
    public static int FixedSize(ColumnType type) => type switch
    {
        ColumnType.Tiny or ColumnType.Bool => 1,
        ColumnType.Short or ColumnType.Year => 2,
        ColumnType.Long or ColumnType.Int24 or ColumnType.Float => 4,
        ColumnType.LongLong or ColumnType.Double => 8,
        _ => 0,
    };

    /// <summary>True when the column's bit says NULL.</summary>
    public static bool IsNull(ReadOnlySpan<byte> bitmap, int column) => (bitmap[(column + BitmapOffset) >> 3] >> ((column + BitmapOffset) & 7) & 1) != 0;

    /// <summary>Sets the column's bit.</summary>
    public static void SetNull(Span<byte> bitmap, int column) => bitmap[(column + BitmapOffset) >> 3] |= (byte)(1 << ((column + BitmapOffset) & 7));
}
