using System.Globalization;
using System.Text;
using WireGuardian.MySql.Client;
using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Catalog;

/// <summary>
/// InnoDB's numbers of tables. A table keeps its number when it gets another name, and gets another number when it is made anew: so two tables that change
/// names are told from two that do not. Only a login with the right PROCESS sees them.
/// </summary>
internal static class TableIdentities
{
    /// <param name="rows">InnoDB's name of the table, its number.</param>
    public static Dictionary<(string Schema, string Name), string> Read(QueryResult rows)
    {
        var identities = new Dictionary<(string, string), string>();
        for (var row = 0; row < rows.Rows.Count; row++)
        {
            var parts = (rows.Text(row, 0) ?? "").Split('/');
            if (parts.Length == 2 && rows.Text(row, 1) is { } identity && Decode(parts[0]) is { } schema && Decode(WithoutPartition(parts[1])) is { } name)
                // Of the partitions of a table, the first by number stands for it.
                identities.TryAdd((MySqlNames.Fold(schema), MySqlNames.Fold(name)), identity);
        }
        return identities;
    }

    private static string WithoutPartition(string name)
    {
        var at = name.IndexOf("#p#", StringComparison.OrdinalIgnoreCase);
        return at < 0 ? name : name[..at];
    }

    /// <summary>The name behind a file's name (manual, "Mapping of Identifiers to File Names"); null for the letters that have codes of their own.</summary>
    private static string? Decode(string fileName)
    {
        var name = new StringBuilder(fileName.Length);
        for (var i = 0; i < fileName.Length; i++)
        {
            if (fileName[i] != '@')
            {
                name.Append(fileName[i]);
                continue;
            }
            if (i + 4 >= fileName.Length || !ushort.TryParse(fileName.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
                return null;
            name.Append((char)code);
            i += 4;
        }
        return name.ToString();
    }
}
