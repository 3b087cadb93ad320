using System.Security.Cryptography;
using WireGuardian.MySql.Client;

namespace WireGuardian.MySql.Catalog;

/// <summary>What the server's information_schema says, as it says it.</summary>
/// <param name="Columns">Schema, table, column, type, full type, extra, expression of a generated column or default.</param>
/// <param name="Views">Schema, view, definition; an empty definition is one that the login may not see.</param>
/// <param name="Routines">Schema, routine, definition (NULL where the login may not see it), sql_mode.</param>
/// <param name="Triggers">Schema, table, body, sql_mode.</param>
/// <param name="JsonColumns">Schema, table, and the check that makes a column of MariaDB's a JSON one.</param>
/// <param name="Identities">InnoDB's names and numbers of tables; empty where the login may not see them.</param>
/// <param name="Privileges">The global privileges of the login, and what was tried for those that are not listed.</param>
internal sealed record CatalogRows(
    QueryResult Columns, QueryResult Views, QueryResult Routines, QueryResult Triggers, QueryResult JsonColumns, QueryResult Identities,
    IReadOnlySet<string> Privileges)
{
    /// <summary>Equal where all rows are equal.</summary>
    public string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var result in new[] { Columns, Views, Routines, Triggers, JsonColumns, Identities })
        {
            hash.AppendData(BitConverter.GetBytes(result.Rows.Count));
            foreach (var row in result.Rows)
            {
                foreach (var value in row)
                {
                    hash.AppendData(BitConverter.GetBytes(value?.Length ?? -1));
                    hash.AppendData(value ?? []);
                }
            }
        }
        foreach (var privilege in Privileges.Order(StringComparer.Ordinal))
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(privilege + '\n'));
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
