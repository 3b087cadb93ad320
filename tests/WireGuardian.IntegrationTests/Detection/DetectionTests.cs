using System.Text;
using System.Text.Json;
using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Processes;
using WireGuardian.Testing.Programs;
using WireGuardian.Testing.Wire;
using Built = WireGuardian.Testing.Programs.Program;

namespace WireGuardian.IntegrationTests.Detection;

/// <summary>Values that no masking rule names, from a real server: found by what they look like, in text and binary, in documents and arrays, in COPY and errors.</summary>
[TestFixture(PostgresVersion.Version15)]
[TestFixture(PostgresVersion.Version18)]
public sealed class DetectionTests(PostgresVersion version)
{
    private const string Mail = "ada@quetzal.example";
    private const string Stars = "*******************";

    private const string Schema =
        $$"""
        CREATE TABLE notes (id int, body text, profile json, kept jsonb, mails text[], amount numeric, seen inet, excluded text);
        INSERT INTO notes VALUES
            (1, 'write to {{Mail}} today', '{"name": "Ada", "mail": "{{Mail}}", "n": [1, true]}', '{"name": "Ada", "mail": "{{Mail}}"}',
             ARRAY['plain', '{{Mail}}'], 4111111111111111, '203.0.113.77', '{{Mail}}'),
            (2, 'nothing', '{}', '{}', '{}', 12.5, NULL, 'nothing');
        CREATE TABLE audit (id int, body text);
        INSERT INTO audit VALUES (1, '{{Mail}}');
        CREATE TABLE observed (id int, body text);
        INSERT INTO observed VALUES (1, '{{Mail}}');
        CREATE VIEW shown AS SELECT id, body FROM notes;
        CREATE TABLE large (id int, body text);
        INSERT INTO large SELECT 1, repeat('x', 300000) || ' {{Mail}} ' || repeat('y', 300000);
        CREATE EXTENSION hstore;
        CREATE TABLE stored (pairs hstore);
        INSERT INTO stored VALUES ('name => Ada, mail => "{{Mail}}", "say \"hi\"" => NULL');
        CREATE ROLE exempted LOGIN SUPERUSER PASSWORD 'exempted-password';
        """;

    private const string Rules =
        """
        limits: { catalogTimeout: 60s }
        operators: [{ name: dana, token: token-of-dana-0123456789 }]
        detection:
          - { name: observed, columns: ["public.observed.*"], observe: true }
          - { name: all, exclude: ["public.audit.*", "*.*.excluded"], exempt: [exempted] }
        """;

