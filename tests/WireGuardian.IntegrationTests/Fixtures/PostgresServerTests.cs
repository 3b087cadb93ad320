using Npgsql;
using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Processes;
using WireGuardian.Testing.Tls;

namespace WireGuardian.IntegrationTests.Fixtures;

public sealed class PostgresServerTests
{
    [TestCase(PostgresVersion.Version14)]
    [TestCase(PostgresVersion.Version15)]
    [TestCase(PostgresVersion.Version16)]
    [TestCase(PostgresVersion.Version17)]
    [TestCase(PostgresVersion.Version18)]
    public async Task Every_version_starts_and_answers_as_itself(PostgresVersion version)
    {
        await using var server = await PostgresServer.StartAsync(version);
        Assert.That(await server.ScalarAsync("select current_setting('server_version_num')::int / 10000"), Is.EqualTo((int)version));
    }

    [Test]
    public async Task A_server_with_certificates_speaks_tls_with_a_certificate_of_its_authority()
    {
        using var certificates = new Certificates();
        await using var server = await PostgresServer.StartAsync(
            PostgresVersion.Version18, new PostgresServerOptions { Certificates = certificates });
        var result = await Psql.RunAsync(
            new PsqlTarget(
                "127.0.0.1", server.Port, "postgres", PostgresServer.Superuser, PostgresServer.SuperuserPassword, "verify-full", certificates.AuthorityPath),
            "select ssl from pg_stat_ssl where pid = pg_backend_pid()");
        Assert.That(result.EnsureSuccess().Output, Is.EqualTo("t\n"));
    }

    [Test]
    public async Task Options_reach_the_server()
    {
        await using var server = await PostgresServer.StartAsync(PostgresVersion.Version15, new PostgresServerOptions
        {
            HostBasedAuthentication = ["host all app 127.0.0.1/32 trust", "host all all 127.0.0.1/32 scram-sha-256"],
            Settings = new Dictionary<string, string> { ["app.motto"] = "it's" },
            Sql = "create role app login; create table t as select 1 as id;",
        });
        var shown = await server.PsqlAsync("show app.motto; select count(*) from pg_tables where tablename = 't'", user: "app", password: "none needed");
        Assert.That(shown.EnsureSuccess().Output, Is.EqualTo("it's\n1\n"));
    }

    [Test]
    public async Task A_server_that_cannot_start_tells_what_its_log_says()
    {
        var options = new PostgresServerOptions { Settings = new Dictionary<string, string> { ["no_such_setting"] = "1" } };
        Assert.That(
            async () => await PostgresServer.StartAsync(PostgresVersion.Version15, options),
            Throws.InvalidOperationException.With.Message.Contains("unrecognized configuration parameter \"no_such_setting\""));
    }

    [Test]
    public async Task A_stopped_server_comes_back_on_its_port_with_its_data()
    {
        await using var server = await PostgresServer.StartAsync(PostgresVersion.Version15, new PostgresServerOptions { Sql = "create table t()" });
        var port = server.Port;
        await server.StopAsync(Signal.Interrupt);
        Assert.That(async () => await server.OpenAsync(), Throws.InstanceOf<NpgsqlException>());
        await server.StartAgainAsync();
        Assert.That(server.Port, Is.EqualTo(port));
        Assert.That(await server.ScalarAsync("select count(*) from t"), Is.EqualTo(0L));
    }

    [Test]
    public async Task A_disposed_server_leaves_neither_process_nor_files()
    {
        var server = await PostgresServer.StartAsync(PostgresVersion.Version15);
        var process = server.ProcessId;
        var folder = server.DataDirectory;
        await server.DisposeAsync();
        Assert.That(Directory.Exists(folder), Is.False);
        Assert.That(Directory.Exists($"/proc/{process}"), Is.False);
    }

    [Test]
    public async Task Databases_of_a_shared_server_do_not_see_each_other()
    {
        var server = await SharedPostgres.Version15;
        await using var one = await server.CreateDatabaseAsync("create table only_here()");
        await using var other = await server.CreateDatabaseAsync();
        Assert.That(await one.ScalarAsync("select to_regclass('only_here')::text"), Is.EqualTo("only_here"));
        Assert.That(await other.ScalarAsync("select to_regclass('only_here')::text"), Is.Null);
    }
}
