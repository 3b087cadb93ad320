using WireGuardian.Testing.MySql;
using WireGuardian.Testing.Programs;

namespace WireGuardian.IntegrationTests.MySql;

/// <summary>A rule names a column as it stood when it was loaded: names that change, or change places, take no mask off.</summary>
[TestFixture(MySqlFlavour.MariaDb, true)]
[TestFixture(MySqlFlavour.MariaDb, false)]
[TestFixture(MySqlFlavour.MySql, true)]
[TestFixture(MySqlFlavour.MySql, false)]
public sealed class RenameTests(MySqlFlavour flavour, bool seesIdentities)
{
    private const string Masked = "**************";

    private MySqlDatabase _database = null!;
    private TestProxy _proxy = null!;

    [SetUp]
    public async Task Start()
    {
        var server = await SharedMySql.Get(flavour);
        var login = seesIdentities ? MySqlAccounts.Root : new MySqlAccount("looker", "looker-secret", "");
        if (!seesIdentities)
        {
            await server.ExecuteAsync(
                "", $"CREATE USER IF NOT EXISTS '{login.User}'@'%' IDENTIFIED BY '{login.Password}'", $"GRANT SELECT, SHOW VIEW, TRIGGER{(flavour == MySqlFlavour.MySql ? ", SHOW_ROUTINE" : "")} ON *.* TO '{login.User}'@'%'");
        }
        _database = await server.CreateDatabaseAsync(
            "CREATE TABLE people (id int PRIMARY KEY, name varchar(40), ssn varchar(40))", "INSERT INTO people VALUES (1, 'Ada', 'canaryone-7391')",
            "CREATE TABLE archive (id int PRIMARY KEY, name varchar(40), ssn varchar(40))", "INSERT INTO archive VALUES (1, 'Old', 'harmless')");
        _proxy = await TestProxy.StartAsync(
            $$$"""
            listeners:
              - name: app
                protocol: mysql
                listen: "{{listen}}"
                upstream: "{{{server.Endpoint}}}"
                upstreamTls: { mode: off }
                catalog: { username: {{{login.User}}}, password: {{{login.Password}}} }
            limits: { catalogTimeout: 60s }
            masking: [{ name: identity, columns: ["{{{_database.Name}}}.people.ssn"], with: redact }]
            """);
        Assert.That(await SeenAsync("SELECT ssn FROM people"), Is.EqualTo(Masked));
        Assert.That(await SeenAsync("SELECT ssn FROM archive"), Is.EqualTo("harmless"));
    }

    [TearDown]
    public async Task Stop()
    {
        if (_proxy is not null)
            await _proxy.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }

    [Test]
    public async Task Two_tables_swapped_through_the_proxy()
    {
        await ThroughProxyAsync("RENAME TABLE people TO t, archive TO people, t TO archive");
        Assert.That(await SeenAsync("SELECT ssn FROM archive"), Is.EqualTo(Masked));
    }

    [Test]
    public async Task Two_tables_swapped_through_the_proxy_in_steps([Values] bool prepared)
    {
        foreach (var step in new[] { "ALTER TABLE people RENAME TO t", "ALTER TABLE archive RENAME AS people", "RENAME TABLE t TO archive" })
            await ThroughProxyAsync(prepared ? $"PREPARE p FROM '{step}'; EXECUTE p" : step);
        Assert.That(await SeenAsync("SELECT ssn FROM archive"), Is.EqualTo(Masked));
    }

    [Test]
    public async Task Two_tables_swapped_around_the_proxy()
    {
        if (!seesIdentities)
            Assert.Ignore("a catalog login without the right PROCESS does not see which table is which");
        await _database.ExecuteAsync("RENAME TABLE people TO t, archive TO people, t TO archive");
        await AssertComesToBeMaskedAsync("SELECT ssn FROM archive");
    }

    [Test]
    public async Task A_table_renamed_or_moved_around_the_proxy()
    {
        await _database.ExecuteAsync("RENAME TABLE people TO persons");
        await AssertComesToBeMaskedAsync("SELECT ssn FROM persons");
        await _database.ExecuteAsync($"CREATE DATABASE {_database.Name}_b", $"RENAME TABLE persons TO {_database.Name}_b.others");
        await AssertComesToBeMaskedAsync($"SELECT ssn FROM {_database.Name}_b.others");
        await _database.ExecuteAsync($"DROP DATABASE {_database.Name}_b");
    }

    [Test]
    public async Task Two_columns_swapped([Values] bool throughProxy)
    {
        const string Swap = "ALTER TABLE people RENAME COLUMN name TO ssn, RENAME COLUMN ssn TO name";
        if (throughProxy)
            await ThroughProxyAsync(Swap);
        else
            await _database.ExecuteAsync(Swap);
        await AssertComesToBeMaskedAsync("SELECT name FROM people");
    }

    [Test]
    public async Task A_column_that_is_added_before_moves_no_mask()
    {
        await ThroughProxyAsync("ALTER TABLE people ADD COLUMN title varchar(40) DEFAULT 'Dr' AFTER id");
        Assert.That(await SeenAsync("SELECT name FROM people"), Is.EqualTo("Ada"));
        Assert.That(await SeenAsync("SELECT ssn FROM people"), Is.EqualTo(Masked));
        Assert.That(await SeenAsync("SELECT ssn FROM archive"), Is.EqualTo("harmless"));
    }

    private async Task ThroughProxyAsync(string sql)
    {
        await using var client = await OpenAsync();
        Assert.That((await client.QueryAsync(sql))[^1].IsOk, sql);
    }

    private async Task<string?> SeenAsync(string sql)
    {
        await using var client = await OpenAsync();
        return (await client.RowsAsync(sql))[0][0];
    }

    /// <summary>The proxy looks every two seconds, and less often where looking takes long.</summary>
    private async Task AssertComesToBeMaskedAsync(string sql)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        string? seen = null;
        while (seen != Masked && !patience.IsCancellationRequested)
            seen = await SeenAsync(sql);
        Assert.That(seen, Is.EqualTo(Masked), sql);
    }

    private async Task<MySqlWireClient> OpenAsync()
    {
        var client = await MySqlWireClient.LogInAsync(
            _proxy.Port, new MySqlLogin(MySqlAccounts.App, _database.Name) { Capabilities = MySqlCapabilities.Plain | MySqlCapabilities.MultiStatements });
        client.Timeout = TimeSpan.FromSeconds(60);
        return client;
    }
}
