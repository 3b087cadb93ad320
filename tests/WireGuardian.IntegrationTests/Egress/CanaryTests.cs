using System.Text;
using WireGuardian.Testing.MySql;
using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Processes;
using WireGuardian.Testing.Programs;
using WireGuardian.Testing.Tls;
using WireGuardian.Testing.Wire;

namespace WireGuardian.IntegrationTests.Egress;

/// <summary>No mask is configured: whatever brings a planted value, it does not reach a real client, and the find is on record without it.</summary>
[TestFixture]
public sealed class CanaryTests
{
    private const string Value = "planted-value-4711";

    private const string Canaries =
        """
        canaries:
          - { name: people, value: planted-value-4711 }
          - { name: elsewhere, value: planted-value-0815, listeners: [app] }
        operators: [{ name: dana, token: token-of-dana-0123456789 }]
        """;

    [TestCase("select * from kept")]
    [TestCase("select 'planted-value-' || 4711")]
    [TestCase("select repeat('x', 200000) || s from kept")]
    [TestCase("copy kept to stdout")]
    [TestCase("do $$ begin raise notice '%', (select s from kept); end $$")]
    [TestCase("select s::int from kept")]
    [TestCase("set application_name = 'planted-value-4711'")]
    [TestCase("select 1 as \"planted-value-4711\"")]
    [TestCase("listen x; select pg_notify('x', s) from kept")]
    public async Task Psql_is_not_sent_it(string sql)
    {
        await using var database = await (await SharedPostgres.Version15).CreateDatabaseAsync($"create table kept (s text); insert into kept values ('{Value}')");
        await using var proxy = await TestProxy.InFrontOfAsync(database.Server, Canaries);
        var target = proxy.Psql(database.Name, PostgresServer.Superuser, PostgresServer.SuperuserPassword);
        var result = await Psql.RunAsync(target, sql);
        Assert.That(result.ExitCode, Is.Not.Zero);
        Assert.That(result.Output + result.Error, Does.Not.Contain(Value));
        // In the middle of a row nothing can be said.
        Assert.That(result.Error, Does.Contain("the session was ended: the answer holds the canary \"people\"").Or.Contain("server closed the connection unexpectedly"));
        Assert.That((await Psql.RunAsync(target, "select 'other words'")).Output, Is.EqualTo("other words\n"));
        await AssertReportedAsync(proxy, "postgres", PostgresServer.Superuser, database.Name);
    }

    [Test]
    public async Task Psql_is_told_why()
    {
        await using var database = await (await SharedPostgres.Version15).CreateDatabaseAsync($"create table kept (s text); insert into kept values ('{Value}')");
        await using var proxy = await TestProxy.InFrontOfAsync(database.Server, Canaries);
        var result = await Psql.RunAsync(proxy.Psql(database.Name, PostgresServer.Superuser, PostgresServer.SuperuserPassword), "select s from kept");
        Assert.That(result.Error, Does.Contain("FATAL:  the session was ended: the answer holds the canary \"people\""));
    }

    [Test]
    public async Task A_login_that_would_show_it_fails()
    {
        await using var database = await (await SharedPostgres.Version15).CreateDatabaseAsync();
        await using var proxy = await TestProxy.InFrontOfAsync(database.Server, Canaries);
        var target = proxy.Psql(database.Name, Value, "any");
        var result = await Psql.RunAsync(target, "select 1");
        Assert.That(result.ExitCode, Is.Not.Zero);
        Assert.That(result.Error, Does.Contain("a connection broke during the login"), "the server says: password authentication failed for user …");
        Assert.That(await proxy.ReadMetricsAsync(), Does.Contain("wireguardian_canaries_found_total{canary=\"people\",listener=\"app\",protocol=\"postgres\"} 1"));
    }

    [Test]
    public async Task TLS_hides_it_from_nobody()
    {
        using var certificates = new Certificates();
        await using var database = await (await SharedPostgres.Version15).CreateDatabaseAsync();
        await using var proxy = await TestProxy.InFrontOfAsync(
            database.Server, Canaries, $"tls: {{ mode: require, certificate: {certificates.Server.CertificatePath}, key: {certificates.Server.KeyPath} }}");
        var result = await Psql.RunAsync(
            proxy.Psql(database.Name, PostgresServer.Superuser, PostgresServer.SuperuserPassword, "require"), "select 'planted-value-' || 4711");
        Assert.That(result.Error, Does.Contain("the answer holds the canary \"people\""));
    }

