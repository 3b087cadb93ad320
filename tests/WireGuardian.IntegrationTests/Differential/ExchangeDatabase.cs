using WireGuardian.Testing.Postgres;

namespace WireGuardian.IntegrationTests.Differential;

/// <summary>The corpus's own server, with the tables that its scripts use, set back before each run.</summary>
public sealed class ExchangeDatabase : IAsyncDisposable
{
    public const string User = "corpus";
    public const string Password = "corpus-password";
    public const string Name = User;

    private ExchangeDatabase(PostgresServer server) => Server = server;

    public PostgresServer Server { get; }

    /// <summary>The newest object of the fixture; what a script creates has a greater OID.</summary>
    public uint LastOid { get; private set; }

    public static async Task<ExchangeDatabase> StartAsync(PostgresVersion version)
    {
        var server = await PostgresServer.StartAsync(version);
        var database = new ExchangeDatabase(server);
        await server.ExecuteAsync($"CREATE ROLE {User} LOGIN PASSWORD '{Password}'");
        await server.ExecuteAsync($"CREATE DATABASE {User} OWNER {User}");
        var fixture = await File.ReadAllTextAsync(Path.Combine(ExchangeFile.Folder, "fixture.sql"));
        (await server.PsqlAsync(fixture, User, User, Password)).EnsureSuccess();
        database.LastOid = Convert.ToUInt32(
            await server.ScalarAsync("select greatest((select max(oid) from pg_class), (select max(oid) from pg_type))::bigint", User));
        return database;
    }

    public Task ResetAsync() => Server.ExecuteAsync("select reset_fixture()", User);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
