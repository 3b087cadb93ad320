using System.Text;
using Npgsql;
using WireGuardian.Core.Approvals;
using WireGuardian.Core.Identity;
using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Sql.Postgres;
using WireGuardian.Testing.Postgres;

namespace WireGuardian.Postgres.Tests.Catalog;

/// <summary>What a plan expects, asked of real servers; and that no code of a user's runs for it with the catalog login's rights.</summary>
[TestFixture(PostgresVersion.Version15)]
[TestFixture(PostgresVersion.Version18)]
public sealed class PlanTests(PostgresVersion version)
{
    private const string Users = "it uses functions, operators or types of users, which planning could run";
    private const string Tables = "its tables use functions, operators or types of users, which planning could run";
    private const string Others = "it names something else than plain tables: a view, a foreign table, one with rules or row security";
    private const string Unsure = "it calls functions that planning could run";

    /// <summary>Planning that runs it fails, so that it shows.</summary>
    private const string Schema =
        """
        DO $$ BEGIN CREATE ROLE plan_requester LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
        CREATE FUNCTION evil(i int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN IF current_user = 'catalog_tests_guardian' THEN RAISE EXCEPTION 'it ran'; END IF; RETURN i; END $$;
        CREATE FUNCTION evil_text(i text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN evil(1) = 1; END $$;
        CREATE OPERATOR ### (LEFTARG = int, RIGHTARG = int, FUNCTION = int4pl);
        CREATE DOMAIN evil_domain AS text CHECK (evil_text(VALUE));
        CREATE SCHEMA own AUTHORIZATION plan_requester;
        SET ROLE plan_requester;
        CREATE FUNCTION own.proves(text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN IF current_user = 'catalog_tests_guardian' THEN RAISE EXCEPTION 'it ran'; END IF; RETURN true; END $$;
        CREATE DOMAIN own.checked_text AS text CHECK (own.proves(VALUE));
        CREATE TYPE own.pair AS (x own.checked_text);
        CREATE TABLE own.kept (p own.pair);
        CREATE VIEW own.shown AS SELECT p AS q FROM own.kept;
        CREATE FUNCTION own.takes(own.pair) RETURNS int LANGUAGE sql AS 'SELECT 1';
        GRANT USAGE ON SCHEMA own TO public;
        RESET ROLE;
        CREATE TABLE t (n int PRIMARY KEY, note text);
        INSERT INTO t SELECT i, 'note' FROM generate_series(1, 1000) i;
        CREATE TABLE counted (n int);
        CREATE TABLE indexed (n int);
        INSERT INTO indexed SELECT generate_series(1, 10);
        CREATE INDEX ON indexed ((evil(1) + n));
        CREATE TABLE partly (n int);
        CREATE INDEX ON partly (n) WHERE evil(1) = n;
        CREATE TABLE checked (n int CHECK (n > evil(0)));
        CREATE TABLE measured (n int);
        CREATE STATISTICS measures ON (evil(1) + n), n FROM measured;
        CREATE TABLE typed (n evil_domain);
        CREATE TABLE secured (n int);
        ALTER TABLE secured ENABLE ROW LEVEL SECURITY;
        CREATE TABLE ruled (n int);
        CREATE RULE more AS ON DELETE TO ruled DO ALSO DELETE FROM counted;
        CREATE TABLE parts (n int) PARTITION BY RANGE (n);
        CREATE TABLE part PARTITION OF parts FOR VALUES FROM (0) TO (10);
        CREATE INDEX ON part ((evil(1) + n));
        CREATE VIEW seen AS SELECT n FROM t;
        CREATE TABLE own (n int);
        ALTER TABLE own OWNER TO plan_requester;
        CREATE TABLE closed (n int);
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO catalog_tests_guardian;
        REVOKE ALL ON closed FROM catalog_tests_guardian;
        GRANT USAGE ON SCHEMA public TO catalog_tests_guardian;
        ANALYZE t;
        """;

    private static readonly Principal Requester = new("plan_requester", [], "127.0.0.1", "");

