namespace WireGuardian.Core.Labels;

/// <summary>What a column is called, as the server hands its name out.</summary>
public sealed record ColumnName(string Schema, string Table, string Column)
{
    public override string ToString() => $"{Schema}.{Table}.{Column}";
}
