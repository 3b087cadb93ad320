using System.Globalization;
using System.Text;
using System.Text.Json;
using MySql.Data.MySqlClient;
using WireGuardian.IntegrationTests.MySql;
using WireGuardian.MySql.Framing;
using WireGuardian.Testing.MySql;
using WireGuardian.Testing.Processes;
using WireGuardian.Testing.Programs;
using Built = WireGuardian.Testing.Programs.Program;

namespace WireGuardian.IntegrationTests.Detection;

/// <summary>Values that no masking rule names, from real servers: found by what they look like, in text and binary, in documents, errors and warnings.</summary>
[TestFixture(MySqlFlavour.MariaDb)]
[TestFixture(MySqlFlavour.MySql)]
public sealed class MySqlDetectionTests(MySqlFlavour flavour)
{
    private const string Mail = "ada@quetzal.example";
    private const string Stars = "*******************";
    private const string Token = "token-of-dana-0123456789";

    private static readonly string[] Schema =
    [
        "CREATE TABLE notes (id int PRIMARY KEY, body varchar(200), doc json, data blob, amount decimal(20,0), big bigint, excluded varchar(60)) CHARACTER SET utf8mb4",
        $$"""INSERT INTO notes VALUES (1, 'write to {{Mail}} today', '{"name": "Åda", "mail": "{{Mail}}", "card": 4111111111111111}', '{{Mail}}', 4111111111111111, 4111111111111111, '{{Mail}}')""",
        "INSERT INTO notes VALUES (2, 'nothing', '{}', NULL, 12, 5, 'nothing')",
        "CREATE TABLE audit (id int, body varchar(200))",
        $"INSERT INTO audit VALUES (1, '{Mail}')",
        "CREATE TABLE observed (id int, body varchar(200))",
        $"INSERT INTO observed VALUES (1, '{Mail}')",
        $"CREATE TABLE wide (id int, body varchar(200) CHARACTER SET utf16, latin varchar(200) CHARACTER SET latin1, chinese varchar(200) CHARACTER SET gbk)",
        $"INSERT INTO wide VALUES (1, 'write to {Mail}', 'écrire à {Mail}', '中 {Mail}')",
        "CREATE VIEW shown AS SELECT id, body FROM audit",
        "CREATE TABLE large (id int, body longtext, amount decimal(20,0))",
        $"INSERT INTO large SELECT 1, concat(repeat('x', 300000), ' {Mail} ', repeat('y', 300000)), 4111111111111111",
    ];

    private MySqlDatabase _database = null!;
    private TestProxy _proxy = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        var server = await SharedMySql.Get(flavour);
        _database = await server.CreateDatabaseAsync(Schema);
        _proxy = await TestProxy.StartAsync(
            $$$"""
            listeners:
              - name: app
                protocol: mysql
                listen: "{{listen}}"
                upstream: "{{{server.Endpoint}}}"
                upstreamTls: { mode: prefer }
                catalog: { username: {{{MySqlAccounts.Root.User}}}, password: {{{MySqlAccounts.Root.Password}}} }
            limits: { catalogTimeout: 60s }
            operators: [{ name: dana, token: {{{Token}}} }]
            detection:
              - { name: observed, columns: ["*.observed.*"], observe: true }
              - { name: all, exclude: ["*.Audit.*", "*.notes.excluded"], exempt: [nopassword] }
            """);
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
    public async Task Free_text_loses_what_was_found_and_nothing_else([Values] bool binary, [Values] bool cursor)
    {
        await using var client = await LogInAsync();
        var expected = new[] { $"write to {Stars} today", "nothing" };
        Assert.That(await ReadAsync(client, "SELECT body FROM notes ORDER BY id", binary, cursor), Is.EqualTo(expected));
        Assert.That(await ReadAsync(client, "SELECT lower(body) AS excluded FROM notes ORDER BY id", binary, cursor), Is.EqualTo(expected));
        Assert.That(await ReadAsync(client, "SELECT body FROM shown", binary, cursor), Is.EqualTo(new[] { Stars }));
        Assert.That(await ReadAsync(client, "SELECT data FROM notes ORDER BY id", binary, cursor), Is.EqualTo(new[] { Stars, null }));
    }

