using WireGuardian.Postgres.Relay;
using static WireGuardian.Postgres.Tests.Relay.BackendMessage;
using static WireGuardian.Testing.Wire.FrontendMessage;

namespace WireGuardian.Postgres.Tests.Relay;

/// <summary>Pipelines that try to have a statement run that was never judged. Each ends with a DROP or DELETE that the gate must have seen.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class UnjudgedStatementTests
{
    private const string Drop = "DROP TABLE people";

    private readonly RelayBench _relay = new();

    private static byte[] Failed => Error("42601", "syntax error");

    [Test]
    public void A_duplicate_Parse_leaves_the_name_to_the_first()
    {
        _relay.Client(Parse("s", Drop), Sync).Server(ParseComplete, Ready());
        _relay.Client(Parse("s", "SELECT 1"), Bind("", "s"), Execute(""), Sync);
        Assert.That(_relay.Wait, Is.EqualTo(ClientWait.Settled), "whether the name changed hands is known only from the server");
        _relay.Server(Error("42P05", "prepared statement \"s\" already exists")).Server(Ready());
        _relay.Client(Bind("", "s"), Execute(""), Sync).Server(BindComplete);
        Assert.That(_relay.AtGate, Is.EqualTo(new[] { Drop }));
        Assert.That(_relay.PassedAtOnce, Is.Empty);
    }

    [Test]
    public void The_unnamed_statement_is_the_old_one_when_two_later_Parses_were_passed_over()
    {
        _relay.Client(Parse("", Drop), Sync).Server(ParseComplete, Ready());
        _relay.Client(Parse("x", "SELEC"), Parse("", "SELECT 1"), Parse("", "SELECT 2"), Sync).Server(Failed, Ready());
        _relay.Client(Bind("", ""), Execute(""), Sync).Server(BindComplete);
        Assert.That(_relay.AtGate, Is.EqualTo(new[] { Drop }));
    }

    [Test]
    public void The_unnamed_statement_is_the_old_one_when_Parses_of_two_batches_were_passed_over()
    {
        _relay.Client(Parse("", Drop), Sync).Server(ParseComplete, Ready());
        _relay.Client(Parse("x", "SELEC"), Parse("", "SELECT 1"), Sync, Parse("y", "SELEC"), Parse("", "SELECT 2"), Sync);
        _relay.Server(Failed, Ready(), Failed, Ready());
        _relay.Client(Bind("", ""), Execute(""), Sync).Server(BindComplete);
        Assert.That(_relay.AtGate, Is.EqualTo(new[] { Drop }));
    }

    [Test]
    public void A_Close_and_a_new_Parse_that_were_passed_over_leave_the_name_to_the_first()
    {
        _relay.Client(Parse("s", Drop), Sync).Server(ParseComplete, Ready());
        // Refused by the server as the name is taken, but it is known from now on as made in SQL.
        _relay.Client(Query("PREPARE s AS SELECT 1")).Server(Error("42P05", "already exists"), Ready());
        _relay.Client(Parse("x", "SELEC"), Close('S', "s"), Parse("s", "SELECT 1"), Sync).Server(Failed, Ready());
        _relay.Client(Bind("", "s"), Execute(""), Sync).Server(BindComplete);
        Assert.That(_relay.AtGate, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_Query_that_was_passed_over_leaves_the_unnamed_portal_to_the_first()
    {
        _relay.Client(Query("BEGIN")).Server(Complete("BEGIN"), Ready('T'));
        _relay.Client(Parse("d", Drop), Bind("", "d"), Sync).Server(ParseComplete, BindComplete, Ready('T'));
        _relay.Client(Parse("x", "SELEC"), Query("SELECT 1"), Sync).Server(Failed, Ready('E'));
        _relay.Client(Execute(""), Sync);
        Assert.That(_relay.AtGate, Has.Count.EqualTo(1));
    }

    [Test]
    public void Names_that_are_one_to_the_server_are_one_here()
    {
        var common = new string('n', 63);
        _relay.Client(Parse(common + "a", "SELECT 1"), Sync).Server(ParseComplete, Ready());
        _relay.Client(Close('S', common + "b"), Parse(common + "b", Drop), Sync).Server(CloseComplete, ParseComplete, Ready());
        _relay.Client(Bind("", common + "a"), Execute(""), Sync).Server(BindComplete);
        Assert.That(_relay.AtGate, Is.EqualTo(new[] { Drop }));
    }

    [Test]
    public void EXECUTE_waits_until_it_is_known_what_the_name_means()
    {
        _relay.Client(Parse("s", "DELETE FROM people"), Sync).Server(ParseComplete, Ready());
        _relay.Client(Parse("x", "SELEC"), Close('S', "s"), Parse("s", "SELECT 1"), Sync, Query("EXECUTE s"));
        Assert.That(_relay.Wait, Is.EqualTo(ClientWait.Settled));
        _relay.Server(Failed, Ready());
        Assert.That(_relay.AtGate, Is.EqualTo(new[] { "EXECUTE s" }));
    }

    [Test]
    public void A_setting_changed_earlier_in_the_batch_is_not_reported_yet_so_text_is_read_both_ways()
    {
        _relay.Client(Parse("", "SET standard_conforming_strings = off"), Bind("", ""), Execute(""), Flush);
        _relay.Server(ParseComplete, BindComplete, NoData, Complete("SET"));
        // One literal with the setting on, a DELETE inside WITH with the setting off.
        _relay.Client(Parse("", @"WITH a AS (SELECT '\''), b AS (DELETE FROM people RETURNING 1) SELECT 1 -- ') SELECT 1"), Bind("", ""), Execute(""), Sync);
        _relay.Server(ParseComplete, BindComplete);
        Assert.That(_relay.AtGate, Has.Count.EqualTo(1));
    }

    [TestCase("SET LOCAL search_path = shop")]
    [TestCase("SELECT set_config('role', 'web', true)")]
    public void Text_that_is_not_ASCII_passes_behind_a_setting_that_decides_nothing_about_it(string setting)
    {
        _relay.Server(Ready()).Client(Parse("", setting), Bind("", ""), Execute(""), Parse("", "SELECT 'ü'"), Bind("", ""), Execute(""), Sync);
        Assert.That((_relay.AtGate, _relay.ServerSaw), Is.EqualTo((Array.Empty<string>(), "PBDEPBDES")));
    }

    [Test]
    public void A_statement_that_waited_while_a_COPY_began_is_forgotten_with_its_message()
    {
        _relay.Catalog.IsFresh = false;
        _relay.Client(Query("COPY t FROM STDIN"));
        _relay.Client(Parse("", "SELECT 1"));
        _relay.Server(CopyIn);
        _relay.Client(Bind("", ""), Execute(""), Sync);
        Assert.That(_relay.Core.Client.Admission.AtGate, Is.Null);
    }

    [TestCase("", 1)]
    [TestCase("\u00e9", 1)]
    [TestCase("made in a function", 0)]
    public void An_Execute_of_a_portal_that_nobody_bound_here_reads_a_cursor_unless_its_name_is_not_kept_account_of(string name, int held)
    {
        _relay.Client(Execute(name), Sync);
        Assert.That(_relay.AtGate, Has.Count.EqualTo(held));
    }

    [Test]
    public void A_cursor_that_nobody_made_here_is_masked_whole()
    {
        _relay.Client(Execute("made in a function"), Sync).Server(Columns((0, 0)), Row("secret"), Complete("SELECT 1"), Ready('T'));
        Assert.That(System.Text.Encoding.ASCII.GetString(_relay.ToClient.ToArray()), Does.Contain("******").And.Not.Contain("secret"));
    }

    [Test]
    public void Nothing_is_sent_of_what_the_gate_refuses()
    {
        _relay.Client(Parse("", Drop), Bind("", ""), Execute(""), Sync).Server(ParseComplete, BindComplete);
        var sent = System.Text.Encoding.ASCII.GetString(_relay.ToServer.ToArray());
        Assert.That(_relay.ServerSaw, Is.EqualTo("PBHES"));
        Assert.That(sent, Does.Contain("refused by WireGuardian"));
    }
}