    private PostgresDatabase _database = null!;
    private TestProxy _proxy = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        var server = await SharedPostgres.Get(version);
        _database = await server.CreateDatabaseAsync(Schema);
        _proxy = await TestProxy.InFrontOfAsync(server, Rules);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_proxy is not null)
            await _proxy.DisposeAsync();
        if (_database is not null)
        {
            await _database.ExecuteAsync("DROP ROLE exempted");
            await _database.DisposeAsync();
        }
    }

    [Test]
    public async Task Free_text_loses_what_was_found_and_nothing_else([Values] bool binary)
    {
        await using var client = await LogInAsync();
        Assert.That(await ReadAsync(client, "SELECT body FROM notes ORDER BY id", binary), Is.EqualTo(new[] { $"write to {Stars} today", "nothing" }));
        Assert.That(await ReadAsync(client, "SELECT lower(body) AS excluded FROM notes ORDER BY id", binary), Is.EqualTo(new[] { $"write to {Stars} today", "nothing" }));
        Assert.That(await ReadAsync(client, "SELECT body FROM shown ORDER BY id", binary), Is.EqualTo(new[] { $"write to {Stars} today", "nothing" }));
    }

    [Test]
    public async Task A_document_stays_valid_and_only_the_offending_value_changes([Values("profile", "kept")] string column, [Values] bool binary)
    {
        await using var client = await LogInAsync();
        var text = (await ReadAsync(client, $"SELECT {column} FROM notes WHERE id = 1", binary))[0]!;
        using var document = JsonDocument.Parse(text.TrimStart('\x01'));
        Assert.That(document.RootElement.GetProperty("mail").GetString(), Is.EqualTo(Stars));
        Assert.That(document.RootElement.GetProperty("name").GetString(), Is.EqualTo("Ada"));
    }

    [Test]
    public async Task An_array_keeps_its_other_elements([Values] bool binary)
    {
        await using var client = await LogInAsync();
        var text = (await ReadAsync(client, "SELECT mails FROM notes WHERE id = 1", binary))[0];
        Assert.That(text, binary ? Does.Contain("\u0005plain\0").And.EndWith($"\u0013{Stars}").And.Not.Contain("quetzal") : Is.EqualTo($"{{plain,{Stars}}}"));
        var documents = (await ReadAsync(client, "SELECT ARRAY[kept, '{\"free\": 1}'] FROM notes WHERE id = 1", binary))[0];
        Assert.That(documents, Does.Contain(Stars).And.Contain("free").And.Contain("Ada").And.Not.Contain("quetzal"));
    }

    [Test]
    public async Task Of_hstore_only_the_offending_value_changes()
    {
        await using var client = await LogInAsync();
        Assert.That((await ReadAsync(client, "SELECT pairs FROM stored", binary: false))[0], Is.EqualTo($$"""
            "mail"=>"{{Stars}}", "name"=>"Ada", "say \"hi\""=>NULL
            """));
        Assert.That((await ReadAsync(client, "SELECT pairs FROM stored", binary: true))[0], Is.Null);
    }

    [Test]
    public async Task What_is_no_text_is_masked_as_a_whole()
    {
        await using var client = await LogInAsync();
        Assert.That(await ReadAsync(client, "SELECT amount FROM notes ORDER BY id", binary: false), Is.EqualTo(new[] { "0", "12.5" }));
        Assert.That(await ReadAsync(client, "SELECT seen FROM notes ORDER BY id", binary: false), Is.EqualTo(new[] { "0.0.0.0", null }));
    }

    [Test]
    public async Task Excluded_columns_are_sent_as_they_are()
    {
        await using var client = await LogInAsync();
        Assert.That(await ReadAsync(client, "SELECT body FROM audit", binary: false), Is.EqualTo(new[] { Mail }));
        Assert.That((await ReadAsync(client, "SELECT excluded FROM notes WHERE id = 1", binary: false))[0], Is.EqualTo(Mail));
    }

    [Test]
    public async Task Who_is_exempt_sees_everything()
    {
        await using var client = await LogInAsync("exempted", "exempted-password");
        Assert.That((await ReadAsync(client, "SELECT body FROM notes WHERE id = 1", binary: false))[0], Does.Contain(Mail));
    }

    [Test]
    public async Task A_rule_that_observes_changes_nothing_and_counts()
    {
        await using (var client = await LogInAsync())
            Assert.That(await ReadAsync(client, "SELECT body FROM observed", binary: false), Is.EqualTo(new[] { Mail }));
        var metrics = await _proxy.ReadMetricsAsync();
        Assert.That(metrics, Does.Match("wireguardian_detections_total\\{[^}]*detector=\"EMAIL_ADDRESS\"[^}]*rule=\"observed\"[^}]*\\} 1\\b"));
        Assert.That(metrics, Does.Not.Contain("quetzal").And.Not.Match("wireguardian_masked_values_total\\{[^}]*rule=\"observed\""));
    }

    [Test]
    public async Task The_trail_says_what_fired_how_often_and_never_what_was_found()
    {
        await using (var client = await LogInAsync())
        {
            await ReadAsync(client, "SELECT body FROM notes UNION ALL SELECT body FROM notes", binary: false);
            await client.SendAsync(FrontendMessage.Terminate);
            await client.ReadToEndAsync();
        }
        var audit = string.Empty;
        for (var attempt = 0; attempt < 50 && !audit.Contains("EMAIL_ADDRESS 2", StringComparison.Ordinal); attempt++)
        {
            await Task.Delay(100);
            audit = (await _proxy.WgctlAsync("token-of-dana-0123456789", "audit", "--output", "json")).EnsureSuccess().Output;
        }
        using var records = JsonDocument.Parse(audit);
        var record = records.RootElement.EnumerateArray().First(
            one => one.GetProperty("event").GetString() == "detection" && one.GetProperty("detail").GetString() == "EMAIL_ADDRESS 2");
        Assert.That(record.GetProperty("rule").GetString(), Is.EqualTo("all"));
        Assert.That(record.GetProperty("database").GetString(), Is.EqualTo(_database.Name));
        Assert.That(audit, Does.Not.Contain("quetzal"));
    }

    [Test]
    public async Task A_value_larger_than_any_buffer_is_looked_into()
    {
        await using var client = await LogInAsync();
        var text = (await ReadAsync(client, "SELECT body FROM large", binary: false))[0]!;
        Assert.That(text, Has.Length.EqualTo(600_000 + Mail.Length + 2));
        Assert.That(text.Substring(300_000, Mail.Length + 2), Is.EqualTo($" {Stars} "));
    }

    [Test]
    public async Task COPY_is_looked_into([Values("", "(FORMAT csv)")] string options)
    {
        await using var client = await LogInAsync();
        var sent = await client.QueryAsync($"COPY notes (id, body) TO STDOUT {options}");
        var data = string.Concat(sent.Where(frame => frame.Type == 'd').Select(frame => Encoding.UTF8.GetString([.. frame.Body])));
        Assert.That(data, Is.EqualTo(options.Length == 0 ? $"1\twrite to {Stars} today\n2\tnothing\n" : $"1,write to {Stars} today\n2,nothing\n"));
    }

    [Test]
    public async Task COPY_in_binary_is_looked_into()
    {
        await using var client = await LogInAsync();
        var sent = await client.QueryAsync("COPY (SELECT id, body, kept, mails FROM notes) TO STDOUT (FORMAT binary)");
        var data = Encoding.Latin1.GetString([.. sent.Where(frame => frame.Type == 'd').SelectMany(frame => frame.Body)]);
        Assert.That(data, Does.Contain($"write to {Stars} today").And.Contain($"\"mail\": \"{Stars}\"").And.Contain($"\0\0\0\u0013{Stars}").And.Contain("nothing").And.Not.Contain("quetzal"));
    }

    [Test]
    public async Task Errors_are_looked_into()
    {
        await using var client = await LogInAsync();
        var answer = await client.QueryAsync("SELECT body::int FROM notes WHERE id = 1");
        var error = answer.Single(frame => frame.Type == 'E').ToString();
        Assert.That(error, Does.Contain("write to " + Stars).And.Not.Contain("quetzal"));
    }

    [Test]
    public async Task Explain_says_what_is_looked_into()
    {
        const string Sql = "SELECT body, lower(body) AS l FROM audit; SELECT o.body, n.excluded, n.body FROM observed o, notes n; SELECT body FROM shown";
        var result = await ProcessRunner.RunAsync(Built.Dotnet,
        [
            Built.Wireguardian.Assembly, "explain", "--config", _proxy.ConfigurationPath, "--listener", "app", "--user", PostgresServer.Superuser, "--database", _database.Name, "--output", "json", Sql,
        ]);
        Assert.That((result.ExitCode, result.Error), Is.EqualTo((0, "")));
        using var statements = JsonDocument.Parse(result.Output);
        Assert.That(Rules(statements.RootElement[0]), Is.EqualTo(new[] { null, "all" }));
        Assert.That(Rules(statements.RootElement[1]), Is.EqualTo(new[] { "observed", null, "all" }));
        Assert.That(Rules(statements.RootElement[2]), Is.EqualTo(new[] { "all" }), "a view");

        static string?[] Rules(JsonElement statement) =>
            [.. statement.GetProperty("columns").EnumerateArray().Select(column => column.GetProperty("detection") is { ValueKind: JsonValueKind.Object } rule ? rule.GetProperty("rule").GetString() : null)];
    }

    private Task<WireClient> LogInAsync(string user = PostgresServer.Superuser, string password = PostgresServer.SuperuserPassword) =>
        WireClient.LogInAsync(_proxy.Port, user, password, _database.Name);

    private static async Task<IReadOnlyList<string?>> ReadAsync(WireClient client, string sql, bool binary)
    {
        await client.SendAsync(FrontendMessage.Parse("", sql), FrontendMessage.Bind("", "", [], [], [(short)(binary ? 1 : 0)]), FrontendMessage.Execute(""), FrontendMessage.Sync);
        var frames = await client.ReadUntilAsync('Z');
        Assert.That(frames.Select(frame => frame.Type), Has.None.EqualTo('E'), () => string.Join('\n', frames));
        return [.. frames.Where(frame => frame.Type == 'D').Select(frame => frame.Values[0] is { } value ? Encoding.UTF8.GetString(value) : null)];
    }
}
