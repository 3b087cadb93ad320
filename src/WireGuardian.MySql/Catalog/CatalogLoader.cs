using WireGuardian.MySql.Client;
using WireGuardian.MySql.Startup;

namespace WireGuardian.MySql.Catalog;

/// <summary>Reads the server's catalog over the catalog login.</summary>
internal static class CatalogLoader
{
    private const string UsersOwn = "NOT IN ('information_schema','performance_schema','sys','mysql')";

    private const string ColumnsQuery =
        $"SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, EXTRA, CONCAT_WS(' ', GENERATION_EXPRESSION, COLUMN_DEFAULT) "
        + $"FROM information_schema.COLUMNS WHERE TABLE_SCHEMA {UsersOwn} ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION";

    private const string ViewsQuery = $"SELECT TABLE_SCHEMA, TABLE_NAME, VIEW_DEFINITION FROM information_schema.VIEWS WHERE TABLE_SCHEMA {UsersOwn} ORDER BY 1, 2";

    private const string RoutinesQuery =
        $"SELECT ROUTINE_SCHEMA, ROUTINE_NAME, ROUTINE_DEFINITION, SQL_MODE FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA {UsersOwn} ORDER BY 1, 2, ROUTINE_TYPE";

    private const string TriggersQuery =
        $"SELECT EVENT_OBJECT_SCHEMA, EVENT_OBJECT_TABLE, ACTION_STATEMENT, SQL_MODE FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA {UsersOwn} ORDER BY 1, 2, TRIGGER_NAME";

    /// <summary>The checks that make columns of MariaDB's JSON ones.</summary>
    internal const string JsonQuery =
        $"SELECT CONSTRAINT_SCHEMA, TABLE_NAME, CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA {UsersOwn} "
        + "AND CHECK_CLAUSE LIKE 'json\\_valid(`%' ORDER BY 1, 2, 3";

    public static async Task<CatalogRows> LoadAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        var isMariaDb = connection.Version.Flavour == ServerFlavour.MariaDb;
        // Whoever had the connection before may have read as a session does; here quotes and backslashes mean what they mean by default, in the queries and in what comes back.
        await connection.QueryAsync("SET SESSION sql_mode = ''", cancellationToken);
        var columns = await connection.QueryAsync(ColumnsQuery, cancellationToken);
        var views = await connection.QueryAsync(ViewsQuery, cancellationToken);
        var routines = await connection.QueryAsync(RoutinesQuery, cancellationToken);
        var triggers = await connection.QueryAsync(TriggersQuery, cancellationToken);
        var json = isMariaDb ? await connection.QueryAsync(JsonQuery, cancellationToken) : QueryResult.Empty;
        var identities = await IdentitiesAsync(connection, isMariaDb, cancellationToken);
        return new(columns, views, routines, triggers, json, identities, await PrivilegesAsync(connection, isMariaDb, cancellationToken));
    }

    /// <summary>Without the right PROCESS there are none, nor on a server that calls the table otherwise.</summary>
    private static async Task<QueryResult> IdentitiesAsync(MySqlConnection connection, bool isMariaDb, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.QueryAsync(
                $"SELECT NAME, TABLE_ID FROM information_schema.{(isMariaDb ? "INNODB_SYS_TABLES" : "INNODB_TABLES")} WHERE NAME LIKE '%/%' ORDER BY TABLE_ID", cancellationToken);
        }
        catch (ServerErrorException)
        {
            return QueryResult.Empty;
        }
    }

    /// <summary>What a login may not see is invisible, not empty: so it has to be known what it may see.</summary>
    private static async Task<HashSet<string>> PrivilegesAsync(MySqlConnection connection, bool isMariaDb, CancellationToken cancellationToken)
    {
        var result = await connection.QueryAsync("SELECT PRIVILEGE_TYPE FROM information_schema.USER_PRIVILEGES", cancellationToken);
        var privileges = Enumerable.Range(0, result.Rows.Count).Select(row => result.Text(row, 0) ?? "").ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (!isMariaDb)
            return privileges;
        try
        {
            await connection.QueryAsync("SELECT 1 FROM mysql.proc LIMIT 0", cancellationToken);
            privileges.Add("SHOW_ROUTINE");
        }
        catch (ServerErrorException)
        {
            // It may not read the routines' bodies there.
        }
        return privileges;
    }
}
