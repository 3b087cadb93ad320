using System.Text.Json;
using Microsoft.Data.Sqlite;
using WireGuardian.Core.Approvals;

namespace WireGuardian.Storage.Approvals;

/// <summary>Approval requests in <c>approvals.db</c> of the data directory.</summary>
public sealed class SqliteApprovalStore : IApprovalStore, IDisposable
{
    private const int Version = 1;

    // The trail has them all; the store lets the oldest go.
    private const int MaximumRequests = 100_000;

    private const string Schema = """
        CREATE TABLE request (
            id TEXT PRIMARY KEY,
            state TEXT NOT NULL,
            created INTEGER NOT NULL,
            json TEXT NOT NULL
        ) STRICT;
        CREATE INDEX request_unfinished ON request (created) WHERE state IN ('pending', 'approved');
        CREATE INDEX request_by_age ON request (created)
        """;

    // Of more than so many similar requests the newest are counted.
    private const int MostSimilar = 1000;

    // So much of a statement is in the index.
    private const int ShapeLength = 200;

    private const string RuleOf = "json ->> '$.rule'";

    private static readonly string BeginningOf = $"substr(json ->> '$.statement', 1, {ShapeLength})";

    private readonly Lock _lock = new();
    private readonly SqliteConnection _connection;

    private SqliteApprovalStore(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens the store, or makes one. Throws <see cref="StorageException"/> when it cannot be used, or a newer program wrote it.</summary>
    public static SqliteApprovalStore Open(string dataDirectory)
    {
        var path = Path.Combine(DataDirectory.Ensure(dataDirectory), "approvals.db");
        var connection = SqliteDatabase.Open(path, Version, Schema, TimeSpan.FromSeconds(5));
        try
        {
            SqliteDatabase.Execute(connection, $"""
                DELETE FROM request WHERE state NOT IN ('pending', 'approved') AND created <
                    (SELECT created FROM request ORDER BY created DESC LIMIT 1 OFFSET {MaximumRequests - 1})
                """);
            SqliteDatabase.Execute(connection, $"CREATE INDEX IF NOT EXISTS request_by_shape ON request ({RuleOf}, {BeginningOf})");
            return new SqliteApprovalStore(connection);
        }
        catch (SqliteException exception)
        {
            connection.Dispose();
            throw new StorageException($"The store {path} cannot be used: {exception.Message}", exception);
        }
    }

    public void Save(ApprovalRequest request) => Use(command =>
    {
        command.CommandText = """
            INSERT INTO request (id, state, created, json) VALUES ($id, $state, $created, $json)
            ON CONFLICT (id) DO UPDATE SET state = excluded.state, created = excluded.created, json = excluded.json
            """;
        command.Parameters.AddWithValue("$id", request.Id);
        command.Parameters.AddWithValue("$state", request.State.ToName());
        command.Parameters.AddWithValue("$created", request.CreatedAt.UtcTicks);
        command.Parameters.AddWithValue("$json", JsonSerializer.Serialize(request, ApprovalJson.Default.ApprovalRequest));
        return command.ExecuteNonQuery();
    });

    public ApprovalRequest? Find(string id) => Use(command =>
    {
        command.CommandText = "SELECT json FROM request WHERE id = $id";
        command.Parameters.AddWithValue("$id", id);
        return Read(command).SingleOrDefault();
    });

    public IReadOnlyList<ApprovalRequest> InState(ApprovalState state, int limit) => Use(command =>
    {
        command.CommandText = "SELECT json FROM request WHERE state = $state ORDER BY created DESC LIMIT $limit";
        command.Parameters.AddWithValue("$state", state.ToName());
        command.Parameters.AddWithValue("$limit", limit);
        var requests = Read(command);
        requests.Reverse();
        return requests;
    });

    public SimilarRequests? Similar(ApprovalRequest request) => Use(command =>
    {
        command.CommandText = $"""
            SELECT json FROM request
            WHERE {RuleOf} = $rule AND {BeginningOf} = substr($statement, 1, {ShapeLength}) AND json ->> '$.statement' = $statement
            ORDER BY created DESC LIMIT {MostSimilar}
            """;
        command.Parameters.AddWithValue("$rule", request.Rule);
        command.Parameters.AddWithValue("$statement", request.Statement);
        return SimilarDecisions.Of(Read(command));
    });

    public IReadOnlyList<ApprovalRequest> Unfinished() => Use(command =>
    {
        command.CommandText = "SELECT json FROM request WHERE state IN ('pending', 'approved') ORDER BY created";
        return Read(command);
    });

    public void Dispose()
    {
        lock (_lock)
            _connection.Dispose();
    }

    private static List<ApprovalRequest> Read(SqliteCommand command)
    {
        var requests = new List<ApprovalRequest>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
            requests.Add(JsonSerializer.Deserialize(reader.GetString(0), ApprovalJson.Default.ApprovalRequest)!);
        return requests;
    }

    private T Use<T>(Func<SqliteCommand, T> use)
    {
        lock (_lock)
        {
            try
            {
                using var command = _connection.CreateCommand();
                return use(command);
            }
            catch (Exception exception) when (exception is SqliteException or JsonException or InvalidOperationException)
            {
                throw new ApprovalStoreException("The store of approval requests cannot be used.", exception);
            }
        }
    }
}
