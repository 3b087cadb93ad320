using System.Globalization;
using WireGuardian.Core.Detection.Structure;
using WireGuardian.Proxy.Sampling;

namespace WireGuardian.MySql.Sampling;

/// <summary>What a sampler asks.</summary>
internal static class SampleQueries
{
    /// <summary>Places of a large table where rows are read.</summary>
    private const int Places = 20;

    private const string UsersOwn = "NOT IN ('information_schema','performance_schema','sys','mysql')";

    public const string Tables = $"SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_ROWS FROM information_schema.TABLES WHERE TABLE_SCHEMA {UsersOwn} ORDER BY 1, 2";

    public const string Columns =
        $"SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, DATA_TYPE, PRIVILEGES FROM information_schema.COLUMNS WHERE TABLE_SCHEMA {UsersOwn} ORDER BY 1, 2, ORDINAL_POSITION";

    public const string PrimaryKeys =
        $"SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME FROM information_schema.STATISTICS WHERE TABLE_SCHEMA {UsersOwn} AND INDEX_NAME = 'PRIMARY' ORDER BY 1, 2, SEQ_IN_INDEX";

    /// <summary>What a type's values look like, and whether they are text; null for one that cannot hold what is looked for.</summary>
    public static (TextStructure Structure, bool IsText)? FormOf(string type, bool isJson) => type.ToLowerInvariant() switch
    {
        "json" => (TextStructure.Json, true),
        "char" or "varchar" or "tinytext" or "text" or "mediumtext" or "longtext" => (isJson ? TextStructure.Json : TextStructure.Plain, true),
        "int" or "bigint" or "decimal" or "date" or "inet4" or "inet6" => (TextStructure.Plain, false),
        _ => null,
    };

    public static bool IsInteger(string type) => type.ToLowerInvariant() is "tinyint" or "smallint" or "mediumint" or "int" or "bigint";

    /// <summary>The least and the largest value of a key: two looks into its index.</summary>
    public static string Bounds(SampledTable table, string key) => $"SELECT MIN({Quote(key)}), MAX({Quote(key)}) FROM {Name(table)}";

    /// <summary>
    /// Queries that together give the rows wanted. None reads much more of a large table than it gives: they go along its primary key, from even places on where that is a
    /// number, else from both ends.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="rows">Wanted.</param>
    /// <param name="length">Characters of a value.</param>
    /// <param name="bounds">Of a primary key that is one whole number; null where it is none.</param>
    public static IEnumerable<string> Sample(SampledTable table, IReadOnlyList<SampledColumn> columns, int rows, int length, (decimal Least, decimal Largest)? bounds)
    {
        var select = $"SELECT {string.Join(", ", columns.Select(column => Text(column, length)))} FROM {Name(table)}";
        if (bounds is var (least, largest) && largest - least >= Places)
        {
            var key = Quote(table.PrimaryKey[0]);
            var step = decimal.Floor((largest - least) / Places) + 1;
            return Enumerable.Range(0, Places).Select(place => string.Create(
                CultureInfo.InvariantCulture,
                $"{select} WHERE {key} >= {least + place * step} AND {key} < {least + (place + 1) * step} ORDER BY {key} LIMIT {Math.Max(1, rows / Places)}"));
        }
        if (!IsLarge(table, rows) || table.PrimaryKey.Count == 0)
            return [$"{select} LIMIT {rows}"];
        return
        [
            $"{select} ORDER BY {Order(table, "")} LIMIT {(rows + 1) / 2}",
            $"{select} ORDER BY {Order(table, " DESC")} LIMIT {(rows + 1) / 2}",
        ];
    }

    /// <summary>Many more rows than are wanted.</summary>
    public static bool IsLarge(SampledTable table, int rows) => table.EstimatedRows > 4.0 * rows;

    public static string Quote(string name) => $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";

    private static string Name(SampledTable table) => $"{Quote(table.Schema)}.{Quote(table.Name)}";

    private static string Order(SampledTable table, string direction) => string.Join(", ", table.PrimaryKey.Select(column => Quote(column) + direction));

    private static string Text(SampledColumn column, int length) => column.IsText ? $"LEFT({Quote(column.Name)}, {length})" : $"CAST({Quote(column.Name)} AS CHAR)";
}
