using System.Text;

namespace WireGuardian.MySql.Client;

/// <summary>A result in text, read whole.</summary>
/// <param name="ColumnDefinitions">The payloads, one a column.</param>
/// <param name="Rows">Values in UTF-8 as far as they are text; null for NULL.</param>
public sealed record QueryResult(IReadOnlyList<byte[]> ColumnDefinitions, IReadOnlyList<byte[]?[]> Rows)
{
    public static QueryResult Empty { get; } = new([], []);

    /// <summary>A value as text; null for NULL.</summary>
    public string? Text(int row, int column) => Rows[row][column] is { } value ? Encoding.UTF8.GetString(value) : null;
}
