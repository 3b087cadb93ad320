namespace WireGuardian.MySql.Client;

/// <summary>What the server says of a statement that it has prepared and not executed.</summary>
/// <param name="ParameterCount">Question marks.</param>
/// <param name="ColumnDefinitions">The payloads, one a column; none where the statement gives no rows.</param>
public sealed record PreparedShape(int ParameterCount, IReadOnlyList<byte[]> ColumnDefinitions);