    [Test]
    public async Task A_document_stays_valid_and_only_the_offending_values_change([Values] bool binary, [Values("doc", "concat(doc)", "json_object('mail', body, 'name', 'Åda', 'card', big)")] string column)
    {
        await using var client = await LogInAsync();
        var text = (await ReadAsync(client, $"SELECT {column} FROM notes WHERE id = 1", binary))[0]!;
        using var document = JsonDocument.Parse(text);
        Assert.That(document.RootElement.GetProperty("mail").GetString(), Does.EndWith(Stars).Or.EndWith(Stars + " today"));
        Assert.That(document.RootElement.GetProperty("name").GetString(), Is.EqualTo("Åda"));
        Assert.That(document.RootElement.GetProperty("card").GetInt64(), Is.Zero);
    }

    [Test]
    public async Task A_decimal_is_masked_as_a_whole_and_an_integer_is_not_looked_into([Values] bool binary)
    {
        await using var client = await LogInAsync();
        Assert.That(await ReadAsync(client, "SELECT amount FROM notes ORDER BY id", binary), Is.EqualTo(new[] { "0", "12" }));
        Assert.That(await ReadAsync(client, "SELECT big FROM notes ORDER BY id", binary), Is.EqualTo(new[] { "4111111111111111", "5" }));
    }

    [Test]
    public async Task Excluded_columns_are_sent_as_they_are_and_only_they([Values] bool binary)
    {
        await using var client = await LogInAsync();
        Assert.That(await ReadAsync(client, "SELECT body FROM audit", binary), Is.EqualTo(new[] { Mail }));
        Assert.That(await ReadAsync(client, "SELECT b FROM (SELECT body AS b FROM audit) d", binary), Is.EqualTo(new[] { Mail }));
        Assert.That(await ReadAsync(client, "SELECT n.excluded FROM notes n JOIN audit USING (id)", binary), Is.EqualTo(new[] { Mail }));
        Assert.That(await ReadAsync(client, "SELECT audit.body FROM (SELECT id, body FROM notes WHERE id = 1) audit", binary), Is.EqualTo(new[] { $"write to {Stars} today" }), "an alias");
        Assert.That(await ReadAsync(client, "SELECT body FROM audit UNION SELECT body FROM notes WHERE id = 1", binary), Is.EquivalentTo(new[] { Stars, $"write to {Stars} today" }));
    }

    [Test]
    public async Task A_temporary_table_has_no_exclusion_of_another_that_it_hides()
    {
        await using var client = await LogInAsync();
        await client.RowsAsync("CREATE TEMPORARY TABLE audit AS SELECT id, body FROM notes");
        Assert.That(await ReadAsync(client, "SELECT body FROM audit WHERE id = 1"), Is.EqualTo(new[] { $"write to {Stars} today" }));
    }

    [Test]
    public async Task Who_is_exempt_sees_everything()
    {
        await using var client = await LogInAsync(MySqlAccounts.Empty);
        Assert.That((await ReadAsync(client, "SELECT body FROM notes WHERE id = 1"))[0], Does.Contain(Mail));
    }

    /// <summary>Result columns say what their bytes are; where they come as stored, each says it for itself.</summary>
    [Test]
    public async Task Values_are_found_in_whatever_character_set_they_come(
        [Values("latin1", "gbk", "utf16", "utf32", "ascii", "utf8mb4", "NULL", "binary")] string characterSet, [Values] bool binary)
    {
        await using var client = await LogInAsync();
        await client.RowsAsync($"SET character_set_results = {characterSet}");
        foreach (var column in new[] { "body", "latin", "chinese", "(SELECT doc FROM notes WHERE id = 1)", "cast('{\"m\": \"a@quetzal.example\"}' AS json) AS x" })
        {
            // Where UTF-16 comes as stored and is said to be bytes, it is not read.
            if ((characterSet == "binary" && column == "body") || (flavour == MySqlFlavour.MariaDb && column.StartsWith("cast", StringComparison.Ordinal)))
                continue;
            var answer = binary ? (await PreparedQuery.RunAsync(client, $"SELECT {column} FROM wide")).Packets : await client.QueryAsync($"SELECT {column} FROM wide");
            var bytes = answer.SelectMany(packet => packet.Payload).Where(one => one != 0).ToArray();
            Assert.That(Encoding.Latin1.GetString(bytes), Does.Not.Contain("quetzal"), column);
            // JSON cannot be written in UTF-16 by who only knows it in UTF-8: it becomes NULL.
            if (!(flavour == MySqlFlavour.MySql && characterSet is "utf16" or "utf32" && (column.Contains("doc", StringComparison.Ordinal) || column.Contains("json", StringComparison.Ordinal))))
                Assert.That(Encoding.Latin1.GetString(bytes), Does.Contain("****"), column);
        }
        var error = (await client.QueryAsync($"SELECT extractvalue('<a/>', concat('~', (SELECT body FROM notes WHERE id = 1)))"))[^1];
        Assert.That(error.IsError, error.ToString);
        Assert.That(Encoding.Latin1.GetString([.. error.Payload.Where(one => one != 0)]), Does.Not.Contain("quetzal"));
    }

