namespace WireGuardian.Testing.MySql;

/// <summary>A database on a test server that others may share.</summary>
public sealed class MySqlDatabase(MySqlServer server, string name) : IAsyncDisposable
{
    public MySqlServer Server => server;

    public string Name => name;

    public Task<MySqlWireClient> OpenAsync(MySqlAccount? account = null) => server.OpenAsync(name, account);

    public Task ExecuteAsync(params string[] statements) => server.ExecuteAsync(name, statements);

    public Task<string?> ScalarAsync(string sql) => server.ScalarAsync(sql, name);

    public async ValueTask DisposeAsync() => await server.ExecuteAsync("", $"DROP DATABASE {name}");
}
