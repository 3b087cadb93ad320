using System.Text.Json;
using MySql.Data.MySqlClient;
using WireGuardian.Testing.MySql;
using WireGuardian.Testing.Programs;

namespace WireGuardian.IntegrationTests.MySql;

/// <summary>Rules that name places in documents, on MySQL and MariaDB: a plain column is masked in places, whatever is computed from it as a whole.</summary>
[TestFixture(MySqlFlavour.MySql)]
[TestFixture(MySqlFlavour.MariaDb)]
public sealed class DocumentPathTests(MySqlFlavour flavour)
{
    private const string Mail = "ada@quetzal.example";
    private const string Profile = """{"name": "Ada", "contact": {"city": "Ulm", "email": "ada@quetzal.example"}}""";

    private const string Rules =
        """
        limits: { catalogTimeout: 60s }
        masking:
          - { name: mail, columns: ["*.persons.profile->'contact'->>'email'", "*.persons.body->**.email"], with: email }
          - { name: name, columns: ["*.persons.profile->>'name'"], with: token }
          - { name: anywhere, columns: ["**.secret"], with: "null" }
        copies: deny
        """;

    private static readonly string[] Schema =
    [
        "CREATE TABLE persons (id int PRIMARY KEY, profile json, body text, other json, words text)",
        $$"""INSERT INTO persons VALUES (1, '{{Profile}}', '{{Profile}}', '{"secret": ["a"], "b": {"secret": 1} }', '{"secret": "shown"}'), (2, NULL, 'no document but {{Mail}}', '[]', '')""",
        "CREATE VIEW persons_shown AS SELECT id, profile, json_extract(profile, '$.contact') AS contact FROM persons",
        "CREATE TABLE taken (id int, doc json)",
    ];

