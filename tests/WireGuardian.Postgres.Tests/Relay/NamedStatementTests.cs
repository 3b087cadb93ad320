using System.Text;
using WireGuardian.Postgres.Relay;
using static WireGuardian.Postgres.Tests.Relay.BackendMessage;
using static WireGuardian.Testing.Wire.FrontendMessage;

namespace WireGuardian.Postgres.Tests.Relay;

/// <summary>EXECUTE and FETCH are judged by what they run, however many names lie between.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class NamedStatementTests
{
    private readonly RelayBench _relay = new();

    private string Sent => Encoding.ASCII.GetString(_relay.ToClient.ToArray());

    [Test]
    public void A_name_that_stands_for_EXECUTE_of_another_name_is_held_as_what_that_runs()
    {
        _relay.Client(Query("PREPARE d AS DELETE FROM t")).Server(Complete("PREPARE"), Ready());
        _relay.AtGate.Clear();
        _relay.Client(Parse("s", "EXECUTE d"), Sync).Server(ParseComplete, Ready());
        _relay.Client(Query("EXECUTE s"));
        Assert.That(_relay.AtGate, Is.EqualTo(new[] { "EXECUTE s" }));
    }

    [Test]
    public void Two_names_that_stand_for_each_other_are_judged_once()
    {
        _relay.Client(Parse("a", "EXECUTE b"), Parse("b", "EXECUTE a"), Sync).Server(ParseComplete, ParseComplete, Ready());
        _relay.Client(Query("EXECUTE a"));
        Assert.That(_relay.ServerSaw, Does.EndWith("Q"));
    }

    [Test]
    public void What_is_executed_by_name_is_masked_through_two_names()
    {
        _relay.Client(Query("PREPARE p AS SELECT ssn || '' FROM people")).Server(Complete("PREPARE"), Ready());
        _relay.Client(Parse("s", "EXECUTE p"), Sync).Server(ParseComplete, Ready());
        _relay.Client(Query("EXECUTE s")).Server(Columns((0, 0)), Row("secret"), Complete("SELECT 1"), Ready());
        Assert.That(Sent, Does.Not.Contain("secret"));
    }

    [Test]
    public void A_PREPARE_that_is_executed_by_name_gives_its_name_another_meaning()
    {
        _relay.Client(Query("PREPARE x AS SELECT 1")).Server(Complete("PREPARE"), Ready());
        _relay.Client(Parse("s", "PREPARE x AS DELETE FROM t"), Sync).Server(ParseComplete, Ready());
        _relay.Approves = true;
        _relay.Client(Query("DEALLOCATE x")).Server(Complete("DEALLOCATE"), Ready());
        _relay.Client(Query("EXECUTE s")).Server(Complete("PREPARE"), Ready());
        _relay.AtGate.Clear();
        _relay.Client(Query("EXECUTE x"));
        Assert.That(_relay.AtGate, Is.EqualTo(new[] { "EXECUTE x" }));
    }

    [TestCase("PREPARE s AS SELECT set_config('standard_conforming_strings', 'off', false)", "EXECUTE s")]
    [TestCase("DECLARE s CURSOR WITH HOLD FOR SELECT settings()", "FETCH s")]
    [TestCase("SELECT 1", "FETCH unseen")]
    [TestCase("SELECT 1", "INSERT INTO set_by_trigger VALUES (1)")]
    public void Text_behind_a_name_that_may_change_settings_waits_until_they_are_known(string defines, string runs)
    {
        _relay.Client(Query(defines)).Server(Complete("X"), Ready());
        _relay.Client(Query(runs), Query("""select '\' , ' || (select ssn from people) --'"""));
        Assert.That((_relay.ServerSaw, _relay.Wait), Is.EqualTo(("QQH", ClientWait.Settled)));
    }

    [Test]
    public void A_goodbye_behind_what_waits_for_answers_comes_in_its_turn()
    {
        _relay.Client(Query("DEALLOCATE ALL"), Query("EXECUTE p"));
        Assert.That(_relay.Wait, Is.EqualTo(ClientWait.Settled));
        Assert.That(_relay.Core.HoldsGoodbye([.. Query("EXECUTE p"), .. Terminate]), Is.False);
    }

    [Test]
    public void A_statement_judged_before_is_judged_again_once_a_routine_that_it_names_was_replaced()
    {
        _relay.Client(Query("BEGIN")).Server(Complete("BEGIN"), Ready('T'));
        _relay.Client(Parse("s", "SELECT keep(ssn) FROM people"), Bind("", "s"), Execute(""), Sync);
        _relay.Server(ParseComplete, BindComplete, Columns((0, 0)), Row("x"), Complete("SELECT 1"), Ready('T'));
        _relay.Approves = true;
        _relay.Client(Query("CREATE OR REPLACE FUNCTION keep(text) RETURNS text LANGUAGE sql AS 'INSERT INTO t VALUES ($1) RETURNING 1'"));
        _relay.Server(Complete("CREATE FUNCTION"), Ready('T'));
        _relay.AtGate.Clear();
        _relay.Client(Bind("", "s"), Execute(""), Sync).Server(BindComplete);
        Assert.That(_relay.AtGate, Is.EqualTo(new[] { "SELECT keep(ssn) FROM people" }));
    }

    [TestCase("PREPARE s AS SELECT keep(ssn) FROM people", "EXECUTE s")]
    [TestCase("DECLARE s CURSOR FOR SELECT keep(ssn) FROM people", "FETCH s")]
    public void What_runs_by_name_is_judged_again_once_a_routine_that_it_names_was_replaced(string defines, string runs)
    {
        _relay.Approves = true;
        _relay.Client(Query("BEGIN")).Server(Complete("BEGIN"), Ready('T'));
        _relay.Client(Query(defines)).Server(Complete("X"), Ready('T'));
        _relay.Client(Query("CREATE OR REPLACE FUNCTION keep(text) RETURNS text LANGUAGE sql AS 'INSERT INTO t VALUES ($1) RETURNING 1'"));
        _relay.Server(Complete("CREATE FUNCTION"), Ready('T'));
        _relay.AtGate.Clear();
        _relay.Client(Query(runs));
        Assert.That(_relay.AtGate, Is.EqualTo(new[] { runs }));
    }

    [Test]
    public void A_cursor_may_be_declared_under_one_name_in_any_number_of_transactions()
    {
        for (var transaction = 0; transaction < 20; transaction++)
        {
            _relay.Client(Query("BEGIN")).Server(Complete("BEGIN"), Ready('T'));
            _relay.Client(Query("DECLARE c CURSOR FOR SELECT a FROM t")).Server(Complete("DECLARE CURSOR"), Ready('T'));
            _relay.Client(Query("FETCH 10 FROM c")).Server(Columns((0, 0)), Row("shown"), Complete("FETCH 1"), Ready('T'));
            _relay.Client(Query("COMMIT")).Server(Complete("COMMIT"), Ready());
        }
        Assert.That(_relay.AtGate, Is.Empty);
        Assert.That(Sent.Split("shown"), Has.Length.EqualTo(21));
    }

    [Test]
    public void A_cursor_WITH_HOLD_is_known_after_its_transaction()
    {
        _relay.Client(Query("DECLARE c CURSOR WITH HOLD FOR SELECT ssn || '' FROM people")).Server(Complete("DECLARE CURSOR"), Ready());
        _relay.Client(Query("DECLARE d CURSOR WITH HOLD FOR SELECT a FROM t")).Server(Complete("DECLARE CURSOR"), Ready());
        _relay.Client(Query("FETCH c")).Server(Columns((0, 0)), Row("secret"), Complete("FETCH 1"), Ready());
        _relay.Client(Query("FETCH d")).Server(Columns((0, 0)), Row("shown"), Complete("FETCH 1"), Ready());
        Assert.That(Sent, Does.Contain("shown").And.Not.Contain("secret"));
    }

    /// <summary>It outlives its transaction, and a DECLARE of the client's own under its name fails.</summary>
    [Test]
    public void A_cursor_WITH_HOLD_that_code_opened_is_not_what_the_client_tried_to_declare_under_its_name()
    {
        _relay.Approves = true;
        _relay.Client(Query("DO $$ BEGIN EXECUTE 'DECLARE c CURSOR WITH HOLD FOR SELECT ssn || '''' FROM people'; END $$")).Server(Complete("DO"), Ready());
        _relay.Client(Query("DECLARE c CURSOR WITH HOLD FOR SELECT a || '' FROM t")).Server(Error("42P03", "cursor already exists"), Ready());
        _relay.Client(Query("FETCH c")).Server(Columns((0, 0)), Row("secret"), Complete("FETCH 1"), Ready());
        _relay.Client(Query("DECLARE d CURSOR WITH HOLD FOR SELECT a || '' FROM t")).Server(Complete("DECLARE CURSOR"), Ready());
        _relay.Client(Query("FETCH d")).Server(Columns((0, 0)), Row("shown"), Complete("FETCH 1"), Ready());
        Assert.That(Sent, Does.Contain("shown").And.Not.Contain("secret"));
    }

    [TestCase("old_routine", 1)]
    [TestCase("new_routine", 0)]
    public void A_replaced_routine_may_be_called_by_whatever_a_statement_names(string routine, int held)
    {
        _relay.Approves = true;
        _relay.Client(Query("BEGIN")).Server(Complete("BEGIN"), Ready('T'));
        _relay.Client(Query($"CREATE OR REPLACE FUNCTION {routine}() RETURNS int LANGUAGE sql AS 'SELECT 1'")).Server(Complete("CREATE FUNCTION"), Ready('T'));
        _relay.AtGate.Clear();
        _relay.Client(Query("UPDATE people SET id = 1"));
        Assert.That(_relay.AtGate, Has.Count.EqualTo(held));
    }

    [Test]
    public void A_portal_that_runs_on_is_judged_again_once_a_routine_that_it_names_was_replaced()
    {
        _relay.Approves = true;
        _relay.Client(Query("BEGIN")).Server(Complete("BEGIN"), Ready('T'));
        _relay.Client(Parse("", "SELECT keep(ssn) FROM people"), Bind("p", ""), Execute("p", 1), Sync);
        _relay.Server(ParseComplete, BindComplete, Columns((0, 0)), Row("x"), PortalSuspended, Ready('T'));
        _relay.Client(Execute("p", 1), Sync).Server(Row("x"), PortalSuspended, Ready('T'));
        Assert.That(_relay.AtGate, Is.Empty);
        _relay.Client(Query("CREATE OR REPLACE FUNCTION keep(text) RETURNS text LANGUAGE sql AS 'INSERT INTO t VALUES ($1) RETURNING 1'"));
        _relay.Server(Complete("CREATE FUNCTION"), Ready('T'));
        _relay.AtGate.Clear();
        _relay.Client(Execute("p", 1), Sync);
        Assert.That(_relay.AtGate, Has.Count.EqualTo(1));
    }

    [TestCase("CREATE VIEW v AS SELECT ssn FROM people")]
    [TestCase("ALTER TABLE people RENAME TO p")]
    public void COPY_TO_in_a_transaction_that_made_masked_columns_reachable_is_refused_and_the_session_goes_on(string definition)
    {
        _relay.Approves = true;
        _relay.Client(Query("BEGIN")).Server(Complete("BEGIN"), Ready('T'));
        _relay.Client(Query(definition)).Server(Complete("X"), Ready('T'));
        _relay.Approves = false;
        _relay.Client(Query("COPY v TO STDOUT"));
        Assert.That(_relay.AtGate[^1], Is.EqualTo("COPY v TO STDOUT"));
        _relay.Server(Error("42601", "syntax error"), Ready('E'));
        Assert.That(Sent, Does.Contain("42501"));
        _relay.Client(Query("ROLLBACK")).Server(Complete("ROLLBACK"), Ready());
        _relay.AtGate.Clear();
        _relay.Client(Query("COPY v TO STDOUT"));
        Assert.That(_relay.AtGate, Is.Empty, "it is over");
    }

    [Test]
    public void COPY_TO_behind_such_a_definition_in_one_message_is_refused()
    {
        _relay.Client(Query("CREATE VIEW v AS SELECT ssn FROM people; COPY v TO STDOUT"));
        Assert.That(_relay.AtGate, Has.Count.EqualTo(1));
        Assert.That(Encoding.ASCII.GetString(_relay.ToServer.ToArray()), Does.Not.Contain("COPY"));
    }
}
