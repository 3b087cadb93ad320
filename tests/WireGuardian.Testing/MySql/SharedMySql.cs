using WireGuardian.Testing.Tls;

namespace WireGuardian.Testing.MySql;

/// <summary>
/// One server of each kind for a whole test assembly, with TLS for those who ask for it, started by the first test that wants it. Give every test a database
/// of its own: <c>await using var database = await (await SharedMySql.Get(flavour)).CreateDatabaseAsync();</c>
/// Accounts are shared by all databases of a server: name them after the test.
/// </summary>
public static class SharedMySql
{
    private static readonly Dictionary<MySqlFlavour, Lazy<Task<MySqlServer>>> Servers =
        Enum.GetValues<MySqlFlavour>().ToDictionary(flavour => flavour, flavour => new Lazy<Task<MySqlServer>>(() => StartAsync(flavour)));

    private static readonly Lazy<Certificates> SharedCertificates = new(() =>
    {
        var certificates = new Certificates();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => certificates.Dispose();
        return certificates;
    });

    public static Task<MySqlServer> MariaDb => Get(MySqlFlavour.MariaDb);

    public static Task<MySqlServer> MySql => Get(MySqlFlavour.MySql);

    /// <summary>The authority of both servers.</summary>
    public static Certificates Certificates => SharedCertificates.Value;

    /// <summary>Skips the test, with the reason, where the server cannot be had.</summary>
    public static Task<MySqlServer> Get(MySqlFlavour flavour) => Servers[flavour].Value;

    private static async Task<MySqlServer> StartAsync(MySqlFlavour flavour)
    {
        var server = await MySqlServer.StartAsync(flavour, new MySqlServerOptions { Certificates = Certificates });
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.DisposeAtExit();
        return server;
    }
}
