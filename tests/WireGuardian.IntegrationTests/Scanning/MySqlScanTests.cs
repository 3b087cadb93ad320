using System.Text.Json;
using WireGuardian.Testing.MySql;
using WireGuardian.Testing.Processes;

namespace WireGuardian.IntegrationTests.Scanning;

/// <summary><c>wireguardian scan</c> on MySQL and MariaDB.</summary>
[TestFixture(MySqlFlavour.MariaDb)]
[TestFixture(MySqlFlavour.MySql)]
public sealed class MySqlScanTests(MySqlFlavour flavour)
{
    private const string Card = "4111111111111111";
    private const string Domain = "quetzal.example";

    private static readonly MySqlAccount Reader = new("scan_reader", "scan-reader-password", "");

    private MySqlDatabase _database = null!;
    private ScanCommandLine _line = null!;

    private static string Digits(string name) => $"(SELECT 0 AS {name} UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9) AS t{name}";

    [OneTimeSetUp]
    public async Task Start()
    {
        var server = await SharedMySql.Get(flavour);
        var numbers = $"(SELECT a + 10 * b + 100 * c + 1 AS i FROM {Digits("a")}, {Digits("b")}, {Digits("c")}) AS numbers";
        _database = await server.CreateDatabaseAsync(
            "CREATE TABLE people (id int PRIMARY KEY, name varchar(40), email varchar(60), card bigint, ssn char(11), date_of_birth date, city text, salary decimal(20,2))",
            $"INSERT INTO people SELECT i, 'Ada', concat('p', i, '@{Domain}'), {Card}, '123-45-6789', '1980-05-17', 'Lisbon', i FROM {numbers}",
            "CREATE TABLE notes (id int, body mediumtext, profile json, picture blob)",
            $"INSERT INTO notes SELECT i, if(i % 10 = 0, concat('write to p', i, '@{Domain}, please'), 'the parcel'), concat('{{\"contact\": {{\"email\": \"p', i, '@{Domain}\"}}, \"n\": 1}}'), 'p1@{Domain}' FROM {numbers}",
            "CREATE TABLE big (id bigint unsigned PRIMARY KEY, email varchar(60))",
            $"INSERT INTO big SELECT i * 1000 + a, concat('p', i, '@{Domain}') FROM {numbers}, {Digits("a")}",
            "CREATE TABLE pairs (a int, b varchar(20), email varchar(60), PRIMARY KEY (a, b))",
            $"INSERT INTO pairs SELECT i, ta.a, concat('p', i, '@{Domain}') FROM {numbers}, {Digits("a")}",
            "ANALYZE TABLE big, pairs",
            "CREATE TABLE `odd.\"one\" ``*` (id int, `e.mail` varchar(60), clean varchar(20))",
            $"INSERT INTO `odd.\"one\" ``*` SELECT i, concat('p', i, '@{Domain}'), 'clean' FROM {numbers}",
            "CREATE TABLE secret (id int, email varchar(60))",
            $"INSERT INTO secret VALUES (1, 'p1@{Domain}')",
            "CREATE TABLE halved (id int, email varchar(60), other varchar(60))",
            $"INSERT INTO halved VALUES (1, 'p1@{Domain}', 'p1@{Domain}')",
            "CREATE TABLE locked (id int, email varchar(60))",
            "CREATE VIEW viewed AS SELECT id, email FROM people",
            "CREATE VIEW slow AS SELECT if(sleep(300), 'x', 'y') AS body");
        await server.ExecuteAsync(_database.Name, MySqlAccounts.Create(Reader, flavour), $"GRANT REFERENCES, SHOW VIEW, TRIGGER ON *.* TO '{Reader.User}'@'%'");
        foreach (var table in new[] { "people", "notes", "big", "pairs", "`odd.\"one\" ``*`", "locked", "viewed", "slow" })
            await server.ExecuteAsync(_database.Name, $"GRANT SELECT ON {table} TO '{Reader.User}'@'%'");
        await server.ExecuteAsync(_database.Name, $"GRANT SELECT (email) ON halved TO '{Reader.User}'@'%'");
        _line = new ScanCommandLine("mysql", server.Endpoint, Reader.User, Reader.Password, $"masking: [{{ name: identity, columns: [\"*.PEOPLE.ssn\"], with: redact }}]");
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _line?.Dispose();
        if (_database is not null)
        {
            await _database.Server.ExecuteAsync("", $"DROP USER '{Reader.User}'@'%'");
            await _database.DisposeAsync();
        }
    }