    [Test]
    public async Task A_cursor_does_not_change_its_character_set_under_way()
    {
        await using var client = await LogInAsync();
        await client.SendCommandAsync([0x16, .. "SELECT body FROM notes"u8]);
        var prepared = (await client.ReadPacketAsync()).Payload;
        await ReadPastAsync(client, 2);
        await client.SendCommandAsync([0x17, .. prepared[1..5], 1, 1, 0, 0, 0]);
        await ReadPastAsync(client, 3);
        await client.RowsAsync("SET character_set_results = utf16");
        await client.SendCommandAsync([0x1C, .. prepared[1..5], 100, 0, 0, 0]);
        Assert.That((await client.ReadPacketAsync()).ErrorMessage, Does.Contain("cannot be looked into"));
    }

    [Test]
    public async Task Errors_and_warnings_are_looked_into()
    {
        await using var client = await LogInAsync();
        var error = (await client.QueryAsync($"SELECT extractvalue('<a/>', concat('~', (SELECT body FROM notes WHERE id = 1)))"))[^1];
        Assert.That(error.ErrorMessage, Does.Contain("****").And.Not.Contain("quetzal"));
        await client.RowsAsync("SELECT cast(body AS signed) FROM notes WHERE id = 1");
        var warnings = await client.RowsAsync("SHOW WARNINGS");
        Assert.That(warnings.Select(row => row[2]), Has.Some.Contains("write to " + Stars).And.None.Contains("quetzal"));
    }

    /// <summary>What the server makes a statement of is no text of the client's.</summary>
    [Test]
    public async Task The_name_of_a_column_gives_nothing_away()
    {
        await using var client = await LogInAsync();
        await client.RowsAsync("SET @s = (SELECT concat('SELECT 1 AS `', trim(replace(replace(body, 'write to', ''), 'today', '')), '`') FROM notes WHERE id = 1)");
        await client.RowsAsync("PREPARE p FROM @s");
        var answer = await client.QueryAsync("EXECUTE p");
        Assert.That(Encoding.UTF8.GetString([.. answer.SelectMany(packet => packet.Payload)]), Does.Contain(Stars).And.Not.Contain("quetzal"));
    }

    [Test]
    public async Task A_value_larger_than_any_buffer_is_looked_into()
    {
        await using var client = await LogInAsync();
        var row = (await client.RowsAsync("SELECT * FROM large"))[0];
        Assert.That(row[1], Has.Length.EqualTo(600_000 + Mail.Length + 2));
        Assert.That(row[1]!.Substring(300_000, Mail.Length + 2), Is.EqualTo($" {Stars} "));
        Assert.That(row[2], Is.EqualTo("0000000000000000"));
    }

    [Test]
    public async Task A_rule_that_observes_changes_nothing_and_counts()
    {
        await using (var client = await LogInAsync())
            Assert.That(await ReadAsync(client, "SELECT body FROM observed"), Is.EqualTo(new[] { Mail }));
        var metrics = await _proxy.ReadMetricsAsync();
        Assert.That(metrics, Does.Match("wireguardian_detections_total\\{[^}]*detector=\"EMAIL_ADDRESS\"[^}]*protocol=\"mysql\"[^}]*rule=\"observed\"[^}]*\\} [1-9]"));
        Assert.That(metrics, Does.Not.Contain("quetzal").And.Not.Match("wireguardian_masked_values_total\\{[^}]*rule=\"observed\""));
    }