    private MySqlDatabase _database = null!;
    private TestProxy _proxy = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        var server = await SharedMySql.Get(flavour);
        _database = await server.CreateDatabaseAsync();
        foreach (var statement in Schema)
            await _database.ExecuteAsync(statement);
        _proxy = await ProxyAsync(Rules);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_proxy is not null)
            await _proxy.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }

    [Test]
    public async Task A_plain_column_is_masked_in_places([Values] bool prepared)
    {
        var row = (await ReadAsync("SELECT profile, body, other, words FROM persons ORDER BY id", prepared))[0];
        using var profile = JsonDocument.Parse(row[0]!);
        Assert.That(profile.RootElement.GetProperty("contact").GetProperty("email").GetString(), Is.EqualTo("a***@example"));
        Assert.That(profile.RootElement.GetProperty("contact").GetProperty("city").GetString(), Is.EqualTo("Ulm"));
        Assert.That(profile.RootElement.GetProperty("name").GetString(), Does.StartWith("tok_"));
        Assert.That(row[1], Is.EqualTo(Profile.Replace(Mail, "a***@example", StringComparison.Ordinal)));
        using var other = JsonDocument.Parse(row[2]!);
        Assert.That(other.RootElement.GetProperty("secret").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(other.RootElement.GetProperty("b").GetProperty("secret").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(row[3], Is.EqualTo("""{"secret": "shown"}"""), "text is named, or not meant");
    }

    [TestCase("SELECT profile FROM persons_shown WHERE id = 1")]
    [TestCase("SELECT p FROM (SELECT profile AS p FROM persons WHERE id = 1) d")]
    public async Task So_it_is_through_views_and_derived_tables(string sql)
    {
        var value = (await ReadAsync(sql, prepared: false))[0][0];
        Assert.That(value, Does.Contain("a***@example").And.Contain("Ulm").And.Contain("tok_").And.Not.Contain("Ada"));
    }

    [Test]
    public async Task What_is_no_document_is_masked_as_a_whole() =>
        Assert.That((await ReadAsync("SELECT body FROM persons WHERE id = 2", prepared: true))[0][0], Is.EqualTo(new string('*', "no document but ".Length + Mail.Length)));

    [TestCase("SELECT json_extract(profile, '$.contact.email') FROM persons")]
    [TestCase("SELECT json_unquote(json_extract(profile, '$.contact.email')) FROM persons")]
    [TestCase("SELECT json_value(profile, '$.contact.email') FROM persons")]
    [TestCase("SELECT json_keys(profile), json_search(profile, 'one', 'ada%') FROM persons")]
    [TestCase("SELECT concat(profile, '') FROM persons")]
    [TestCase("SELECT CAST(profile AS char) FROM persons")]
    [TestCase("SELECT upper(profile) FROM persons")]
    [TestCase("SELECT json_merge_patch(profile, '{}') FROM persons")]
    [TestCase("SELECT json_arrayagg(profile) FROM persons")]
    [TestCase("SELECT json_objectagg(id, body) FROM persons")]
    [TestCase("SELECT group_concat(body) FROM persons")]
    [TestCase("SELECT contact FROM persons_shown")]
    [TestCase("SELECT max(profile) FROM persons")]
    [TestCase("SELECT profile FROM persons UNION SELECT upper(body) FROM persons")]
    [TestCase("SELECT t.e FROM persons, json_table(profile, '$.contact' COLUMNS (e varchar(60) PATH '$.email')) t")]
    [TestCase("SELECT substring_index(body, 'email', -1) FROM persons")]
    [TestCase("INSERT INTO taken SELECT id, profile FROM persons")]
    [TestCase("UPDATE persons SET profile = json_set(profile, '$.free', json_extract(profile, '$.contact.email'))")]
    [TestCase("CREATE TABLE taken_too AS SELECT profile FROM persons")]
    [TestCase("SELECT extractvalue(profile, concat('//', json_extract(profile, '$.contact.email'))) FROM persons")]
    public async Task No_statement_shows_what_is_masked(string sql)
    {
        foreach (var prepared in new[] { false, true })
        {
            string shown;
            try
            {
                shown = string.Join('|', (await ReadAsync(sql, prepared)).SelectMany(row => row));
            }
            catch (MySqlException refused)
            {
                shown = refused.Message;
            }
            Assert.That(shown, Does.Not.Contain("quetzal").IgnoreCase);
        }
        Assert.That((await ReadAsync("SELECT profile FROM persons WHERE id = 1", prepared: false))[0][0], Does.Not.Contain("quetzal"));
    }

    [Test]
    public async Task A_document_that_is_larger_than_the_buffer_is_masked_as_it_passes()
    {
        await _database.ExecuteAsync("CREATE TABLE IF NOT EXISTS large (id int, body longtext)");
        await _database.ExecuteAsync($"INSERT INTO large VALUES (1, concat('{{\"email\": \"{Mail}', repeat('x', 300000), '\", \"city\": \"', repeat('y', 300000), '\"}}'))");
        await using var proxy = await ProxyAsync("""
            limits: { catalogTimeout: 60s }
            masking:
              - { name: mail, columns: ["*.large.body->>'email'"], with: redact }
            """);
        foreach (var prepared in new[] { false, true })
        {
            using var document = JsonDocument.Parse((await ReadAsync("SELECT body FROM large", prepared, proxy))[0][0]!);
            Assert.That(document.RootElement.GetProperty("email").GetString(), Is.EqualTo(new string('*', 300_000 + Mail.Length)));
            Assert.That(document.RootElement.GetProperty("city").GetString(), Is.EqualTo(new string('y', 300_000)));
        }
    }

    private Task<TestProxy> ProxyAsync(string rules) => TestProxy.StartAsync(
        $$$"""
        listeners:
          - name: app
            protocol: mysql
            listen: "{{listen}}"
            upstream: "{{{_database.Server.Endpoint}}}"
            upstreamTls: { mode: prefer }
            catalog: { username: {{{MySqlAccounts.Root.User}}}, password: {{{MySqlAccounts.Root.Password}}} }
        {{{rules}}}
        """);

    private async Task<List<string?[]>> ReadAsync(string sql, bool prepared, TestProxy? proxy = null)
    {
        var settings = new MySqlConnectionStringBuilder
        {
            Server = MySqlServer.Host,
            Port = (uint)(proxy ?? _proxy).Port,
            Database = _database.Name,
            UserID = MySqlAccounts.App.User,
            Password = MySqlAccounts.App.Password,
            SslMode = MySqlSslMode.None,
            AllowPublicKeyRetrieval = true,
            IgnorePrepare = false,
            Pooling = false,
        };
        await using var connection = new MySqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        if (prepared)
            await command.PrepareAsync();
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string?[]>();
        while (await reader.ReadAsync())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(column => reader.IsDBNull(column) ? null : Convert.ToString(reader.GetValue(column), System.Globalization.CultureInfo.InvariantCulture))]);
        return rows;
    }
}
