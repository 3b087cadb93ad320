using System.Text;
using static WireGuardian.Postgres.Tests.Relay.BackendMessage;
using static WireGuardian.Postgres.Tests.Relay.FakeCatalog;
using static WireGuardian.Testing.Wire.FrontendMessage;

namespace WireGuardian.Postgres.Tests.Relay;

/// <summary>The mask plan belongs to the portal, and to what the portal is at the time.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PortalMaskTests
{
    private readonly RelayBench _relay = new();

    private string Sent => Encoding.ASCII.GetString(_relay.ToClient.ToArray());

    [Test]
    public void Bind_and_Execute_without_any_Describe_is_masked()
    {
        _relay.Client(Parse("", "SELECT * FROM people"), Bind("", ""), Execute(""), Sync);
        Assert.That(_relay.ServerSaw, Is.EqualTo("PBDES"), "the proxy asks for the description itself");
        _relay.Server(ParseComplete, BindComplete, Columns((People, 1), (People, Masked)), Row("1", "secret"), Complete("SELECT 1"), Ready());
        Assert.That(_relay.ClientSaw, Is.EqualTo("12DCZ"), "and keeps it to itself");
        Assert.That(Sent, Does.Contain("******").And.Not.Contain("secret"));
    }

    [Test]
    public void A_portal_goes_on_under_its_plan_after_it_was_suspended()
    {
        _relay.Client(Parse("", "SELECT ssn FROM people"), Bind("p", ""), Describe('P', "p"), Execute("p", 1), Flush);
        _relay.Server(ParseComplete, BindComplete, Columns((People, Masked)), Row("secret"), PortalSuspended);
        _relay.Client(Execute("p", 1), Sync).Server(Row("secret"), PortalSuspended, Ready('T'));
        Assert.That(_relay.ServerSaw, Is.EqualTo("PBDEHES"));
        Assert.That(Sent, Does.Not.Contain("secret"));
    }

    [Test]
    public void A_portal_whose_name_a_cursor_has_taken_since_is_described_anew()
    {
        _relay.Client(Query("BEGIN")).Server(Complete("BEGIN"), Ready('T'));
        _relay.Client(Parse("", "SELECT 'x'"), Bind("c", ""), Describe('P', "c"), Execute("c", 1), Sync);
        _relay.Server(ParseComplete, BindComplete, Columns((0, 0)), Row("x"), PortalSuspended, Ready('T'));
        _relay.Client(Query("CLOSE c")).Server(Complete("CLOSE CURSOR"), Ready('T'));
        _relay.Client(Query("DECLARE c CURSOR FOR SELECT upper(ssn) FROM people")).Server(Complete("DECLARE CURSOR"), Ready('T'));
        _relay.Client(Execute("c"), Sync).Server(Columns((0, 0)), Row("secret"), Complete("SELECT 1"), Ready('T'));
        Assert.That(Sent, Does.Not.Contain("secret"));
    }

    [Test]
    public void A_portal_whose_name_a_function_may_have_taken_is_described_anew()
    {
        _relay.Client(Query("BEGIN")).Server(Complete("BEGIN"), Ready('T'));
        _relay.Client(Parse("", "SELECT a FROM t"), Bind("c", ""), Describe('P', "c"), Execute("c", 1), Sync);
        _relay.Server(ParseComplete, BindComplete, Columns((8, 1)), Row("x"), PortalSuspended, Ready('T'));
        _relay.Client(Query("SELECT swap_cursor('c')")).Server(Columns((0, 0)), Row("c"), Complete("SELECT 1"), Ready('T'));
        _relay.Client(Execute("c"), Sync).Server(Columns((People, Masked)), Row("secret"), Complete("SELECT 1"), Ready('T'));
        Assert.That(Sent, Does.Not.Contain("secret"));
    }

    [Test]
    public void A_portal_that_runs_a_name_which_was_given_away_since_its_Bind_is_masked_whole([Values] bool describes)
    {
        RunRenamed(describes);
        _relay.Server(Row("secret"), Complete("SELECT 1"), Ready('T'));
        Assert.That(Sent, Does.Not.Contain("secret"));
    }

    [Test]
    public void And_stays_so_when_it_is_suspended_and_described_again([Values] bool describes)
    {
        RunRenamed(describes);
        _relay.Server(Row("secret"), PortalSuspended, Ready('T'));
        _relay.Client(Query("SELECT 1")).Server(Columns((0, 0)), Row("1"), Complete("SELECT 1"), Ready('T'));
        _relay.Client(Execute("p"), Sync).Server(Row("secret"), Complete("SELECT 1"), Ready('T'));
        Assert.That(Sent, Does.Not.Contain("secret"));
    }

    [Test]
    public void A_portal_that_ran_a_name_is_not_masked_as_what_the_name_means_later([Values] bool describes)
    {
        _relay.Client(Query("BEGIN")).Server(Complete("BEGIN"), Ready('T'));
        _relay.Client(Query("PREPARE s AS SELECT ssn FROM people")).Server(Complete("PREPARE"), Ready('T'));
        _relay.Client(Parse("", "EXECUTE s"), Bind("p", ""), Describe('P', "p"), Execute("p", 1), Sync);
        _relay.Server(ParseComplete, BindComplete, Columns((People, Masked)), Row("secret"), PortalSuspended, Ready('T'));
        _relay.Client(Query("DEALLOCATE s")).Server(Complete("DEALLOCATE"), Ready('T'));
        _relay.Client(Query("PREPARE s AS SELECT a FROM t")).Server(Complete("PREPARE"), Ready('T'));
        if (describes)
            _relay.Client(Describe('P', "p"), Flush).Server(Columns((8, 1)));
        _relay.Client(Execute("p"), Sync).Server(Row("secret"), Complete("SELECT 1"), Ready('T'));
        Assert.That(Sent, Does.Contain("******").And.Not.Contain("secret"));
    }

    /// <summary>The server describes a portal of EXECUTE by what the name meant at its Bind, and runs what it means at its first Execute.</summary>
    private void RunRenamed(bool describes)
    {
        _relay.Client(Query("BEGIN")).Server(Complete("BEGIN"), Ready('T'));
        _relay.Client(Query("PREPARE s AS SELECT a FROM t")).Server(Complete("PREPARE"), Ready('T'));
        _relay.Client(Parse("", "EXECUTE s"), Bind("p", ""), Sync).Server(ParseComplete, BindComplete, Ready('T'));
        _relay.Client(Query("DEALLOCATE s")).Server(Complete("DEALLOCATE"), Ready('T'));
        _relay.Client(Query("PREPARE s AS SELECT ssn FROM people")).Server(Complete("PREPARE"), Ready('T'));
        if (describes)
            _relay.Client(Describe('P', "p"), Flush).Server(Columns((8, 1)));
        _relay.Client(Execute("p", describes ? 1 : 0), Sync);
        if (!describes)
            _relay.Server(Columns((8, 1)));
    }

    [Test]
    public void A_row_without_a_description_ends_the_session()
    {
        _relay.Client(Parse("", "SELECT ssn FROM people"), Bind("", ""), Execute(""), Sync).Server(ParseComplete, BindComplete);
        Assert.That(() => _relay.Server(Row("secret")), Throws.TypeOf<WireGuardian.Proxy.ProtocolException>());
        Assert.That(Sent, Does.Not.Contain("secret"));
    }

    [Test]
    public void An_error_of_a_statement_that_involves_masked_columns_loses_its_values()
    {
        _relay.Client(Query("SELECT ssn::int FROM people"));
        _relay.Server(Error("22P02", "invalid input syntax for type integer: \"secret\""), Ready());
        Assert.That(Sent, Does.Not.Contain("secret").And.Contain("22P02"));
    }
}