    [Test]
    public async Task The_trail_says_what_fired_how_often_and_never_what_was_found()
    {
        await using (var client = await LogInAsync())
        {
            await ReadAsync(client, "SELECT body FROM notes UNION ALL SELECT body FROM notes UNION ALL SELECT body FROM notes");
            await client.SendCommandAsync([1]);
            await client.ReadToEndAsync();
        }
        var audit = string.Empty;
        for (var attempt = 0; attempt < 50 && !audit.Contains("EMAIL_ADDRESS 3", StringComparison.Ordinal); attempt++)
        {
            await Task.Delay(100);
            audit = (await _proxy.WgctlAsync(Token, "audit", "--output", "json")).EnsureSuccess().Output;
        }
        using var records = JsonDocument.Parse(audit);
        var record = records.RootElement.EnumerateArray().First(
            one => one.GetProperty("event").GetString() == "detection" && one.GetProperty("detail").GetString() == "EMAIL_ADDRESS 3");
        Assert.That(record.GetProperty("rule").GetString(), Is.EqualTo("all"));
        Assert.That(record.GetProperty("database").GetString(), Is.EqualTo(_database.Name));
        Assert.That(audit, Does.Not.Contain("quetzal"));
    }

    [Test]
    public async Task The_servers_own_command_line_shows_what_is_left()
    {
        const string Sql =
            "SELECT body, doc FROM notes WHERE id = 1; PREPARE p FROM 'SELECT body, amount FROM notes WHERE id = ?'; SET @id = 1; EXECUTE p USING @id; SELECT body FROM audit; SHOW TABLES; SHOW VARIABLES; SHOW CREATE TABLE notes";
        var result = await _database.Server.CommandLineAsync(_proxy.Port, Sql, MySqlAccounts.App, _database.Name, KeyOf(flavour));
        Assert.That(result.EnsureSuccess().Output, Does.Contain($"write to {Stars} today\t{{").And.Contain($"write to {Stars} today\t0").And.Contain("observed").And.Contain("\n" + Mail));
    }

    [Test]
    public async Task A_driver_reads_text_documents_and_numbers([Values] bool prepared)
    {
        var settings = new MySqlConnectionStringBuilder
        {
            Server = MySqlServer.Host,
            Port = (uint)_proxy.Port,
            UserID = MySqlAccounts.App.User,
            Password = MySqlAccounts.App.Password,
            Database = _database.Name,
            SslMode = MySqlSslMode.None,
            AllowPublicKeyRetrieval = true,
            IgnorePrepare = false,
        };
        await using var connection = new MySqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        await using var command = new MySqlCommand("SELECT body, doc, data, amount, big, n.excluded FROM notes n WHERE id = @id", connection) { Parameters = { new("@id", 1) } };
        if (prepared)
            await command.PrepareAsync();
        await using var reader = await command.ExecuteReaderAsync();
        Assert.That(await reader.ReadAsync());
        Assert.That((reader.GetString(0), reader.GetDecimal(3), reader.GetInt64(4), reader.GetString(5)), Is.EqualTo(($"write to {Stars} today", 0m, 4111111111111111, Mail)));
        using var document = JsonDocument.Parse(reader.GetString(1));
        Assert.That(document.RootElement.GetProperty("mail").GetString(), Is.EqualTo(Stars));
        Assert.That((byte[])reader.GetValue(2), Is.EqualTo(Encoding.ASCII.GetBytes(Stars)));
    }

    [Test]
    public async Task A_dump_restores_and_holds_nothing_that_was_found()
    {
        string[] own = flavour == MySqlFlavour.MariaDb ? [] : ["--column-statistics=0", "--set-gtid-purged=OFF"];
        var result = await _database.Server.RunClientAsync(
            flavour == MySqlFlavour.MariaDb ? "mariadb-dump" : "mysqldump", _proxy.Port, MySqlAccounts.App, [.. own, .. KeyOf(flavour), "--no-tablespaces", "--skip-triggers", _database.Name]);
        Assert.That(result.EnsureSuccess().Output, Does.Contain("CREATE TABLE `notes`").And.Contain($"'write to {Stars} today'").And.Contain($"(1,'{Mail}')"));
        await using var restored = await _database.Server.CreateDatabaseAsync();
        (await _database.Server.CommandLineAsync(_database.Server.Port, result.Output, MySqlAccounts.Root, restored.Name)).EnsureSuccess();
        await using var client = await MySqlWireClient.LogInAsync(_database.Server.Port, MySqlAccounts.Root, restored.Name);
        Assert.That((await client.RowsAsync("SELECT count(*) FROM notes WHERE json_valid(doc)"))[0][0], Is.EqualTo("2"));
    }

