using System.Text;
using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Postgres.Tests.Relay;
using WireGuardian.Sql.Postgres;

namespace WireGuardian.Postgres.Tests.Catalog;

/// <summary>Which definitions and which statements are kept apart.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ConcurrentWorkTests
{
    private readonly ConcurrentWork _work = new();
    private readonly FakeCatalog _catalog = new();
    private readonly SessionWork _one;
    private readonly SessionWork _other;

    public ConcurrentWorkTests() => (_one, _other) = (_work.Join(), _work.Join());

    [TestCase("CREATE VIEW v AS SELECT ssn FROM people", "INSERT INTO x SELECT code()", true, true)]
    [TestCase("CREATE VIEW v AS SELECT ssn FROM people", "INSERT INTO x SELECT a FROM v", false, true)]
    [TestCase("CREATE VIEW v AS SELECT ssn FROM people", "INSERT INTO x SELECT a FROM t", false, false)]
    [TestCase("CREATE TRIGGER g AFTER INSERT ON x FOR EACH ROW EXECUTE FUNCTION people()", "INSERT INTO x VALUES (1)", false, true)]
    [TestCase("CREATE VIEW v AS SELECT a FROM t", "INSERT INTO x SELECT code()", true, false)]
    [TestCase("CREATE TABLE v AS SELECT ssn FROM people", "INSERT INTO x SELECT a FROM v", false, true)]
    [TestCase("CREATE TABLE v AS SELECT ssn FROM people", "INSERT INTO x SELECT a FROM people", false, false)]
    [TestCase("CREATE TABLE v AS SELECT ssn FROM people", "INSERT INTO x SELECT code()", true, false)]
    [TestCase("ALTER TABLE people RENAME TO t", "INSERT INTO x SELECT a FROM t", false, true)]
    [TestCase("DO $$ BEGIN EXECUTE 'x'; END $$", "INSERT INTO x VALUES (1)", false, true)]
    public void Neither_meets_the_other(string definition, string statement, bool runsCode, bool areKeptApart)
    {
        var running = Running(statement, runsCode);
        var change = _one.Begin(Facts(definition), touchesMasked: Facts(definition).Any(_catalog.Involves));
        Assert.That(_other.TryEnter(running, _catalog, _work.Version), Is.EqualTo(!areKeptApart));
        Assert.That(_one.TryEnter(Running(statement, runsCode), _catalog, _work.Version), Is.True, "it is its own");
        _one.TakeBack(change);
        if (areKeptApart)
            Assert.That(_other.TryEnter(running, _catalog, _work.Version), Is.True);
        change = _one.Begin(Facts(definition), touchesMasked: true);
        var later = Running(statement, runsCode);
        _other.Enter(later);
        Assert.That(_one.MustWait(change, _catalog), Is.EqualTo(areKeptApart || definition.Contains("FROM t", StringComparison.Ordinal)));
        _other.Leave(running);
        Assert.That(_one.MustWait(change, _catalog), Is.False, "what came later waits for it");
    }

    [Test]
    public void A_statement_that_was_judged_before_a_change_that_is_over_by_now_is_judged_anew()
    {
        var before = _work.Version;
        _one.Begin(Facts("CREATE VIEW v AS SELECT ssn FROM people"), touchesMasked: true);
        _one.EndChanges();
        var running = Running("INSERT INTO x SELECT a FROM v", runsCode: false);
        Assert.That(_other.IsConcerned(running, _catalog), Is.False);
        Assert.That(_other.TryEnter(running, _catalog, before), Is.False);
        Assert.That(_other.TryEnter(running, _catalog, _work.Version), Is.True);
    }

    [Test]
    public void What_touched_nothing_masked_when_it_was_judged_may_do_so_by_a_newer_picture()
    {
        _one.Begin(Facts("CREATE FUNCTION code() RETURNS text LANGUAGE sql AS 'SELECT a FROM later'"), touchesMasked: false);
        var running = Running("INSERT INTO x SELECT code()", runsCode: true);
        Assert.That(_other.IsConcerned(running, _catalog), Is.False);
        _catalog.Involved.Add("later");
        Assert.That(_other.IsConcerned(running, _catalog), Is.True);
    }

    [Test]
    public void More_definitions_than_are_told_apart_are_any()
    {
        for (var number = 0; number < 5000; number++)
            _one.Begin(Facts("CREATE VIEW v AS SELECT ssn FROM people"), touchesMasked: true);
        Assert.That(_one.Changes, Has.Count.LessThan(4100));
        Assert.That(_other.IsConcerned(Running("INSERT INTO x VALUES (1)", runsCode: false), _catalog), Is.True);
        _one.EndChanges();
        Assert.That(_other.IsConcerned(Running("INSERT INTO x VALUES (1)", runsCode: false), _catalog), Is.False);
    }

    [Test]
    public async Task Who_waits_goes_on_when_it_is_over()
    {
        _one.Begin(Facts("CREATE VIEW v AS SELECT ssn FROM people"), touchesMasked: true);
        var running = Running("INSERT INTO x SELECT a FROM v", runsCode: false);
        var waiting = _other.WaitWhileAsync(() => _other.IsConcerned(running, _catalog), TimeSpan.FromMinutes(5), TimeProvider.System, CancellationToken.None);
        Assert.That(waiting.IsCompleted, Is.False);
        _one.EndChanges();
        await waiting.WaitAsync(TimeSpan.FromMinutes(1));
    }

    private static RunningStatement Running(string sql, bool runsCode) => new(Facts(sql), runsCode);

    private static IReadOnlyList<StatementFacts> Facts(string sql) => PostgresAnalyzer.Analyze(Encoding.UTF8.GetBytes(sql), PostgresSqlSettings.Default);
}
