using System.Text;
using Npgsql;
using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Processes;
using WireGuardian.Testing.Programs;
using WireGuardian.Testing.Wire;
using Built = WireGuardian.Testing.Programs.Program;

namespace WireGuardian.IntegrationTests.Masking;

/// <summary>Rules that name places in documents, on a real server: what is there is masked, what is elsewhere is shown, and no statement gets around it.</summary>
[TestFixture(PostgresVersion.Version15)]
[TestFixture(PostgresVersion.Version18)]
public sealed class DocumentPathTests(PostgresVersion version)
{
    private const string Mail = "ada@quetzal.example";
    private const string Stars = "*******************";
    private const string Profile = """{"name": "Ada", "contact": {"city": "Ulm", "email": "ada@quetzal.example"}, "tags": ["a", "secretTag"]}""";

    private const string Schema =
        $$"""
        CREATE TABLE people (id int, profile jsonb, raw json, body text, docs jsonb[], plain jsonb, notes text);
        INSERT INTO people VALUES (1, '{{Profile}}', '{{Profile}}', '{{Profile}}', array['{{Profile}}']::jsonb[], '{"email": "{{Mail}}"}', 'free'),
            (2, NULL, '{ "email" : 1,  "email":"{{Mail}}","\u0065mail" :"{{Mail}}" }', 'no document but {{Mail}}', '{}', '[]', 'free');
        CREATE VIEW shown AS SELECT id, profile, profile->>'name' AS name, profile->'contact' AS contact FROM people;
        CREATE TABLE elsewhere (id int, doc jsonb, words text);
        INSERT INTO elsewhere VALUES (1, '{"a": [{"secret": "{{Mail}}"}], "b": 1}', '{"secret": "shown"}');
        CREATE TABLE large (id int, profile jsonb);
        INSERT INTO large SELECT 1, jsonb_build_object('contact', jsonb_build_object('email', '{{Mail}}' || repeat('x', 200000), 'city', repeat('y', 200000)));
        CREATE TABLE copied (id int, doc jsonb, words text);
        CREATE TABLE parted (id int, profile jsonb) PARTITION BY LIST (id);
        CREATE TABLE parted_one PARTITION OF parted FOR VALUES IN (1);
        INSERT INTO parted VALUES (1, '{{Profile}}');
        CREATE TABLE split (id int, profile jsonb) PARTITION BY LIST (id);
        CREATE TABLE split_one PARTITION OF split FOR VALUES IN (1);
        INSERT INTO split VALUES (1, '{{Profile}}');
        CREATE MATERIALIZED VIEW filled AS SELECT profile AS doc FROM split_one;
        CREATE TABLE built (ssn text, profile jsonb GENERATED ALWAYS AS (('{"n": "' || ssn || '"}')::jsonb) STORED);
        INSERT INTO built VALUES ('078-05-1120');
        CREATE TABLE computed (profile jsonb, mail text GENERATED ALWAYS AS (profile->'contact'->>'email') STORED);
        INSERT INTO computed VALUES ('{{Profile}}');
        CREATE FUNCTION mail_of(jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT $1->'contact'->>'email' $$;
        CREATE FUNCTION name_of(jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT $1->>'name' $$;
        CREATE ROLE path_auditor LOGIN SUPERUSER PASSWORD 'auditor-password';
        """;