    [Test]
    public async Task Explain_says_what_is_looked_into()
    {
        const string Sql = "SELECT body, lower(body) AS l FROM audit; SELECT body, d.b FROM observed, (SELECT body AS b FROM audit) d; SELECT * FROM notes";
        var result = await ProcessRunner.RunAsync(Built.Dotnet,
        [
            Built.Wireguardian.Assembly, "explain", "--config", _proxy.ConfigurationPath, "--listener", "app", "--user", "app", "--database", _database.Name, "--output", "json", Sql,
        ]);
        Assert.That((result.ExitCode, result.Error), Is.EqualTo((0, "")));
        using var statements = JsonDocument.Parse(result.Output);
        string?[] Rules(int statement) => [.. statements.RootElement[statement].GetProperty("columns").EnumerateArray().Select(column => Rule(column))];
        Assert.That(Rules(0), Is.EqualTo(new[] { null, "all" }));
        Assert.That(Rules(1), Is.EqualTo(new[] { "observed", null }));
        Assert.That(Rule(statements.RootElement[2]), Is.EqualTo("all"), "columns that the text does not tell");

        static string? Rule(JsonElement element) => element.GetProperty("detection") is { ValueKind: JsonValueKind.Object } rule ? rule.GetProperty("rule").GetString() : null;
    }

    /// <summary>Result columns tell their character sets by the numbers of collations: each that the server has is known for what it is.</summary>
    [Test]
    public async Task Every_collation_is_known()
    {
        await using var client = await MySqlWireClient.LogInAsync(_database.Server.Port, MySqlAccounts.Root);
        var collations = await client.RowsAsync(flavour == MySqlFlavour.MariaDb
            ? "SELECT ID, CHARACTER_SET_NAME FROM information_schema.COLLATION_CHARACTER_SET_APPLICABILITY"
            : "SELECT ID, CHARACTER_SET_NAME FROM information_schema.COLLATIONS");
        var wrong = collations.Where(row => TextForms.Of(ushort.Parse(row[0]!, CultureInfo.InvariantCulture)) != Expected(row[1]!)).Select(row => $"{row[0]} {row[1]}");
        Assert.That(wrong, Is.Empty);
        Assert.That(collations, Has.Count.GreaterThan(200));

        static TextForm Expected(string characterSet) => characterSet switch
        {
            "ucs2" or "utf16" => TextForm.Utf16BigEndian,
            "utf16le" => TextForm.Utf16LittleEndian,
            "utf32" => TextForm.Utf32,
            "swe7" => TextForm.Unknown,
            "big5" or "sjis" or "cp932" or "ujis" or "eucjpms" or "euckr" or "gb2312" or "gbk" or "gb18030" => TextForm.SeveralBytes,
            _ => TextForm.AsciiBytes,
        };
    }

    private async Task<MySqlWireClient> LogInAsync(MySqlAccount? account = null)
    {
        var client = await MySqlWireClient.LogInAsync(_proxy.Port, new MySqlLogin(account ?? MySqlAccounts.App, _database.Name) { Capabilities = MySqlCapabilities.Plain });
        client.Timeout = TimeSpan.FromSeconds(60);
        return client;
    }

    private static string[] KeyOf(MySqlFlavour flavour) => flavour == MySqlFlavour.MySql ? ["--get-server-public-key"] : [];

    private static async Task ReadPastAsync(MySqlWireClient client, int packets)
    {
        for (; packets > 0; packets--)
            await client.ReadPacketAsync();
    }

    private static async Task<IReadOnlyList<string?>> ReadAsync(MySqlWireClient client, string sql, bool binary = false, bool cursor = false)
    {
        if (!binary)
            return [.. (await client.RowsAsync(sql)).Select(row => row[0])];
        var answer = await PreparedQuery.RunAsync(client, sql, cursor);
        Assert.That(answer.Error, Is.Null);
        return [.. answer.Rows.Select(row => row[0])];
    }
}
