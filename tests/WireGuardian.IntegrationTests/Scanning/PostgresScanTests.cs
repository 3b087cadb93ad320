using System.Text.Json;
using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Processes;

namespace WireGuardian.IntegrationTests.Scanning;

/// <summary><c>wireguardian scan</c> finds what was planted in a database, says so in numbers, and shows none of it.</summary>
[TestFixture(PostgresVersion.Version15)]
[TestFixture(PostgresVersion.Version18)]
public sealed class PostgresScanTests(PostgresVersion version)
{
    private const string Card = "4111111111111111";
    private const string Domain = "quetzal.example";
    private const string Password = "scan-reader-password";

    private const string Schema =
        $$"""
        CREATE DOMAIN mail_address AS text;
        CREATE TABLE people (id int PRIMARY KEY, name text, email mail_address, phone varchar(30), card bigint, ssn text, born date, city char(20), mails text[], seen inet);
        INSERT INTO people SELECT i, 'Ada', 'p' || i || '@{{Domain}}', '+49 30 ' || 1234000 + i, CASE WHEN i % 10 > 0 THEN {{Card}} END, '123-45-6789',
            date '1980-05-17' + i, 'Lisbon', ARRAY['p' || i || '@{{Domain}}', 'q@{{Domain}}'], '203.0.113.77' FROM generate_series(1, 500) i;
        ALTER TABLE people RENAME COLUMN born TO date_of_birth;
        CREATE TABLE notes (id int, body text, profile jsonb, shipped date);
        INSERT INTO notes SELECT i, CASE WHEN i % 10 = 0 THEN 'write to p' || i || '@{{Domain}}, please' ELSE 'the parcel of order ' || i END,
            jsonb_build_object('contact', jsonb_build_object('email', 'p' || i || '@{{Domain}}'), 'p' || i || '@{{Domain}}', 'x@{{Domain}}', 'n', i), date '2024-01-01' FROM generate_series(1, 500) i;
        CREATE SCHEMA "Odd.One";
        CREATE TABLE "Odd.One"."a ""b"" *" (id int, "e.mail" text, clean text);
        INSERT INTO "Odd.One"."a ""b"" *" SELECT i, 'p' || i || '@{{Domain}}', 'clean' FROM generate_series(1, 20) i;
        CREATE TABLE parted (id int, email text) PARTITION BY RANGE (id);
        CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (100);
        CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM (100) TO (200);
        INSERT INTO parted SELECT i, 'p' || i || '@{{Domain}}' FROM generate_series(1, 150) i;
        CREATE TABLE many (id int, email text) PARTITION BY RANGE (id);
        DO $$ BEGIN FOR i IN 1..120 LOOP EXECUTE format('CREATE TABLE many_%s PARTITION OF many FOR VALUES FROM (%s) TO (%s)', lpad(i::text, 3, '0'), i * 10, i * 10 + 10); END LOOP; END $$;
        INSERT INTO many SELECT i, 'p' || i || '@{{Domain}}' FROM generate_series(10, 1209) i;
        CREATE TABLE big (id int, email text, filler text);
        INSERT INTO big SELECT i, CASE WHEN i > 15000 THEN 'p' || i || '@{{Domain}}' ELSE 'none' END, repeat('x', 100) FROM generate_series(1, 60000) i;
        ANALYZE big;
        CREATE TABLE secret (id int, email text);
        INSERT INTO secret VALUES (1, 'p1@{{Domain}}');
        CREATE TABLE locked (id int, email text);
        CREATE TABLE calls (id int);
        CREATE FUNCTION called(t text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'called with p1@{{Domain}}'; END $$;
        CREATE TABLE policed (id int, email text);
        INSERT INTO policed VALUES (1, 'p1@{{Domain}}');
        ALTER TABLE policed ENABLE ROW LEVEL SECURITY;
        CREATE POLICY looks ON policed USING (called(email));
        CREATE VIEW viewed AS SELECT id, email FROM people WHERE called(email);
        CREATE VIEW slow AS SELECT 'x'::text AS body FROM pg_sleep(300);
        CREATE ROLE {0} LOGIN PASSWORD '{{Password}}';
        GRANT USAGE ON SCHEMA "Odd.One" TO {0};
        GRANT SELECT ON ALL TABLES IN SCHEMA public, "Odd.One" TO {0};
        REVOKE ALL ON secret FROM {0};
        """;

    private const string Rules = """
        masking: [{ name: identity, columns: ["public.people.ssn"], with: redact }]
        """;

