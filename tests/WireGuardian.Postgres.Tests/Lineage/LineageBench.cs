using System.Data;
using Npgsql;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Postgres.Lineage;
using WireGuardian.Testing.Postgres;

namespace WireGuardian.Postgres.Tests.Lineage;

/// <summary>A database of a real server, a connection on which it tells its query trees, and the lineage of statements in names.</summary>
internal sealed class LineageBench : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly List<string> _trees = [];

    private LineageBench(PostgresDatabase database, NpgsqlConnection connection, LineageNames names, ILineageFunctions functions)
    {
        Database = database;
        _connection = connection;
        Names = names;
        Functions = functions;
        connection.Notice += (_, notice) =>
        {
            if (notice.Notice.Detail is ['(' or '<', ..] tree)
                _trees.Add(tree);
        };
    }

    public PostgresDatabase Database { get; }

    public LineageNames Names { get; }

    public ILineageFunctions Functions { get; }

    /// <param name="version">Of the server.</param>
    /// <param name="sql">Makes the schema; a routine whose name begins with <c>tainted</c> counts as one that may reach masked columns.</param>
    public static async Task<LineageBench> StartAsync(PostgresVersion version, string sql)
    {
        var server = await SharedPostgres.Get(version);
        var database = await server.CreateDatabaseAsync(sql);
        var options = new NpgsqlConnectionStringBuilder(database.ConnectionString())
        {
            IncludeErrorDetail = true,
            Options = "-c debug_print_rewritten=on -c debug_pretty_print=off -c client_min_messages=log -c log_min_messages=panic",
        };
        var connection = new NpgsqlConnection(options.ConnectionString);
        await connection.OpenAsync();
        var reader = new CatalogReader(connection);
        var readers = await OidsAsync(reader, CatalogQueries.Readers, CatalogReader.Text(BuiltInReaders.Regex));
        var computing = await OidsAsync(
            reader,
            """
            select oid from pg_proc where oid >= 16384 and proname not like 'tainted%'
            union all select o.oid from pg_operator o join pg_proc p on p.oid = oprcode where o.oid >= 16384 and proname not like 'tainted%'
            """);
        var triggers = await reader.ReadAsync(
            "select tgrelid, proname like 'tainted%' from pg_trigger t join pg_proc p on p.oid = tgfoid where not tgisinternal",
            row => KeyValuePair.Create(row.GetFieldValue<uint>(0), row.GetBoolean(1) ? FunctionLineage.ReadsElsewhere : FunctionLineage.Computes),
            CancellationToken.None);
        var functions = new BenchFunctions { Readers = readers, Computing = computing, Triggers = triggers.ToDictionary() };
        return new LineageBench(database, connection, await LineageNames.ReadAsync(reader), functions);
    }

    /// <summary>The query trees that the server gives for a statement, which is parsed and described, not executed.</summary>
    public async Task<string> TreeAsync(string statement)
    {
        _trees.Clear();
        await using var command = CatalogReader.AsIs(statement, _connection);
        await using (await command.ExecuteReaderAsync(CommandBehavior.SchemaOnly))
        {
        }
        return _trees.Single();
    }

    public async Task<StatementLineage> ReadAsync(string statement) => LineageReader.Read(await TreeAsync(statement), Functions);

    public async Task ExecuteAsync(string statement)
    {
        await using var command = new NpgsqlCommand(statement, _connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await Database.DisposeAsync();
    }

    private static async Task<HashSet<uint>> OidsAsync(CatalogReader reader, string query, params NpgsqlParameter[] parameters) =>
        [.. await reader.ReadAsync(query, row => row.GetFieldValue<uint>(0), CancellationToken.None, parameters)];
}
