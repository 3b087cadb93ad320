using Npgsql;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Postgres.Lineage;
using WireGuardian.Testing.Postgres;

namespace WireGuardian.Postgres.Tests.Lineage.Generated;

/// <summary>What a query gives on each schema: by schema, by column, the values in an order of their own.</summary>
internal sealed record GeneratedResult(IReadOnlyList<string[][]> Columns);

/// <summary>Runs generated queries on all the schemas and has their lineage read.</summary>
internal sealed class GeneratedDatabase : IAsyncDisposable
{
    private readonly LineageBench _bench;
    private readonly NpgsqlConnection _connection;

    private GeneratedDatabase(LineageBench bench, NpgsqlConnection connection, IReadOnlyList<ColumnKey> masked)
    {
        _bench = bench;
        _connection = connection;
        Masked = masked;
    }

    /// <summary>The masked columns of v0, in the order of the schemas that change them.</summary>
    public IReadOnlyList<ColumnKey> Masked { get; }

    public static async Task<GeneratedDatabase> StartAsync(PostgresVersion version)
    {
        var bench = await LineageBench.StartAsync(version, GeneratedSchema.Sql);
        var connection = await bench.Database.OpenAsync();
        await using var settings = new NpgsqlCommand("set jit = off; set statement_timeout = '5s'; set from_collapse_limit = 2; set join_collapse_limit = 2", connection);
        await settings.ExecuteNonQueryAsync();
        var masked = new List<ColumnKey>();
        foreach (var column in GeneratedSchema.Masked)
        {
            var parts = column.Split('.');
            masked.AddRange(await new CatalogReader(connection).ReadAsync(
                $"select attrelid, attnum from pg_attribute where attrelid = 'v0.{parts[0]}'::regclass and attname = '{parts[1]}'",
                row => new ColumnKey(row.GetFieldValue<uint>(0), row.GetInt16(1)),
                CancellationToken.None));
        }
        return new GeneratedDatabase(bench, connection, masked);
    }

    /// <summary>Null where the server refuses the query or it does not end soon.</summary>
    public (StatementLineage Lineage, GeneratedResult Result)? Run(string query)
    {
        try
        {
            var lineage = _bench.ReadAsync(GeneratedSchema.In(0, query)).GetAwaiter().GetResult();
            return (lineage, Execute(query, lineage.Columns.Count));
        }
        catch (PostgresException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _bench.DisposeAsync();
    }

    private GeneratedResult Execute(string query, int columns)
    {
        var names = string.Join(", ", Enumerable.Range(1, columns).Select(column => $"c{column}"));
        using var batch = new NpgsqlBatch(_connection);
        for (var schema = 0; schema <= Masked.Count; schema++)
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"select {names.Replace(",", "::text,", StringComparison.Ordinal)}::text from ({GeneratedSchema.In(schema, query)}) q ({names})"));
        using var reader = batch.ExecuteReader();
        var results = new List<string[][]>();
        do
        {
            var values = Enumerable.Range(0, columns).Select(_ => new List<string>()).ToArray();
            while (reader.Read())
            {
                for (var column = 0; column < columns; column++)
                    values[column].Add(reader.IsDBNull(column) ? "" : "=" + reader.GetString(column));
            }
            results.Add([.. values.Select(column => column.Order(StringComparer.Ordinal).ToArray())]);
        }
        while (reader.NextResult());
        return new GeneratedResult(results);
    }
}
