using WireGuardian.Proxy;
using WireGuardian.Proxy.Limits;
using static WireGuardian.Postgres.Tests.Relay.BackendMessage;
using static WireGuardian.Testing.Wire.FrontendMessage;

namespace WireGuardian.Postgres.Tests.Relay;

/// <summary>A DEALLOCATE frees the name that it drops, when the server says that it did.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DeallocationTests
{
    private readonly RelayBench _relay = new(limits: new LimitOptions { MaxPreparedStatements = 2 });

    private int Prepared => _relay.Core.State.Statements.Count;

    [SetUp]
    public void Prepare() => _relay.Client(Parse("a", "SELECT 1"), Parse("B", "SELECT 2"), Sync).Server(ParseComplete, ParseComplete, Ready());

    [TestCase("DEALLOCATE a", 1)]
    [TestCase("deallocate prepare A", 1)]
    [TestCase("DEALLOCATE \"B\"", 1)]
    [TestCase("DEALLOCATE b", 2)]
    public void A_simple_query_frees_the_name_that_the_server_has_dropped(string sql, int left)
    {
        _relay.Client(Query(sql));
        Assert.That(Prepared, Is.EqualTo(2));
        _relay.Server(Complete("DEALLOCATE"), Ready());
        Assert.That(Prepared, Is.EqualTo(left));
    }

    [Test]
    public void An_Execute_frees_the_name()
    {
        _relay.Client(Parse("", "DEALLOCATE a"), Bind("", ""), Execute(""), Sync).Server(ParseComplete, BindComplete, NoData, Complete("DEALLOCATE"), Ready());
        Assert.That(Prepared, Is.EqualTo(1));
    }

    [Test]
    public void A_DEALLOCATE_that_fails_frees_nothing()
    {
        _relay.Client(Query("DEALLOCATE a")).Server(Error("25P02", "current transaction is aborted"), Ready('E'));
        Assert.That(Prepared, Is.EqualTo(2));
    }

    [Test]
    public void A_DEALLOCATE_that_is_rolled_back_stays_done()
    {
        _relay.Client(Query("BEGIN; DEALLOCATE a; SELECT 1/0"))
            .Server(Complete("BEGIN"), Complete("DEALLOCATE"), Error("22012", "division by zero"), Ready('E'))
            .Client(Query("ROLLBACK")).Server(Complete("ROLLBACK"), Ready());
        Assert.That(Prepared, Is.EqualTo(1));
    }

    [Test]
    public void Only_those_that_ran_before_the_error_are_freed()
    {
        _relay.Client(Query("DEALLOCATE a; SELECT 1/0; DEALLOCATE \"B\"")).Server(Complete("DEALLOCATE"), Error("22012", "division by zero"), Ready());
        Assert.That(Prepared, Is.EqualTo(1));
        Assert.That(_relay.Core.State.Statements.Find("B"u8), Is.Not.Null);
    }

    [Test]
    public void A_Parse_behind_it_waits_for_it_at_the_limit_and_has_the_room()
    {
        _relay.Client(Query("DEALLOCATE a"), Parse("c", "SELECT 3"), Sync);
        Assert.That(_relay.ServerSaw, Does.EndWith("QH"));
        _relay.Server(Complete("DEALLOCATE"), Ready());
        Assert.That(_relay.ServerSaw, Does.EndWith("QHPS"));
        _relay.Server(ParseComplete, Ready());
        Assert.That(Prepared, Is.EqualTo(2));
        Assert.That(() => _relay.Client(Parse("d", "SELECT 4")), Throws.TypeOf<ProtocolException>());
    }

    [Test]
    public void A_Close_that_is_passed_over_does_not_bring_back_what_was_dropped_before_it()
    {
        _relay.Client(Parse("", "DEALLOCATE a"), Bind("", ""), Execute(""), Describe('P', "none"), Close('S', "a"), Sync)
            .Server(ParseComplete, BindComplete, NoData, Complete("DEALLOCATE"), Error("34000", "no portal"), Ready());
        Assert.That(Prepared, Is.EqualTo(1));
    }

    [TestCase("DEALLOCATE d")]
    [TestCase("DEALLOCATE d; PREPARE e AS SELECT 1")]
    public void What_SQL_prepared_under_the_name_is_forgotten_too(string sql)
    {
        _relay.Client(Query("PREPARE d AS SELECT 1")).Server(Complete("PREPARE"), Ready());
        _relay.Client(Query(sql)).Server(Complete("DEALLOCATE"), Ready());
        Assert.That(_relay.Core.State.SqlNames.Find(isCursor: false, "d"), Is.Null);
    }

    [Test]
    public void What_the_same_Query_prepares_afterwards_is_known()
    {
        _relay.Client(Query("PREPARE d AS SELECT 1")).Server(Complete("PREPARE"), Ready());
        _relay.Client(Query("DEALLOCATE d; PREPARE d AS SELECT 2")).Server(Complete("DEALLOCATE"), Complete("PREPARE"), Ready());
        Assert.That(_relay.Core.State.SqlNames.Find(isCursor: false, "d"), Is.Not.Null);
    }
}
