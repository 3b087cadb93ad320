using WireGuardian.Testing.MySql;
using WireGuardian.Testing.Processes;
using WireGuardian.Testing.Programs;

namespace WireGuardian.MySql.Tests.Authentication;

/// <summary>Drivers as people use them log in through the login phase to both servers, with every mix of TLS.</summary>
public sealed class ForeignClientTests
{
    private static string Programs { get; } = Path.Combine(Repository.Root, "tests", "WireGuardian.MySql.Tests", "Authentication", "Programs");

    [Test]
    public async Task Pymysql([Values] MySqlFlavour flavour, [Values] bool clientTls, [Values] bool serverTls)
    {
        const string Interpreter = "/usr/bin/python3";
        // Without this package pymysql seals no password, and in clear has none to send.
        if ((await ProcessRunner.RunAsync(Interpreter, ["-c", "import pymysql, cryptography"])).ExitCode != 0)
            Assert.Ignore("pymysql and cryptography are not installed");
        await LogsInAsync(flavour, clientTls, serverTls, [Interpreter, Path.Combine(Programs, "pymysql_login.py")]);
    }

    [Test]
    public Task Mysql2([Values] MySqlFlavour flavour, [Values] bool clientTls, [Values] bool serverTls) =>
        LogsInByNodeAsync("mysql2", flavour, clientTls, serverTls);

    [Test]
    public Task MariaDbForNode([Values] MySqlFlavour flavour, [Values] bool clientTls, [Values] bool serverTls) =>
        LogsInByNodeAsync("mariadb", flavour, clientTls, serverTls);

    /// <summary>MariaDB's driver 2.7; a login to MySQL in clear needs the key of whoever it speaks to.</summary>
    [Test]
    public Task Jdbc([Values] MySqlFlavour flavour, [Values] bool clientTls, [Values] bool serverTls) => LogsInAsync(
        flavour, clientTls, serverTls, ["java", "-cp", "/usr/share/java/mariadb-java-client.jar", Path.Combine(Programs, "JdbcLogin.java")]);

    private static async Task LogsInByNodeAsync(string module, MySqlFlavour flavour, bool clientTls, bool serverTls)
    {
        var modules = Path.Combine(Repository.WorkFolder, "foreign-clients", "node_modules");
        if (!Directory.Exists(Path.Combine(modules, module)))
            Assert.Ignore("./test installs the JavaScript clients");
        await LogsInAsync(flavour, clientTls, serverTls, ["node", Path.Combine(Programs, $"{module}_login.cjs")], ("NODE_PATH", modules));
    }

    private static async Task LogsInAsync(
        MySqlFlavour flavour, bool clientTls, bool serverTls, string[] command, params (string Name, string Value)[] more)
    {
        var server = await SharedMySql.Get(flavour);
        await using var proxy = LoginTests.Proxy(server, serverTls);
        var account = AccountOf(flavour);
        var environment = new Dictionary<string, string?>
        {
            ["PORT"] = $"{proxy.Port}",
            ["LOGIN"] = account.User,
            ["PASSWORD"] = account.Password,
            ["AUTHORITY"] = clientTls ? SharedMySql.Certificates.AuthorityPath : "",
        };
        foreach (var (name, value) in more)
            environment[name] = value;
        var result = await ProcessRunner.RunAsync(command[0], command[1..], environment: environment);
        Assert.That(result.EnsureSuccess().Output, Is.EqualTo($"{account.User}@{MySqlServer.Host} True\n"));
        Assert.That((await proxy.LoginAsync()).Security, Is.EqualTo(new WireGuardian.MySql.Authentication.LegSecurity(clientTls, serverTls)));
    }

    private static MySqlAccount AccountOf(MySqlFlavour flavour) => flavour == MySqlFlavour.MariaDb ? MySqlAccounts.Native : MySqlAccounts.Sha2;
}
