using System.Globalization;
using System.Text;
using WireGuardian.Core.Statements;
using WireGuardian.MySql.Client;
using WireGuardian.Proxy.Gating;

namespace WireGuardian.MySql.Catalog;

/// <summary>Asks for the rows that the storage engines believe their tables to have.</summary>
internal static class RowEstimates
{
    /// <summary>Names go as hexadecimal: no mode and no character set reads those otherwise.</summary>
    public static string Query(IEnumerable<Identifier> relations, string database) =>
        "SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_ROWS FROM information_schema.TABLES WHERE TABLE_ROWS IS NOT NULL AND ("
        + string.Join(" OR ", relations.Select(relation => $"(TABLE_SCHEMA = {Hex(relation.Qualifier ?? database)} AND TABLE_NAME = {Hex(relation.Name)})"))
        + ") ORDER BY 1, 2 LIMIT 50";

    public static IEnumerable<CountedRelation> Read(QueryResult rows)
    {
        for (var row = 0; row < rows.Rows.Count; row++)
        {
            if (rows.Text(row, 0) is { } schema && rows.Text(row, 1) is { } name && long.TryParse(rows.Text(row, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                yield return new(schema, name, count);
        }
    }

    private static string Hex(string name) => $"CONVERT(X'{Convert.ToHexString(Encoding.UTF8.GetBytes(name))}' USING utf8mb4)";
}
