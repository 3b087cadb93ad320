namespace WireGuardian.Testing.Postgres;

/// <summary>
/// One server per version for a whole test assembly, with default options, started by the first test that asks. Give every test a database
/// of its own: <c>await using var database = await (await SharedPostgres.Version15).CreateDatabaseAsync();</c>
/// Roles are shared by all databases of a server: name them after the test.
/// </summary>
public static class SharedPostgres
{
    private static readonly Dictionary<PostgresVersion, Lazy<Task<PostgresServer>>> Servers =
        Enum.GetValues<PostgresVersion>().ToDictionary(version => version, version => new Lazy<Task<PostgresServer>>(() => StartAsync(version)));

    public static Task<PostgresServer> Version15 => Get(PostgresVersion.Version15);

    public static Task<PostgresServer> Version18 => Get(PostgresVersion.Version18);

    public static Task<PostgresServer> Get(PostgresVersion version) => Servers[version].Value;

    private static async Task<PostgresServer> StartAsync(PostgresVersion version)
    {
        var server = await PostgresServer.StartAsync(version);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.DisposeAtExit();
        return server;
    }
}