    [Test]
    public async Task SIGHUP_takes_canaries_in_and_out_in_open_sessions()
    {
        await using var database = await (await SharedPostgres.Version15).CreateDatabaseAsync();
        await using var proxy = await TestProxy.InFrontOfAsync(database.Server, "operators: [{ name: dana, token: token-of-dana-0123456789 }]");
        await using var client = await WireClient.LogInAsync(proxy.Port, PostgresServer.Superuser, PostgresServer.SuperuserPassword, database.Name);
        Assert.That((await client.QueryAsync($"select '{Value}'"))[1].Texts[0], Is.EqualTo(Value));
        await proxy.ReloadAsync(await File.ReadAllTextAsync(proxy.ConfigurationPath) + $"\ncanaries: [{{ name: people, value: {Value} }}]\n");
        await proxy.Process.WaitForErrorAsync(line => line.Contains("reloaded", StringComparison.Ordinal));
        await client.SendAsync(FrontendMessage.Query($"select '{Value}'"));
        Assert.That(Encoding.UTF8.GetString(await client.ReadToEndAsync()), Does.Contain("the canary \"people\"").And.Not.Contain(Value));
    }

    [TestCase("select * from kept", false)]
    [TestCase("select * from kept", true)]
    [TestCase("select concat(repeat('x', 200000), s) from kept", false)]
    [TestCase("select concat(repeat('x', 200000), s) from kept", true)]
    [TestCase("call read_it()", false)]
    [TestCase("set @m = concat('planted-value-', 4711); signal sqlstate '45000' set message_text = @m", false)]
    public async Task The_mariadb_command_line_is_not_sent_it(string sql, bool compressed)
    {
        foreach (var flavour in Enum.GetValues<MySqlFlavour>())
        {
            var server = await SharedMySql.Get(flavour);
            await using var database = await server.CreateDatabaseAsync(
                "create table kept (s varchar(40))", $"insert into kept values ('{Value}')", "create procedure read_it() select s from kept");
            await using var proxy = await MySqlProxyAsync(server);
            var result = await CommandLineAsync(server, proxy, sql, database, compressed);
            Assert.That(result.ExitCode, Is.Not.Zero);
            Assert.That(result.Output + result.Error, Does.Not.Contain(Value));
            Assert.That(result.Error, Does.Contain("the session was ended: the answer holds the canary \"people\"").Or.Contain("Lost connection"));
            Assert.That((await CommandLineAsync(server, proxy, "select 'other words'", database)).Output, Is.EqualTo("other words\n"));
            await AssertReportedAsync(proxy, "mysql", MySqlAccounts.App.User, database.Name);
        }
    }

    [Test]
    public async Task The_mariadb_command_line_is_told_why([Values] MySqlFlavour flavour)
    {
        var server = await SharedMySql.Get(flavour);
        await using var database = await server.CreateDatabaseAsync();
        await using var proxy = await MySqlProxyAsync(server);
        var result = await CommandLineAsync(server, proxy, "select concat('planted-value-', 4711)", database);
        Assert.That(result.Error, Does.Contain("the session was ended: the answer holds the canary \"people\""));
    }

    private static Task<ProcessResult> CommandLineAsync(MySqlServer server, TestProxy proxy, string sql, MySqlDatabase database, bool compressed = false) =>
        server.CommandLineAsync(
            proxy.Port, sql, MySqlAccounts.App, database.Name,
            server.Flavour == MySqlFlavour.MySql
                ? ["--get-server-public-key", .. compressed ? ["--compression-algorithms=zlib"] : Array.Empty<string>()]
                : compressed ? ["--compress"] : []);

    private static Task<TestProxy> MySqlProxyAsync(MySqlServer server) => TestProxy.StartAsync(
        $$$"""
        listeners:
          - name: app
            protocol: mysql
            listen: "{{listen}}"
            upstream: "{{{server.Endpoint}}}"
            upstreamTls: { mode: prefer }
        {{{Canaries}}}
        """);

    private static async Task AssertReportedAsync(TestProxy proxy, string protocol, string user, string database)
    {
        Assert.That(await proxy.ReadMetricsAsync(), Does.Contain($"wireguardian_canaries_found_total{{canary=\"people\",listener=\"app\",protocol=\"{protocol}\"}} 1"));
        var audit = (await proxy.WgctlAsync("token-of-dana-0123456789", "audit", "--output", "json")).EnsureSuccess().Output;
        using var records = System.Text.Json.JsonDocument.Parse(audit);
        var record = records.RootElement.EnumerateArray().Single(one => one.GetProperty("event").GetString() == "canary");
        Assert.That(record.GetProperty("principal").GetString(), Is.EqualTo(user));
        Assert.That(record.GetProperty("database").GetString(), Is.EqualTo(database));
        Assert.That(record.GetProperty("rule").GetString(), Is.EqualTo("people"));
        Assert.That(proxy.Log, Does.Contain("canary people was about to be sent to").And.Not.Contain(Value));
        Assert.That(record.GetRawText(), Does.Not.Contain(Value));
    }
}
