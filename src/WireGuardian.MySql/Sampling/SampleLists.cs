using System.Globalization;
using WireGuardian.MySql.Catalog;
using WireGuardian.MySql.Client;
using WireGuardian.MySql.Startup;
using WireGuardian.Proxy.Sampling;

namespace WireGuardian.MySql.Sampling;

/// <summary>What the server's information_schema says of tables, columns and primary keys, as far as the login may see it.</summary>
internal sealed record SampleLists(QueryResult AllTables, QueryResult Columns, QueryResult Keys, QueryResult Json)
{
    private static readonly string[] Foreign = ["FEDERATED", "CONNECT", "SPIDER", "S3", "NDB"];

    /// <exception cref="SamplingException">The server refuses.</exception>
    public static async Task<SampleLists> ReadAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await connection.QueryAsync("SET SESSION sql_mode = ''", cancellationToken);
            return new(
                await connection.QueryAsync(SampleQueries.Tables, cancellationToken), await connection.QueryAsync(SampleQueries.Columns, cancellationToken),
                await connection.QueryAsync(SampleQueries.PrimaryKeys, cancellationToken),
                connection.Version.Flavour == ServerFlavour.MariaDb ? await connection.QueryAsync(CatalogLoader.JsonQuery, cancellationToken) : QueryResult.Empty);
        }
        catch (Exception exception) when (exception is ServerErrorException or Proxy.ProtocolException or IOException or System.Net.Sockets.SocketException or TimeoutException)
        {
            throw new SamplingException($"the catalog login cannot read information_schema: {exception.Message}", exception);
        }
    }

    /// <param name="maskOf">The rule that masks a column already.</param>
    public IEnumerable<SampledTable> Tables(Func<string, string, string, string?> maskOf)
    {
        var json = CatalogPicture.JsonColumns(Json);
        var columns = Enumerable.Range(0, Columns.Rows.Count).ToLookup(row => (Text(Columns, row, 0), Text(Columns, row, 1)));
        var keys = Enumerable.Range(0, Keys.Rows.Count).ToLookup(row => (Text(Keys, row, 0), Text(Keys, row, 1)), row => Text(Keys, row, 2));
        for (var row = 0; row < AllTables.Rows.Count; row++)
        {
            var (schema, name) = (Text(AllTables, row, 0), Text(AllTables, row, 1));
            if (KindOf(Text(AllTables, row, 2), Text(AllTables, row, 3)) is not { } kind)
                continue;
            var key = keys[(schema, name)].ToArray();
            yield return new(
                "", schema, name, kind, [.. columns[(schema, name)].Select(column => ReadColumn(column, json, maskOf)).OfType<SampledColumn>()])
            {
                EstimatedRows = double.TryParse(AllTables.Text(row, 4), CultureInfo.InvariantCulture, out var rows) ? rows : -1,
                PrimaryKey = key,
                HasWholeNumberKey = key is [var only] && columns[(schema, name)].Any(column => Text(Columns, column, 2) == only && SampleQueries.IsInteger(Text(Columns, column, 3))),
            };
        }
    }

    private SampledColumn? ReadColumn(int row, HashSet<(string, string, string)> json, Func<string, string, string, string?> maskOf)
    {
        var (schema, table, name, type) = (Text(Columns, row, 0), Text(Columns, row, 1), Text(Columns, row, 2), Text(Columns, row, 3));
        var isJson = json.Contains((Sql.MySql.MySqlNames.Fold(schema), Sql.MySql.MySqlNames.Fold(table), Sql.MySql.MySqlNames.Fold(name)));
        if (SampleQueries.FormOf(type, isJson) is not var (structure, isText))
            return null;
        return new(name, isJson ? "json" : type, structure)
        {
            IsText = isText,
            IsReadable = Text(Columns, row, 4).Split(',').Contains("select", StringComparer.OrdinalIgnoreCase),
            MaskedBy = maskOf(schema, table, name),
        };
    }

    /// <summary>Null for what has no rows of its own (sequences).</summary>
    private static TableKind? KindOf(string type, string engine) => type switch
    {
        "VIEW" => TableKind.View,
        "BASE TABLE" or "SYSTEM VERSIONED" => Foreign.Contains(engine, StringComparer.OrdinalIgnoreCase) ? TableKind.Foreign : TableKind.Table,
        _ => null,
    };

    private static string Text(QueryResult result, int row, int column) => result.Text(row, column) ?? "";
}
