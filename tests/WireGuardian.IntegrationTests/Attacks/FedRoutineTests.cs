using System.Text;
using WireGuardian.Testing.Wire;

namespace WireGuardian.IntegrationTests.Attacks;

/// <summary>
/// What the server runs by itself over masked rows (indexes, checks, statistics, policies, defaults of domains) is first made of a harmless routine, which then gets
/// another body: from there on masked values would be stored without any statement that names them.
/// </summary>
[TestFixture]
public sealed class FedRoutineTests
{
    private const string Harmless = "CREATE OR REPLACE FUNCTION shop.f(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN $1; END'";
    private const string Accepting = "CREATE OR REPLACE FUNCTION shop.accept(text) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN true; END'";
    private const string Feeding = "CREATE OR REPLACE FUNCTION shop.f(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN shop.keep($1); END'";
    private const string AcceptFeeding = "CREATE OR REPLACE FUNCTION shop.accept(text) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN shop.keep($1) = ''''; END'";
    private const string Write = "UPDATE shop.people SET name = name || 'x'";

    private AttackedDatabase _database = null!;

    [OneTimeSetUp]
    public async Task Start() => _database = await AttackedDatabase.StartAsync();

    [OneTimeTearDown]
    public async Task Stop() => await _database.DisposeAsync();

    [TestCase(Harmless, "CREATE INDEX i ON shop.people (shop.f(ssn))", Feeding, "REINDEX INDEX shop.i", "DROP INDEX shop.i")]
    [TestCase(Harmless, "CREATE STATISTICS shop.s ON (shop.f(ssn)), id FROM shop.people", Feeding, "ANALYZE shop.people", "DROP STATISTICS shop.s")]
    [TestCase(Accepting, "CREATE INDEX i ON shop.people (id) WHERE shop.accept(ssn)", AcceptFeeding, Write, "DROP INDEX shop.i")]
    [TestCase(Accepting, "ALTER TABLE shop.people ADD CONSTRAINT c CHECK (shop.accept(ssn))", AcceptFeeding, Write, "ALTER TABLE shop.people DROP CONSTRAINT c")]
    [TestCase(Accepting, "CREATE POLICY p ON shop.people USING (shop.accept(ssn))", AcceptFeeding, "SELECT id FROM shop.people", "DROP POLICY p ON shop.people")]
    public async Task It_does_not_get_a_body_that_stores(string harmless, string use, string feeding, string then, string drop)
    {
        await using var client = await _database.LogInAsync();
        await AssertRunsAsync(client, harmless);
        await AssertRunsAsync(client, use);
        AssertDenied(await client.QueryAsync(feeding));
        await AssertRunsAsync(client, then);
        Assert.That(await _database.AskServerAsync("SELECT count(*) FROM shop.notes"), Is.EqualTo(0));
        await AssertRunsAsync(client, drop);
    }

    [Test]
    public async Task Nor_does_it_in_the_same_transaction()
    {
        await using var client = await _database.LogInAsync();
        await AssertRunsAsync(client, Harmless);
        await AssertRunsAsync(client, "BEGIN");
        await AssertRunsAsync(client, "CREATE INDEX i ON shop.people (shop.f(ssn))");
        AssertDenied(await client.QueryAsync(Feeding));
        await client.QueryAsync("ROLLBACK");
    }

    [TestCase("CREATE FUNCTION shop.deep(text) RETURNS text LANGUAGE plpgsql AS 'BEGIN INSERT INTO shop.notes (note) VALUES ($1); RETURN $1; END'")]
    [TestCase("CREATE FUNCTION shop.deep(varchar) RETURNS text LANGUAGE sql BEGIN ATOMIC INSERT INTO shop.notes (note) VALUES ($1); SELECT $1::text; END")]
    [TestCase("CREATE FUNCTION shop.deep(text) RETURNS text LANGUAGE plpgsql AS 'BEGIN EXECUTE $1; RETURN $1; END'")]
    [TestCase("CREATE FUNCTION shop.deep(text) RETURNS text LANGUAGE plpgsql AS 'BEGIN PERFORM pg_notify(''x'', $1); RETURN $1; END'")]
    [TestCase("ALTER FUNCTION shop.keep(text) RENAME TO deep")]
    public async Task Nor_does_what_it_calls(string feeding)
    {
        await using var client = await _database.LogInAsync();
        await AssertRunsAsync(
            client, "CREATE FUNCTION shop.g(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS 'BEGIN IF $1 = '''' THEN RETURN deep($1); END IF; RETURN $1; END'");
        await AssertRunsAsync(client, "CREATE INDEX i ON shop.people (shop.g(ssn))");
        AssertDenied(await client.QueryAsync(feeding));
        await AssertRunsAsync(client, "DROP FUNCTION shop.g CASCADE");
    }

    [Test]
    public async Task A_harmless_body_may_replace_a_harmless_one()
    {
        await using var client = await _database.LogInAsync();
        await AssertRunsAsync(client, Harmless);
        await AssertRunsAsync(client, "CREATE INDEX i ON shop.people (shop.f(ssn))");
        await AssertRunsAsync(client, "CREATE OR REPLACE FUNCTION shop.f(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN upper($1); END'");
        await AssertRunsAsync(
            client, "CREATE FUNCTION shop.other(text) RETURNS text LANGUAGE plpgsql AS 'BEGIN INSERT INTO shop.notes (note) VALUES ($1); RETURN $1; END'");
        await AssertRunsAsync(client, Write);
        await AssertRunsAsync(client, "DROP INDEX shop.i");
        await AssertRunsAsync(client, "DROP FUNCTION shop.other");
    }

    /// <summary>The first stores what its domain's default reads, the second hands its masked column to a check that stores it.</summary>
    [TestCase("INSERT INTO shop.log (id) VALUES (1)")]
    [TestCase("INSERT INTO shop.guarded VALUES (1, 'x')")]
    [TestCase("CREATE DOMAIN shop.other AS text DEFAULT shop.secret()")]
    [TestCase("ALTER DOMAIN shop.plain_text SET DEFAULT shop.secret()")]
    public async Task What_was_there_before_is_not_run(string sql)
    {
        await using var client = await _database.LogInAsync();
        AssertDenied(await client.QueryAsync(sql));
    }

    private static async Task AssertRunsAsync(WireClient client, string sql) =>
        Assert.That((await client.QueryAsync(sql)).Where(frame => frame.Type == 'E').Select(frame => Encoding.UTF8.GetString(frame.Body)), Is.Empty, sql);

    private static void AssertDenied(IReadOnlyList<WireFrame> frames) =>
        Assert.That(frames.Where(frame => frame.Type == 'E').Select(frame => Encoding.UTF8.GetString(frame.Body)), Has.One.Contains("\"copies\""));
}
