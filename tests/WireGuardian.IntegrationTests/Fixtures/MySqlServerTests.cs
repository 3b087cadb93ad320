using WireGuardian.Testing.MySql;

namespace WireGuardian.IntegrationTests.Fixtures;

public sealed class MySqlServerTests
{
    [TestCase(MySqlFlavour.MariaDb, "10.11.")]
    [TestCase(MySqlFlavour.MySql, "9.7.")]
    public async Task Each_server_starts_and_answers_as_itself(MySqlFlavour flavour, string version)
    {
        await using var server = await MySqlServer.StartAsync(flavour);
        Assert.That(await server.ScalarAsync("select version()"), Does.StartWith(version));
        Assert.That(await server.ScalarAsync("select @@ssl_ca is null"), Is.Not.Null);
    }

    [Test]
    public async Task Every_account_logs_in_through_the_servers_own_command_line([Values] MySqlFlavour flavour)
    {
        var server = await SharedMySql.Get(flavour);
        foreach (var account in MySqlAccounts.Of(flavour))
        {
            var result = await server.CommandLineAsync(server.Port, "select user()", account);
            Assert.That(result.EnsureSuccess().Output, Is.EqualTo($"{account.User}@127.0.0.1\n"));
        }
    }

    [Test]
    public async Task A_server_with_certificates_speaks_tls_with_a_certificate_of_its_authority([Values] MySqlFlavour flavour)
    {
        var server = await SharedMySql.Get(flavour);
        var result = await server.CommandLineAsync(
            server.Port, "show status like 'ssl_version'", MySqlAccounts.App, arguments: [$"--ssl-ca={SharedMySql.Certificates.AuthorityPath}"]);
        Assert.That(result.EnsureSuccess().Output, Is.EqualTo("Ssl_version\tTLSv1.3\n"));
    }

    [Test]
    public async Task A_database_of_a_tests_own_holds_its_data_and_is_dropped([Values] MySqlFlavour flavour)
    {
        var server = await SharedMySql.Get(flavour);
        string name;
        await using (var database = await server.CreateDatabaseAsync("create table t (id int, note text)", "insert into t values (1, null), (2, 'ü')"))
        {
            name = database.Name;
            await using var client = await database.OpenAsync(MySqlAccounts.App);
            Assert.That(await client.RowsAsync("select id, note from t order by id"), Is.EqualTo(new string?[][] { ["1", null], ["2", "ü"] }));
        }
        Assert.That(await server.ScalarAsync($"select count(*) from information_schema.schemata where schema_name = '{name}'"), Is.EqualTo("0"));
    }

    [Test]
    public async Task A_stopped_server_comes_back_on_its_port_with_its_data([Values] MySqlFlavour flavour)
    {
        await using var server = await MySqlServer.StartAsync(flavour, new MySqlServerOptions { Sql = ["CREATE DATABASE kept"] });
        await server.StopAsync(Testing.Processes.Signal.Terminate);
        await server.StartAgainAsync();
        Assert.That(await server.ScalarAsync("select count(*) from information_schema.schemata where schema_name = 'kept'"), Is.EqualTo("1"));
    }
}
