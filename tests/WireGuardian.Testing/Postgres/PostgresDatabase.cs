using Npgsql;
using WireGuardian.Testing.Processes;

namespace WireGuardian.Testing.Postgres;

/// <summary>A database on a test server that others may share.</summary>
public sealed class PostgresDatabase(PostgresServer server, string name) : IAsyncDisposable
{
    public PostgresServer Server => server;

    public string Name => name;

    public string ConnectionString(string user = PostgresServer.Superuser, string password = PostgresServer.SuperuserPassword) =>
        server.ConnectionString(name, user, password);

    public Task<NpgsqlConnection> OpenAsync(string user = PostgresServer.Superuser, string password = PostgresServer.SuperuserPassword) =>
        server.OpenAsync(name, user, password);

    public Task ExecuteAsync(string sql) => server.ExecuteAsync(sql, name);

    public Task<object?> ScalarAsync(string sql) => server.ScalarAsync(sql, name);

    public Task<ProcessResult> PsqlAsync(
        string sql, string user = PostgresServer.Superuser, string password = PostgresServer.SuperuserPassword) =>
        server.PsqlAsync(sql, name, user, password);

    public async ValueTask DisposeAsync() => await server.ExecuteAsync($"DROP DATABASE {name} WITH (FORCE)");
}