    private CatalogBench _bench = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _bench = await CatalogBench.StartAsync(version, Schema);
        await _bench.ViewAsync();
    }

    [OneTimeTearDown]
    public async Task Stop() => await _bench.DisposeAsync();

    [TestCase("SELECT * FROM t", 1000)]
    [TestCase("SELECT * FROM t WHERE n <= 100 AND note = 'note'", 100)]
    [TestCase("DELETE FROM t WHERE n <= 100", 100)]
    [TestCase("UPDATE t SET note = 'other' WHERE n = 5", 1)]
    [TestCase("INSERT INTO counted SELECT n FROM t", 1000)]
    [TestCase("SELECT * FROM t WHERE n = $1 AND note = $2", 1)]
    [TestCase("SELECT count(*) FROM t", 1)]
    [TestCase("SELECT * FROM t FOR UPDATE", 1000)]
    [TestCase("WITH old AS (SELECT n FROM t WHERE n <= 100) DELETE FROM t USING old WHERE t.n = old.n", 100)]
    public async Task Statements_of_plain_tables_have_their_plans(string sql, long rows)
    {
        var plan = await AskAsync(sql);
        Assert.That(plan?.NotAsked, Is.Empty);
        Assert.That(plan!.Rows, Is.EqualTo(rows).Within(20).Percent);
    }

    [TestCase("SELECT * FROM t WHERE n = evil(1)", Users)]
    [TestCase("SELECT * FROM t WHERE n = 1 ### 2", Users)]
    [TestCase("SELECT n::text::evil_domain FROM t", Users)]
    [TestCase("SELECT * FROM t WHERE note = 'x'::evil_domain::text", Users)]
    [TestCase("SELECT (SELECT max(evil(1)) FROM counted) FROM t", Users)]
    [TestCase("SELECT t FROM t", Users)]
    [TestCase("SELECT * FROM seen", Others)]
    [TestCase("SELECT * FROM secured", Others)]
    [TestCase("DELETE FROM ruled", Others)]
    [TestCase("SELECT * FROM indexed WHERE n = 2", Tables)]
    [TestCase("SELECT * FROM partly WHERE n = 1", Tables)]
    [TestCase("SELECT * FROM checked WHERE n = 1", Tables)]
    [TestCase("SELECT * FROM measured WHERE n = 1", Tables)]
    [TestCase("SELECT * FROM typed", Users)]
    [TestCase("SELECT 1 FROM typed", Tables)]
    [TestCase("SELECT * FROM parts WHERE n = 1", Tables)]
    [TestCase("SELECT * FROM own", "the requester may define its tables, so that planning could run the requester's code")]
    [TestCase("SELECT * FROM closed", "the catalog login may not do what it does")]
    [TestCase("SELECT * FROM t WHERE note = table_to_xml('t', true, true, '')::text", Unsure)]
    public async Task Whatever_could_run_code_is_not_planned(string sql, string why) =>
        Assert.That(await AskAsync(sql), Is.EqualTo(PlanEstimate.Not(why)));

    [Test]
    public async Task A_type_that_a_text_names_is_not_tried()
    {
        if (version >= PostgresVersion.Version16)
            Assert.That(await AskAsync("SELECT * FROM t WHERE n > 0 AND pg_input_is_valid('x', 'public.evil_domain')"), Is.EqualTo(PlanEstimate.Not(Unsure)));
    }

    /// <summary>Otherwise the cases above prove nothing.</summary>
    [TestCase("SELECT * FROM t WHERE n = evil(1)")]
    [TestCase("SELECT * FROM indexed WHERE n = 2")]
    [TestCase("SELECT * FROM checked WHERE n = 1")]
    [TestCase("SELECT * FROM measured WHERE n = 1")]
    [TestCase("SELECT * FROM parts WHERE n = 1")]
    public async Task Planning_does_run_such_code(string sql)
    {
        await using var source = NpgsqlDataSource.Create(
            $"Host={PostgresServer.Host};Port={_bench.Database.Server.Port};Username={CatalogBench.Login};Password={CatalogBench.Password};Database={_bench.Database.Name};Pooling=false");
        await using var command = source.CreateCommand($"SET constraint_exclusion = on; EXPLAIN {sql}");
        Assert.That(async () => await command.ExecuteNonQueryAsync(), Throws.TypeOf<PostgresException>().With.Property("SqlState").EqualTo("P0001"));
    }

    [TestCase("SELECT '(a)'::own.pair")]
    [TestCase("SELECT '{\"(a)\"}'::own.pair[]")]
    [TestCase("INSERT INTO own.kept VALUES ('(a)')")]
    [TestCase("UPDATE own.kept SET p = '(a)'")]
    [TestCase("SELECT coalesce(q, '(a)') FROM own.shown")]
    [TestCase("SELECT own.takes('(a)')")]
    public async Task Analysing_runs_no_code_of_users(string sql)
    {
        var foresight = await AskAsync(_bench, sql);
        Assert.That(foresight.Plan, Is.EqualTo(PlanEstimate.Not(QueryTreeOracle.RunsCode)));
        Assert.That(foresight.Note, Does.Contain(QueryTreeOracle.RunsCode));
        Assert.That(await _bench.Catalog.IsSyntaxErrorAsync($"{sql} garbage garbage garbage", true, CancellationToken.None), Is.False, "nor is the parser asked");
        await using var source = NpgsqlDataSource.Create(
            $"Host={PostgresServer.Host};Port={_bench.Database.Server.Port};Username={CatalogBench.Login};Password={CatalogBench.Password};Database={_bench.Database.Name};Pooling=false");
        await using var command = source.CreateCommand($"PREPARE p AS {sql}");
        Assert.That(async () => await command.ExecuteNonQueryAsync(), Throws.TypeOf<PostgresException>().With.Property("SqlState").EqualTo("P0001"), "otherwise this proves nothing");
    }

    [Test]
    public async Task The_connection_goes_on_after_every_refusal()
    {
        for (var i = 0; i < 3; i++)
        {
            Assert.That((await AskAsync("SELECT * FROM closed"))?.Rows, Is.Null);
            Assert.That((await AskAsync("SELECT * FROM indexed"))?.Rows, Is.Null);
            Assert.That((await AskAsync("SELECT * FROM t"))?.Rows, Is.EqualTo(1000));
        }
    }

    [Test]
    public async Task Columns_have_their_lineage_and_mask()
    {
        await using var masked = await CatalogBench.StartAsync(
            version, "CREATE TABLE people (id int, ssn text); CREATE TABLE plain (id int)", CatalogBench.Rule("identity", "public.people.ssn"));
        await masked.ViewAsync();
        var foresight = await AskAsync(masked, "SELECT id, ssn, upper(ssn) AS loud, 1 FROM people");
        Assert.That(
            foresight.Columns.Select(column => $"{column.Name} {column.Lineage} {string.Join(',', column.Sources)} {column.Mask} {column.Rule}"),
            Is.EqualTo(new[] { "id plain public.people.id  ", "ssn plain public.people.ssn redact identity", "loud derived public.people.ssn redact identity", "?column? plain   " }));
        Assert.That(foresight.Note, Is.Empty);
        var wide = await AskAsync(masked, $"SELECT {string.Join(", ", Enumerable.Range(0, 150).Select(i => $"id AS c{i}"))} FROM plain");
        Assert.That((wide.Columns.Count, wide.Note), Is.EqualTo((100, "The first 100 of 150 columns are shown.")));
        var unknown = await AskAsync(masked, "SELECT * FROM nowhere");
        Assert.That((unknown.Columns.Count, unknown.Note), Is.EqualTo((0, "The lineage of its columns is not known (the server did not analyse it for the catalog login: SQLSTATE 42P01), but it involves no masked column.")));
    }

    [Test]
    public async Task Who_does_not_wait_is_told_so()
    {
        using var over = new CancellationTokenSource();
        await over.CancelAsync();
        var foresight = await _bench.Catalog.ForeseeAsync(Question("SELECT * FROM t"), Requester, false, over.Token);
        Assert.That((foresight.Columns.Count, foresight.Plan), Is.EqualTo((0, PlanEstimate.Not("the server did not plan it in time"))));
        Assert.That(await _bench.Catalog.CountAsync([new Identifier(null, "t")], over.Token), Is.Empty);
    }

    private async Task<PlanEstimate?> AskAsync(string sql) => (await AskAsync(_bench, sql)).Plan;

    private static async Task<Foresight> AskAsync(CatalogBench bench, string sql) =>
        await bench.Catalog.ForeseeAsync(Question(sql), Requester, sql.Contains("ssn", StringComparison.Ordinal), CancellationToken.None);

    private static LineageQuestion Question(string sql)
    {
        var text = Encoding.UTF8.GetBytes(sql);
        return new(text, PostgresAnalyzer.Analyze(text, PostgresSqlSettings.Default)[0], true, ReadOnlyMemory<uint>.Empty);
    }
}