    private readonly string _reader = $"scan_reader_{(int)version}";
    private PostgresDatabase _database = null!;
    private ScanCommandLine _line = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        var server = await SharedPostgres.Get(version);
        _database = await server.CreateDatabaseAsync(Schema.Replace("{0}", _reader, StringComparison.Ordinal));
        _line = new ScanCommandLine("postgres", server.Endpoint, _reader, Password, Rules);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _line?.Dispose();
        if (_database is not null)
        {
            await _database.ExecuteAsync($"DROP OWNED BY {_reader}; DROP ROLE {_reader}");
            await _database.DisposeAsync();
        }
    }

    [Test]
    public async Task Planted_columns_are_proposed_clean_ones_are_not_and_no_value_is_shown()
    {
        var result = await ScanAsync();
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        AssertShowsNoValue(result);
        foreach (var column in new[] { "people.email", "people.phone", "people.card", "people.date_of_birth", "people.mails", "people.seen", "notes.body", "notes.profile", "parted.email", "many.email", "big.email" })
            Assert.That(result.Output, Does.Contain($"- \"public.{column}\"\n"));
        Assert.That(result.Output, Does.Contain("- \"\\\"Odd.One\\\".\\\"a ?b? ?\\\".\\\"e.mail\\\"\"\n"));
        foreach (var clean in new[] { ".name", ".city", ".clean", ".shipped", "filler", "viewed", "parted_1", "many_00", "public.policed.", "public.secret." })
            Assert.That(result.Output, Does.Not.Contain(clean));
        Assert.That(result.Output, Does.Contain("# 450 of 500 rows sampled, 450 with a value: CREDIT_CARD\n").And.Contain("# 50 of 500 rows sampled: EMAIL_ADDRESS\n"));
        Assert.That(result.Output, Does.Contain("->'contact'->>'email': EMAIL_ADDRESS in 500\n").And.Contain("Masked by rule identity already").And.Contain("public.people.ssn\n"));
        Assert.That(result.Error, Does.Contain("not read: ").And.Contain("public.secret: the catalog login may not read it\n").And.Contain("public.policed: the catalog login may not read it (SQLSTATE 42501)").And.Contain("pg_read_all_data"));
    }

    [Test]
    public async Task Check_takes_the_proposal_and_the_rules_then_mask_those_columns()
    {
        var proposal = (await ScanAsync()).Output;
        // The lists are added to, as its comment says; here the file's own stands below, under the proposal's key.
        var (masking, rest) = (proposal.IndexOf("masking:\n", StringComparison.Ordinal), proposal.IndexOf("detection:\n", StringComparison.Ordinal));
        Assert.That(masking > 0 && rest > masking, proposal);
        using var line = new ScanCommandLine("postgres", _database.Server.Endpoint, _reader, Password, proposal);
        var check = await line.CheckAsync("");
        Assert.That((check.ExitCode, check.Error), Is.EqualTo((0, "")));
        Assert.That(check.Output, Does.Contain("found-email-address").And.Contain("found-in-text"));

        var again = await line.ScanAsync("--database", _database.Name);
        Assert.That(again.ExitCode, Is.Zero);
        Assert.That(again.Output, Does.Contain("Masked by rule found-email-address already").And.Contain("found-in-text looks for this already"));
        Assert.That(again.Output, Does.Not.Contain("- \"public.people.email\""));
    }

    [Test]
    public async Task A_large_table_is_sampled_in_a_few_of_its_pages_and_never_more_than_was_asked_for()
    {
        var before = await BlocksReadAsync();
        var document = JsonDocument.Parse((await ScanAsync("--table", "big", "--rows", "300", "--output", "json")).Output).RootElement;
        var column = document.GetProperty("columns")[0];
        var rows = column.GetProperty("rows").GetInt32();
        Assert.That(rows, Is.InRange(100, 300));
        Assert.That(column.GetProperty("found").GetInt32(), Is.GreaterThan(rows / 3), "the first rows have none");
        // Statistics of another session come after a while: asked for until they are there.
        var read = 0L;
        for (var attempt = 0; attempt < 100 && (read = await BlocksReadAsync() - before) == 0; attempt++)
            await Task.Delay(100);
        var pages = Convert.ToInt64(await _database.ScalarAsync("SELECT relpages FROM pg_class WHERE relname = 'big'"), System.Globalization.CultureInfo.InvariantCulture);
        Assert.That(read, Is.GreaterThan(0).And.LessThan(pages / 10));
    }

    [Test]
    public async Task A_locked_table_is_named_and_the_rest_read()
    {
        await using var connection = await _database.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var command = new Npgsql.NpgsqlCommand("LOCK TABLE locked IN ACCESS EXCLUSIVE MODE", connection, transaction))
            await command.ExecuteNonQueryAsync();
        var result = await ScanAsync("--table", "locked", "--table", "parted");
        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(result.Error, Does.Contain("public.locked: somebody has locked it (SQLSTATE 55P03)\ntables read: 1; not, or not all of them: 1\n"));
        Assert.That(result.Output, Does.Contain("- \"public.parted.email\""));
    }

    [Test]
    public async Task Views_are_read_when_asked_for_and_what_their_functions_say_is_not_shown()
    {
        var result = await ScanAsync("--views", "--table", "viewed");
        Assert.That(result.ExitCode, Is.EqualTo(1), "the only table cannot be read");
        AssertShowsNoValue(result);
        Assert.That(result.Error, Does.Contain("public.viewed: the server refused (SQLSTATE P0001)"));
    }

    [Test]
    public async Task A_table_that_takes_too_long_is_left()
    {
        var result = await ScanAsync("--views", "--table", "slow", "--table", "parted", "--timeout", "500ms");
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(result.Error, Does.Contain("public.slow: not read in time (SQLSTATE 57014)"));
        Assert.That(result.Output, Does.Contain("- \"public.parted.email\""));
    }

    [Test]
    public async Task An_interrupt_ends_it_with_what_was_found()
    {
        await using var scan = _line.Start("--database", _database.Name, "--views", "--table", "slow", "--table", "parted", "--timeout", "5m");
        for (var attempt = 0; attempt < 300 && await SleepersAsync() == 0; attempt++)
            await Task.Delay(100);
        scan.Send(Signal.Interrupt);
        Assert.That(await scan.WaitForExitAsync(), Is.EqualTo(1));
        Assert.That(scan.Error, Does.Contain("interrupted"));
        Assert.That(scan.Output, Does.Contain("before it had seen every table").And.Contain("public.parted.email"));
        for (var attempt = 0; attempt < 100 && await SleepersAsync() > 0; attempt++)
            await Task.Delay(100);
        Assert.That(await SleepersAsync(), Is.Zero, "nothing of it goes on in the server");
    }

    [Test]
    public async Task Nothing_found_is_said()
    {
        var result = await ScanAsync("--table", "calls", "--table", "notes", "--exclude", "*.notes.*");
        Assert.That((result.ExitCode, result.Error), Is.EqualTo((0, "")));
        Assert.That(result.Output, Does.Contain("Nothing to propose"));
    }

    [Test]
    public async Task A_wrong_password_and_a_database_that_is_not_there_are_failures()
    {
        using var wrong = new ScanCommandLine("postgres", _database.Server.Endpoint, _reader, "wrong-password");
        var refused = await wrong.ScanAsync("--database", _database.Name);
        Assert.That((refused.ExitCode, refused.Output), Is.EqualTo((1, "")));
        Assert.That(refused.Error, Does.Contain("28P01").And.Not.Contain("wrong-password"));
        var missing = await _line.ScanAsync("--database", "no_such_database");
        Assert.That((missing.ExitCode, missing.Output), Is.EqualTo((1, "")));
        Assert.That(missing.Error, Does.Contain("no_such_database"));
    }

    [Test]
    public async Task A_server_that_is_not_there_is_a_failure([Values("postgres", "mysql")] string protocol)
    {
        using var dead = new ScanCommandLine(protocol, $"127.0.0.1:{FreePort.Next()}", "guardian", "password");
        var result = await dead.ScanAsync();
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((1, "")));
        Assert.That(result.Error, Does.Contain("the catalog login cannot use"));
    }

    private Task<ProcessResult> ScanAsync(params string[] arguments) => _line.ScanAsync(["--database", _database.Name, .. arguments]);

    private async Task<long> BlocksReadAsync() => Convert.ToInt64(
        await _database.ScalarAsync("SELECT heap_blks_read + heap_blks_hit FROM pg_statio_user_tables WHERE relname = 'big'"), System.Globalization.CultureInfo.InvariantCulture);

    private async Task<long> SleepersAsync() =>
        (long)(await _database.ScalarAsync($"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = '{_reader}' AND wait_event = 'PgSleep'"))!;

    private static void AssertShowsNoValue(ProcessResult result)
    {
        foreach (var value in new[] { Domain, Card, "1234001", "123-45", "1980", "203.0.113", "Lisbon", "parcel" })
            Assert.That(result.Output + result.Error, Does.Not.Contain(value));
    }
}