    [Test]
    public async Task Planted_columns_are_proposed_clean_ones_are_not_and_no_value_is_shown()
    {
        var result = await ScanAsync();
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        AssertShowsNoValue(result);
        foreach (var column in new[] { "people.email", "people.card", "people.date_of_birth", "big.email", "pairs.email", "halved.email", "\\\"odd.?one? `?\\\".\\\"e.mail\\\"" })
            Assert.That(result.Output, Does.Contain($"- \"{_database.Name}.{column}\"\n"));
        foreach (var clean in new[] { ".name", ".city", ".clean", ".picture", "viewed", ".salary", ".other" })
            Assert.That(result.Output, Does.Not.Contain(clean));
        Assert.That(result.Output, Does.Contain($"{_database.Name}.people.ssn\n").And.Contain("Masked by rule identity already"));
        Assert.That(result.Output, Does.Contain($"{_database.Name}.notes.body\"").And.Contain($"{_database.Name}.notes.profile\""));
        Assert.That(result.Error, Does.Contain($"{_database.Name}.secret: the catalog login may not read it\n").And.Contain($"{_database.Name}.halved: the catalog login may not read 2 of 3 columns\n"));
    }

    [Test]
    public async Task Check_takes_the_proposal()
    {
        using var bare = new ScanCommandLine("mysql", _database.Server.Endpoint, Reader.User, Reader.Password);
        var check = await bare.CheckAsync((await ScanAsync()).Output);
        Assert.That((check.ExitCode, check.Error), Is.EqualTo((0, "")));
        Assert.That(check.Output, Does.Contain("found-email-address"));
    }

    [Test]
    public async Task Large_tables_are_read_in_several_places_and_never_more_than_was_asked_for([Values("big", "pairs")] string table)
    {
        var document = JsonDocument.Parse((await ScanAsync("--table", table, "--rows", "200", "--output", "json")).Output).RootElement;
        Assert.That(document.GetProperty("columns")[0].GetProperty("rows").GetInt32(), Is.InRange(100, 200));
    }

    [Test]
    public async Task A_locked_table_is_named_and_the_rest_read()
    {
        await using var client = await _database.OpenAsync();
        await client.RowsAsync("LOCK TABLES locked WRITE");
        var result = await ScanAsync("--table", "locked", "--table", "big");
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(result.Error, Does.Contain($"{_database.Name}.locked: somebody has locked it (error 1205)"));
        Assert.That(result.Output, Does.Contain(".big.email\""));
    }

    [Test]
    public async Task Views_are_read_when_asked_for_and_one_that_takes_too_long_does_not_stop_the_rest()
    {
        var result = await ScanAsync("--views", "--table", "slow", "--table", "viewed", "--timeout", "1s");
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(result.Output, Does.Contain(".viewed.email\""));
        AssertShowsNoValue(result);
    }

    [Test]
    public async Task A_wrong_password_is_a_failure()
    {
        using var wrong = new ScanCommandLine("mysql", _database.Server.Endpoint, Reader.User, "wrong-password");
        var refused = await wrong.ScanAsync();
        Assert.That((refused.ExitCode, refused.Output), Is.EqualTo((1, "")));
        Assert.That(refused.Error, Does.Contain("1045").And.Not.Contain("wrong-password"));
    }

    private Task<ProcessResult> ScanAsync(params string[] arguments) => _line.ScanAsync(["--schema", _database.Name, .. arguments]);

    private static void AssertShowsNoValue(ProcessResult result)
    {
        foreach (var value in new[] { Domain, Card, "123-45", "1980", "Lisbon", "parcel" })
            Assert.That(result.Output + result.Error, Does.Not.Contain(value));
    }
}
