namespace WireGuardian.MySql.Framing;

/// <summary>What a column definition says of its column, as far as masks want to know.</summary>
[Flags]
public enum ColumnFlags : ushort
{
    None = 0,
    Unsigned = 1 << 5,
    Enum = 1 << 8,
    Set = 1 << 11,
}
