using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;

namespace WireGuardian.Postgres.Catalog;

/// <summary>Runs the loader's queries and reads their rows.</summary>
internal sealed class CatalogReader(NpgsqlConnection connection)
{
    public async Task<List<T>> ReadAsync<T>(
        string query, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(query, connection);
        command.Parameters.AddRange(parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(row(reader));
        return rows;
    }

    public async Task ExecuteAsync(string command, CancellationToken cancellationToken)
    {
        await using var statement = new NpgsqlCommand(command, connection);
        await statement.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Runs a query exactly as it stands, and gives its rows one after another, each until the next is asked for.</summary>
    public async IAsyncEnumerable<NpgsqlDataReader> StreamAsync(string query, TimeSpan timeout, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = AsIs(query, connection);
        command.CommandTimeout = (int)Math.Ceiling(timeout.TotalSeconds);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            yield return reader;
    }

    /// <summary>
    /// A statement that is sent exactly as it stands, to be parsed and described. The client library splits and rewrites only commands without
    /// positional parameters, so there is one, which the statement need not use.
    /// </summary>
    public static NpgsqlCommand AsIs(string statement, NpgsqlConnection connection) => new(statement, connection) { Parameters = { Text("") } };

    /// <inheritdoc cref="AsIs(string, NpgsqlConnection)"/>
    public static NpgsqlBatchCommand AsIs(string statement) => new(statement) { Parameters = { Text("") } };

    public static NpgsqlParameter Oid(uint value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Oid };

    public static NpgsqlParameter Oids(IEnumerable<uint> values) => Array(NpgsqlDbType.Oid, values.ToArray());

    public static NpgsqlParameter Numbers(IEnumerable<int> values) => Array(NpgsqlDbType.Integer, values.ToArray());

    public static NpgsqlParameter Booleans(IEnumerable<bool> values) => Array(NpgsqlDbType.Boolean, values.ToArray());

    public static NpgsqlParameter Attributes(IEnumerable<short> values) => Array(NpgsqlDbType.Smallint, values.ToArray());

    public static NpgsqlParameter Texts(IEnumerable<string> values) => Array(NpgsqlDbType.Text, values.ToArray());

    public static NpgsqlParameter Text(string value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Array<T>(NpgsqlDbType element, T[] values) => new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | element };
}