    private const string Rules =
        """
        limits: { catalogTimeout: 60s }
        masking:
          - { name: mail, columns: ["public.*.profile->'contact'->>'email'", "public.people.raw->**.email"], with: redact, exempt: [path_auditor], predicates: deny }
          - { name: tags, columns: ["public.people.profile->'tags'->1", "public.parted.profile->'tags'->1", "public.split.profile->'tags'->1"], with: token }
          - { name: whole, columns: ["public.built.ssn"], with: redact }
          - { name: texts, columns: ["public.people.body->'contact'->>'email'", "public.people.docs->'contact'->>'email'"], with: email }
          - { name: globbed, columns: ["public.elsewhere.*->'a'->0"], with: "null" }
        copies: deny
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
            await _database.ExecuteAsync("DROP ROLE path_auditor");
            await _database.DisposeAsync();
        }
    }

    [TestCase("SELECT profile FROM people WHERE id = 1")]
    [TestCase("SELECT profile FROM shown WHERE id = 1")]
    [TestCase("SELECT x FROM (SELECT profile AS x FROM people WHERE id = 1) s")]
    [TestCase("SELECT (p).profile FROM (SELECT people AS p FROM people WHERE id = 1) s", true)]
    public async Task A_document_is_masked_where_the_rules_say(string sql, bool whole = false)
    {
        await using var client = await LogInAsync();
        foreach (var binary in new[] { false, true })
        {
            var text = (await ReadAsync(client, sql, binary))[0]!.TrimStart('\x01');
            if (whole)
            {
                Assert.That(text, Does.Not.Contain("quetzal").And.Not.Contain("secretTag"));
                continue;
            }
            var token = text[(text.IndexOf("tok_", StringComparison.Ordinal))..][..20];
            Assert.That(text, Is.EqualTo(Reordered(token)));
        }
    }

    [Test]
    public async Task Json_keeps_blanks_and_every_duplicate_is_masked([Values] bool binary)
    {
        await using var client = await LogInAsync();
        var text = (await ReadAsync(client, "SELECT raw FROM people WHERE id = 2", binary))[0];
        Assert.That(text, Is.EqualTo($$"""{ "email" : 0,  "email":"{{Stars}}","\u0065mail" :"{{Stars}}" }"""));
    }

    [Test]
    public async Task Text_and_arrays_hold_documents_too([Values] bool binary)
    {
        await using var client = await LogInAsync();
        Assert.That((await ReadAsync(client, "SELECT body FROM people ORDER BY id", binary))[0], Is.EqualTo(Profile.Replace(Mail, "a***@example", StringComparison.Ordinal)));
        Assert.That((await ReadAsync(client, "SELECT body FROM people ORDER BY id", binary))[1], Is.EqualTo(new string('*', "no document but ".Length + Mail.Length)), "what is no document is masked as a whole");
        var array = (await ReadAsync(client, "SELECT docs FROM people WHERE id = 1", binary))[0];
        Assert.That(array, Does.Contain("a***@example").And.Contain("Ulm").And.Not.Contain("quetzal"));
    }

    [Test]
    public async Task A_glob_means_columns_of_documents_alone([Values] bool binary)
    {
        await using var client = await LogInAsync();
        Assert.That((await ReadAsync(client, "SELECT doc FROM elsewhere", binary))[0]!.TrimStart('\x01'), Is.EqualTo("""{"a": [null], "b": 1}"""));
        Assert.That((await ReadAsync(client, "SELECT words FROM elsewhere", binary))[0], Is.EqualTo("""{"secret": "shown"}"""));
        Assert.That((await ReadAsync(client, "SELECT plain FROM people WHERE id = 1", binary))[0], Does.Contain(Mail));
    }

    [Test]
    public async Task A_key_anywhere_is_masked_in_documents_of_every_table()
    {
        await using var proxy = await TestProxy.InFrontOfAsync(_database.Server, """
            limits: { catalogTimeout: 60s }
            masking:
              - { name: anywhere, columns: ["**.email"], with: email }
            """);
        await using var client = await WireClient.LogInAsync(proxy.Port, PostgresServer.Superuser, PostgresServer.SuperuserPassword, _database.Name);
        foreach (var binary in new[] { false, true })
        {
            Assert.That((await ReadAsync(client, "SELECT plain FROM people WHERE id = 1", binary))[0]!.TrimStart('\x01'), Is.EqualTo("""{"email": "a***@example"}"""));
            Assert.That((await ReadAsync(client, "SELECT profile FROM shown WHERE id = 1", binary))[0], Does.Contain("a***@example").And.Not.Contain("quetzal"));
            Assert.That((await ReadAsync(client, "SELECT contact FROM shown WHERE id = 1", binary))[0], Does.Contain("a***@example").And.Contain("Ulm").And.Not.Contain("quetzal"));
            Assert.That((await ReadAsync(client, "SELECT docs FROM people WHERE id = 1", binary))[0], Does.Contain("a***@example").And.Not.Contain("quetzal"));
            Assert.That((await ReadAsync(client, "SELECT profile->>'name' FROM people WHERE id = 1", binary))[0], Is.EqualTo("Ada"), "a scalar holds no key");
            Assert.That((await ReadAsync(client, "SELECT profile->>'contact' FROM people WHERE id = 1", binary))[0], Does.Contain("Ulm").And.Not.Contain("quetzal"));
            Assert.That((await ReadAsync(client, "SELECT upper(profile->>'name') FROM people WHERE id = 1", binary))[0], Is.EqualTo("***"), "what is computed from a part that may hold the key");
            Assert.That((await ReadAsync(client, "SELECT body FROM people WHERE id = 1", binary))[0], Does.Contain(Mail), "text is named, or not meant");
        }
    }

    [TestCase("SELECT profile->>'name' FROM people WHERE id = 1", "Ada")]
    [TestCase("SELECT upper(profile->>'name') || (profile->'contact'->>'city') FROM people WHERE id = 1", "ADAUlm")]
    [TestCase("SELECT profile#>>'{contact,city}' FROM people WHERE id = 1", "Ulm")]
    [TestCase("SELECT profile#>>array['contact','city'] FROM people WHERE id = 1", "Ulm")]
    [TestCase("SELECT jsonb_extract_path_text(profile, 'contact', 'city') FROM people WHERE id = 1", "Ulm")]
    [TestCase("SELECT c->>'city' FROM (SELECT profile->'contact' AS c FROM people WHERE id = 1) s", "Ulm")]
    [TestCase("SELECT coalesce(profile->>'name', 'none') FROM people WHERE id = 1", "Ada")]
    [TestCase("SELECT name FROM shown WHERE id = 1", "Ada")]
    [TestCase("SELECT name_of(profile) FROM people WHERE id = 1", "***")]
    [TestCase("SELECT profile->'tags'->>0 FROM people WHERE id = 1", "a")]
    [TestCase("SELECT profile->>'name' FROM parted", "Ada")]
    [TestCase("SELECT max(profile->>'name') FROM people", "Ada")]
    [TestCase("SELECT id FROM people WHERE profile->>'name' = 'Ada'", "1")]
    [TestCase("SELECT profile->'contact' FROM people WHERE id = 1", """{"city": "Ulm", "email": "*******************"}""")]
    [TestCase("SELECT profile->>'contact' FROM people WHERE id = 1", """{"city": "Ulm", "email": "*******************"}""")]
    [TestCase("SELECT contact FROM shown WHERE id = 1", """{"city": "Ulm", "email": "*******************"}""")]
    [TestCase("SELECT raw->'name' FROM people WHERE id = 1", "\"Ada\"")]
    [TestCase("SELECT raw->>'name' FROM people WHERE id = 1", "Ada")]
    [TestCase("SELECT raw->'contact' FROM people WHERE id = 1", """{"city": "Ulm", "email": "*******************"}""")]
    public async Task What_comes_from_elsewhere_in_a_document_is_shown(string sql, string value)
    {
        await using var client = await LogInAsync();
        foreach (var binary in new[] { false, true })
        {
            var text = (await ReadAsync(client, sql, binary && !sql.Contains("id FROM", StringComparison.Ordinal)))[0]!.TrimStart('\x01');
            Assert.That(text, Is.EqualTo(value), binary ? "binary" : "text");
        }
    }

    [Test]
    public async Task Subscripts_take_parts_as_arrows_do()
    {
        await using var client = await LogInAsync();
        Assert.That((await ReadAsync(client, "SELECT profile['name'] FROM people WHERE id = 1", binary: false))[0], Is.EqualTo("\"Ada\""));
        Assert.That((await ReadAsync(client, "SELECT profile['contact']['email'] FROM people WHERE id = 1", binary: false))[0], Is.EqualTo($"\"{Stars}\""));
    }

    [TestCase("SELECT profile->'contact'->>'email' FROM people")]
    [TestCase("SELECT profile->('con' || 'tact')->>'email' FROM people")]
    [TestCase("SELECT profile->>'email' FROM (SELECT profile->'contact' AS profile FROM people) s")]
    [TestCase("SELECT reverse(profile->>'contact') FROM people")]
    [TestCase("SELECT left(profile->>'contact', 60) FROM people")]
    [TestCase("SELECT profile#>'{contact,email}' FROM people")]
    [TestCase("SELECT profile#>>array['contact', lower('EMAIL')] FROM people")]
    [TestCase("SELECT jsonb_extract_path(profile, 'contact', 'email') FROM people")]
    [TestCase("SELECT jsonb_extract_path_text(profile, variadic array['contact', 'email']) FROM people")]
    [TestCase("SELECT (jsonb_each(profile)).value FROM people")]
    [TestCase("SELECT value FROM people, jsonb_each_text(profile->'contact')")]
    [TestCase("SELECT e FROM people, jsonb_each(profile) e")]
    [TestCase("SELECT jsonb_path_query(profile, '$.contact.email') FROM people")]
    [TestCase("SELECT jsonb_path_query_array(profile, '$.**') FROM people")]
    [TestCase("SELECT to_jsonb(p) FROM people p")]
    [TestCase("SELECT row_to_json(p) FROM people p")]
    [TestCase("SELECT p FROM people p")]
    [TestCase("SELECT json_agg(profile) FROM people")]
    [TestCase("SELECT jsonb_object_agg(id, profile) FROM people")]
    [TestCase("SELECT jsonb_build_object(profile->'contact'->>'email', 1) FROM people WHERE profile IS NOT NULL")]
    [TestCase("SELECT profile || '{}' FROM people")]
    [TestCase("SELECT profile - 'name' FROM people")]
    [TestCase("SELECT jsonb_set(profile, '{x}', profile->'contact'->'email') FROM people")]
    [TestCase("SELECT profile::text FROM people")]
    [TestCase("SELECT profile::json FROM people")]
    [TestCase("SELECT CAST(profile AS varchar) FROM people")]
    [TestCase("SELECT raw::jsonb FROM people WHERE id = 1")]
    [TestCase("SELECT raw::text FROM people")]
    [TestCase("SELECT body::jsonb FROM people WHERE id = 1")]
    [TestCase("SELECT body::jsonb->'contact'->>'email' FROM people WHERE id = 1")]
    [TestCase("SELECT substring(body from 'email\": \"(.*)\"') FROM people")]
    [TestCase("SELECT docs[1] FROM people")]
    [TestCase("SELECT docs[1]->'contact'->'email' FROM people")]
    [TestCase("SELECT unnest(docs) FROM people")]
    [TestCase("SELECT coalesce(profile->'contact', profile) FROM people")]
    [TestCase("SELECT coalesce(profile->>'name', profile->'contact'->>'email') FROM people")]
    [TestCase("SELECT CASE WHEN id = 1 THEN profile->'contact'->'email' ELSE profile->'name' END FROM people")]
    [TestCase("SELECT profile->'name' FROM people UNION ALL SELECT profile->'contact'->'email' FROM people")]
    [TestCase("SELECT profile->'contact' FROM people UNION ALL SELECT to_jsonb(reverse(profile::text)) FROM people")]
    [TestCase("SELECT (SELECT string_agg(profile->'contact'->>'email', ',') FROM people)")]
    [TestCase("SELECT mail_of(profile) FROM people")]
    [TestCase("SELECT mail FROM computed")]
    [TestCase("SELECT profile FROM computed")]
    [TestCase("SELECT profile FROM parted_one")]
    [TestCase("SELECT profile FROM shown")]
    [TestCase("SELECT x->'tags' FROM (SELECT profile AS x FROM shown) s")]
    [TestCase("SELECT profile->'contact'->'email' FROM ONLY parted_one")]
    [TestCase("SELECT profile->'contact'->'email' FROM shown")]
    [TestCase("SELECT contact->'email' FROM shown")]
    [TestCase("SELECT (profile->'contact'->>'email')::int FROM people WHERE id = 1")]
    [TestCase("DO $$ DECLARE t text; BEGIN SELECT profile->'contact'->>'email' INTO t FROM people WHERE id = 1; RAISE NOTICE '%', t; END $$")]
    [TestCase("COPY people (profile) TO STDOUT")]
    [TestCase("COPY people (profile, raw, body) TO STDOUT (FORMAT csv)")]
    [TestCase("COPY people (profile, docs) TO STDOUT (FORMAT binary)")]
    [TestCase("COPY (SELECT profile, profile->'contact' FROM people) TO STDOUT")]
    [TestCase("EXPLAIN (VERBOSE, ANALYZE) SELECT profile FROM people WHERE profile->'contact'->>'email' = 'ada@quetzal.example'")]
    [TestCase("INSERT INTO copied SELECT 1, profile FROM people RETURNING doc")]
    [TestCase("UPDATE people SET profile = jsonb_set(profile, '{name}', profile->'contact'->'email') WHERE id = 1 RETURNING profile")]
    [TestCase("UPDATE people SET notes = profile->'contact'->>'email' RETURNING notes")]
    [TestCase("SELECT profile FROM people ORDER BY profile->'contact'->>'email'")]
    [TestCase("SELECT id FROM people WHERE profile->'contact'->>'email' LIKE 'a%'")]
    [TestCase("SELECT id FROM people WHERE profile @> '{\"contact\": {\"email\": \"ada@quetzal.example\"}}'")]
    public async Task No_statement_shows_what_is_masked(string sql)
    {
        await using var client = await LogInAsync();
        foreach (var binary in new[] { false, true })
        {
            if (binary)
                await client.SendAsync(FrontendMessage.Parse("", sql), FrontendMessage.Bind("", "", [], [], [1]), FrontendMessage.Describe('P', ""), FrontendMessage.Execute(""), FrontendMessage.Sync);
            else
                await client.SendAsync(FrontendMessage.Query(sql));
            var answer = await client.ReadUntilAsync('Z');
            var sent = string.Concat(answer.Where(frame => frame.Type is not 'T').Select(frame => Encoding.Latin1.GetString([.. frame.Body])));
            Assert.That(sent, Does.Not.Contain("quetzal").And.Not.Contain("lazteuq").And.Not.Contain("da@q"), binary ? "binary" : "text");
            if (sql.Contains("parted_one", StringComparison.Ordinal) || sql.Contains("shown", StringComparison.Ordinal))
                Assert.That(sent, Does.Not.Contain("secretTag"), "what is masked of the column that it is too");
            if (sql.Contains("WHERE profile->'contact'", StringComparison.Ordinal) || sql.Contains("ORDER BY profile->'contact'", StringComparison.Ordinal) || sql.Contains("@>", StringComparison.Ordinal))
                Assert.That(answer.Select(frame => frame.Type), Has.Some.EqualTo('E'), "predicates: deny");
        }
        Assert.That(await _database.ScalarAsync($"SELECT count(*) FROM people WHERE notes LIKE '%quetzal%' OR profile->>'name' LIKE '%quetzal%'"), Is.EqualTo(0L));
        Assert.That(await _database.ScalarAsync("SELECT count(*) FROM copied"), Is.EqualTo(0L));
    }

    [Test]
    public async Task Statements_that_differ_in_a_key_alone_are_told_apart()
    {
        await using var client = await LogInAsync();
        for (var round = 0; round < 3; round++)
        {
            Assert.That((await ReadAsync(client, "SELECT profile->>'name' FROM people WHERE id = 1", binary: false))[0], Is.EqualTo("Ada"));
            Assert.That((await ReadAsync(client, "SELECT profile->>'tags' FROM people WHERE id = 1", binary: false))[0], Does.StartWith("[\"a\", \"tok_"));
            Assert.That((await ReadAsync(client, "SELECT profile->>'contact' FROM people WHERE id = 1", binary: false))[0], Does.Contain(Stars));
            Assert.That((await ReadAsync(client, "SELECT profile->'tags'->0 FROM people WHERE id = 1", binary: false))[0], Is.EqualTo("\"a\""));
            Assert.That((await ReadAsync(client, "SELECT profile->'tags'->1 FROM people WHERE id = 1", binary: false))[0], Is.EqualTo("\"*********\""));
        }
    }

    [Test]
    public async Task Who_is_exempt_from_one_rule_sees_its_places_and_no_other()
    {
        await using var client = await LogInAsync("path_auditor", "auditor-password");
        var text = (await ReadAsync(client, "SELECT profile FROM people WHERE id = 1", binary: false))[0];
        Assert.That(text, Does.Contain(Mail).And.Contain("tok_").And.Not.Contain("secretTag"));
        Assert.That((await ReadAsync(client, "SELECT profile->'contact'->>'email' FROM people WHERE id = 1", binary: false))[0], Is.EqualTo(Mail));
        Assert.That((await ReadAsync(client, "SELECT profile->'tags'->>1 FROM people WHERE id = 1", binary: false))[0], Is.EqualTo("*********"));
    }

    [Test]
    public async Task A_document_that_is_larger_than_the_buffer_is_masked_as_it_passes([Values] bool binary)
    {
        await using var client = await LogInAsync();
        var text = (await ReadAsync(client, "SELECT profile FROM large", binary))[0]!.TrimStart('\x01');
        using var document = System.Text.Json.JsonDocument.Parse(text);
        var contact = document.RootElement.GetProperty("contact");
        Assert.That(contact.GetProperty("email").GetString(), Is.EqualTo(new string('*', 200_000 + Mail.Length)));
        Assert.That(contact.GetProperty("city").GetString(), Is.EqualTo(new string('y', 200_000)));
    }

    [Test]
    public async Task The_rest_of_a_document_is_looked_into([Values("span", "value")] string mask)
    {
        await using var proxy = await TestProxy.InFrontOfAsync(_database.Server, $$"""
            limits: { catalogTimeout: 60s }
            masking:
              - { name: name, columns: ["public.people.profile->>'name'", "public.large.profile->>'name'"], with: redact }
            detection:
              - { name: mails, detectors: [EMAIL_ADDRESS], mask: {{mask}} }
            """);
        await using var client = await WireClient.LogInAsync(proxy.Port, PostgresServer.Superuser, PostgresServer.SuperuserPassword, _database.Name);
        foreach (var binary in new[] { false, true })
        {
            var text = (await ReadAsync(client, "SELECT profile FROM people WHERE id = 1", binary))[0];
            Assert.That(text, Does.Contain("\"***\"").And.Contain(Stars).And.Not.Contain("quetzal"));
            Assert.That(text!.Contains("Ulm", StringComparison.Ordinal), Is.EqualTo(mask == "span"));
        }
    }

    [Test]
    public async Task A_rename_takes_no_mask_off()
    {
        await using var client = await LogInAsync();
        await _database.ExecuteAsync("CREATE TABLE moved (profile jsonb); INSERT INTO moved SELECT profile FROM people WHERE id = 1");
        // What is created elsewhere is masked as a whole until the catalog is looked at again.
        await ReadAsync(client, "CREATE TABLE something ()", binary: false);
        Assert.That((await ReadAsync(client, "SELECT profile FROM moved", binary: false))[0], Does.Contain(Stars).And.Contain("Ulm"));
        await _database.ExecuteAsync("ALTER TABLE moved RENAME profile TO other");
        Assert.That((await ReadAsync(client, "SELECT other FROM moved", binary: false))[0], Does.Contain(Stars).And.Contain("Ulm"));
        await _database.ExecuteAsync("DROP TABLE moved, something");
    }

    [Test]
    public async Task A_partition_that_is_detached_keeps_all_its_places()
    {
        await using var client = await LogInAsync();
        foreach (var (ddl, read) in new[]
        {
            ("SELECT 1", "SELECT profile FROM split_one"),
            ("ALTER TABLE split DETACH PARTITION split_one", "SELECT profile FROM split_one"),
            ("ALTER TABLE split_one RENAME profile TO other", "SELECT other FROM split_one"),
            ("ALTER TABLE split_one RENAME TO lone", "SELECT other FROM lone"),
            ("ALTER TABLE split RENAME TO gone", "SELECT other FROM lone"),
            ("ANALYZE lone", "SELECT doc FROM filled"),
        })
        {
            await _database.ExecuteAsync(ddl);
            Assert.That((await ReadAsync(client, read, binary: false))[0], Does.Contain(Stars).And.Contain("tok_").And.Contain("Ulm").And.Not.Contain("secretTag"), $"{ddl}; {read}");
        }
    }

    [Test]
    public async Task A_document_that_is_computed_from_a_masked_column_is_masked_as_a_whole()
    {
        await using var client = await LogInAsync();
        for (var round = 0; round < 2; round++)
        {
            Assert.That((await ReadAsync(client, "SELECT profile FROM built", binary: false))[0], Does.Not.Contain("1120"));
            await _database.ExecuteAsync($"CREATE TABLE later{round} ()");
        }
    }

    [Test]
    public async Task Npgsql_reads_documents()
    {
        var settings = new NpgsqlConnectionStringBuilder(_database.ConnectionString(PostgresServer.Superuser, PostgresServer.SuperuserPassword)) { Port = _proxy.Port };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT profile, docs, body, profile->'contact' FROM people WHERE id = $1", connection) { Parameters = { new() { Value = 1 } } };
        await command.PrepareAsync();
        for (var time = 0; time < 3; time++)
        {
            await using var reader = await command.ExecuteReaderAsync();
            await reader.ReadAsync();
            using var document = System.Text.Json.JsonDocument.Parse(reader.GetString(0));
            Assert.That(document.RootElement.GetProperty("contact").GetProperty("email").GetString(), Is.EqualTo(Stars));
            Assert.That(reader.GetFieldValue<string[]>(1)[0], Does.Contain("a***@example"));
            Assert.That(reader.GetString(2), Does.Contain("a***@example"));
            Assert.That(reader.GetString(3), Does.Contain(Stars).And.Contain("Ulm"));
        }
    }

    [Test]
    public async Task Explain_shows_the_places()
    {
        var output = await ExplainAsync("SELECT profile, profile->>'name', profile->'contact' AS c, profile->'contact'->>'email' AS m FROM people");
        Assert.That(output, Does.Contain("->'contact'->'email' by redact, ->'tags'->1 by token"));
        Assert.That(output, Does.Contain("public.people.profile->'name'").And.Contain("public.people.profile->'contact'->'email'"));
    }

    [TestCase("pg_operator", "3962,3964,3211,3212,3963,3965,3477,3481,3966,3213,3967,3206", "->,->,->,->,->>,->>,->>,->>,#>,#>,#>>,#>>")]
    [TestCase("pg_proc", "3951,3217,3953,3940", "json_extract_path,jsonb_extract_path,json_extract_path_text,jsonb_extract_path_text")]
    public async Task The_numbers_are_those_of_the_server(string catalog, string numbers, string names)
    {
        var column = catalog == "pg_proc" ? "proname" : "oprname";
        Assert.That(await _database.ScalarAsync($"SELECT string_agg({column}, ',' ORDER BY n) FROM unnest('{{{numbers}}}'::oid[]) WITH ORDINALITY AS o (oid, n) JOIN {catalog} c ON c.oid = o.oid"), Is.EqualTo(names));
    }

    /// <summary>jsonb sorts keys by their length.</summary>
    private static string Reordered(string token) => $"{{\"name\": \"Ada\", \"tags\": [\"a\", \"{token}\"], \"contact\": {{\"city\": \"Ulm\", \"email\": \"{Stars}\"}}}}";

    private async Task<string> ExplainAsync(string sql)
    {
        var result = await ProcessRunner.RunAsync(
            Built.Dotnet,
            [Built.Wireguardian.Assembly, "explain", "--config", _proxy.ConfigurationPath, "--listener", "app", "--user", PostgresServer.Superuser, "--database", _database.Name, sql]);
        return string.Join(' ', result.EnsureSuccess().Output.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
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
