using System.Text;
using WireGuardian.Proxy;
using static WireGuardian.Postgres.Tests.Relay.BackendMessage;
using static WireGuardian.Postgres.Tests.Relay.FakeCatalog;
using static WireGuardian.Testing.Wire.FrontendMessage;

namespace WireGuardian.Postgres.Tests.Relay;

/// <summary>COPY … TO STDOUT of masked columns: described on the session's own connection right before it, masked as it comes, refused where that cannot be.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CopyOutTests
{
    private const string Copy = "COPY public.people (id, ssn) TO STDOUT";

    private static readonly byte[] Described = [.. ParseComplete, .. ParameterDescription, .. Columns((People, 1), (People, Masked))];

    private readonly RelayBench _relay = new RelayBench().Server(Ready());

    private string Sent => Encoding.ASCII.GetString(_relay.ToClient.ToArray());

    private string Asked => Encoding.ASCII.GetString(_relay.ToServer.ToArray());

    [Test]
    public void A_Query_is_described_with_it_and_the_client_sees_its_answers_only()
    {
        _relay.Client(Query(Copy));
        Assert.That(_relay.ServerSaw, Is.EqualTo("PDQS"));
        Assert.That(Asked, Does.Contain("SELECT id, ssn FROM public.people\0").And.Contain(Copy));
        _relay.Server(Described, CopyOut(2), CopyData("1\tsecret\n"u8), CopyDone, Complete("COPY 1"), Ready(), Ready());
        Assert.That(_relay.ClientSaw, Is.EqualTo("ZHdcCZ"));
        Assert.That(Sent, Does.Contain("1\t******\n"));
        Assert.That(_relay.Core.State.IsIdle);
    }

    [Test]
    public void An_Execute_is_described_under_a_name_that_nobody_has()
    {
        _relay.Client(Parse("", Copy), Bind("", ""), Execute(""), Sync);
        Assert.That(_relay.ServerSaw, Is.EqualTo("PBDPDCES"));
        _relay.Server(ParseComplete, BindComplete, NoData, Described, CloseComplete, CopyOut(2), CopyData("1\tsecret\n"u8), CopyDone, Complete("COPY 1"), Ready());
        Assert.That(_relay.ClientSaw, Is.EqualTo("Z12HdcCZ"));
        Assert.That(Sent, Does.Contain("1\t******\n"));
    }

    [Test]
    public void What_involves_no_masked_column_goes_as_it_came()
    {
        _relay.Client(Query("COPY orders TO STDOUT")).Server(CopyOut(2), CopyData("1\tsecret\n"u8), CopyDone, Complete("COPY 1"), Ready());
        Assert.That((_relay.ServerSaw, _relay.ClientSaw), Is.EqualTo(("Q", "ZHdcCZ")));
        Assert.That(Sent, Does.Contain("1\tsecret\n"));
    }

    [Test]
    public void A_column_that_comes_from_nowhere_is_masked_whole_and_the_format_is_that_of_the_COPY()
    {
        _relay.Client(Query("COPY (SELECT id, ssn || '' FROM people) TO STDOUT (FORMAT binary)"));
        Assert.That(Asked, Does.Contain("      SELECT id, ssn || '' FROM people\0"));
        _relay.Server(ParseComplete, ParameterDescription, Columns((People, 1), (0, 0)), CopyOut(2, binary: true));
        _relay.Server(CopyData([.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1, (byte)'7', 0, 0, 0, 3, .. "abc"u8]));
        Assert.That(Sent, Does.EndWith("7\0\0\0\u0003***"));
    }

    [Test]
    public void The_servers_refusal_of_the_description_answers_the_Query()
    {
        _relay.Client(Query(Copy)).Server(Error("42P01", "relation \"people\" does not exist"));
        _relay.Client(Query("SELECT 1")).Server(Ready(), Columns((0, 0)), Row("shown"), Complete("SELECT 1"), Ready());
        Assert.That(_relay.ClientSaw, Is.EqualTo("ZEZTDCZ"));
        Assert.That(Sent, Does.Contain("42P01").And.Contain("shown"));
    }

    [TestCase(Copy, false)]
    [TestCase("COPY (SELECT nope FROM people) TO STDOUT", true)]
    public void A_position_in_a_text_of_the_proxys_own_is_not_shown(string copy, bool shown)
    {
        _relay.Client(Query(copy)).Server(Typed('E', "SERROR\0VERROR\0C42703\0Mcolumn \"nope\" does not exist\0P17\0\0"u8.ToArray()), Ready());
        Assert.That(Sent.Contains("P17\0", StringComparison.Ordinal), Is.EqualTo(shown));
        Assert.That(_relay.ClientSaw, Is.EqualTo("ZEZ"));
    }

    [Test]
    public void An_error_of_the_COPY_itself_ends_it()
    {
        _relay.Client(Query(Copy)).Server(Described, CopyOut(2), CopyData("1\tsec"u8), Error("57014", "canceling statement"), Ready(), Ready());
        _relay.Client(Query(Copy)).Server(Described, CopyOut(2), CopyData("1\tsecret\n"u8), CopyDone, Complete("COPY 1"), Ready(), Ready());
        Assert.That(_relay.ClientSaw, Is.EqualTo("ZHdEZHdcCZ"));
        Assert.That(Sent, Does.Not.Contain("sec"));
    }

    [Test]
    public void Another_number_of_columns_than_was_described_ends_the_session()
    {
        _relay.Client(Query(Copy));
        Assert.That(() => _relay.Server(Described, CopyOut(3)), Throws.TypeOf<ProtocolException>());
    }

    [Test]
    public void Generated_columns_are_left_out_as_the_server_does()
    {
        _relay.Client(Query("COPY public.people TO STDOUT"));
        _relay.Server(ParseComplete, ParameterDescription, Columns((People, 4), (People, Masked), (People, 1)), CopyOut(2), CopyData("secret\t1\n"u8));
        Assert.That(Sent, Does.Contain("******\t1\n"));
    }

    [Test]
    public void Another_format_than_was_read_ends_the_session()
    {
        _relay.Client(Query(Copy));
        Assert.That(() => _relay.Server(Described, CopyOut(2, binary: true)), Throws.TypeOf<ProtocolException>());
    }

    [TestCase("COPY people TO STDOUT", false)]
    [TestCase(Copy, true)]
    public void Only_a_table_named_with_its_schema_is_the_same_after_a_change_of_the_catalog(string copy, bool passes)
    {
        _relay.Client(Query(copy));
        _relay.Catalog.BeginChange();
        _relay.Catalog.EndChange();
        if (passes)
            Assert.That(() => _relay.Server(Described, CopyOut(2)), Throws.Nothing);
        else
            Assert.That(() => _relay.Server(Described, CopyOut(2)), Throws.TypeOf<ProtocolException>().With.Message.Contains("catalog changed"));
    }

    [TestCase("COPY people TO STDOUT", 1)]
    [TestCase(Copy, 0)]
    public void While_the_catalog_changes_only_a_table_named_with_its_schema_is_copied(string copy, int refused)
    {
        _relay.Catalog.IsFresh = false;
        _relay.Client(Query(copy));
        Assert.That(_relay.AtGate, Has.Count.EqualTo(refused));
    }

    [TestCase("COPY people TO STDOUT; SELECT 1")]
    [TestCase("SELECT 1; COPY people TO STDOUT")]
    [TestCase("COPY people TO '/tmp/x'")]
    [TestCase("COPY people TO PROGRAM 'cat'")]
    [TestCase("COPY people TO STDOUT (FORMAT csv, UNHEARD of)")]
    [TestCase("COPY people TO STDOUT (NULL 'guess')")]
    [TestCase("COPY people TO STDOUT (ENCODING 'SJIS')")]
    [TestCase("COPY (SELECT set_config('client_encoding', 'sjis', false), ssn FROM people) TO STDOUT")]
    [TestCase("COPY (SELECT settings(), ssn FROM people) TO STDOUT")]
    public void What_cannot_be_told_apart_is_refused(string copy)
    {
        _relay.Client(Query(copy));
        Assert.That(_relay.AtGate, Has.Count.EqualTo(1));
        Assert.That(Asked, Does.Not.Contain("people"));
    }

    [TestCase(true, "PDQS")]
    [TestCase(false, "Q")]
    public void A_held_one_is_described_once_it_is_approved(bool approved, string sent)
    {
        _relay.Approves = approved;
        _relay.Client(Query("COPY (DELETE FROM people RETURNING ssn) TO STDOUT"));
        Assert.That((_relay.AtGate.Count, _relay.ServerSaw), Is.EqualTo((1, sent)));
    }

    [Test]
    public void What_came_before_is_answered_first()
    {
        _relay.Client(Query("SELECT 1"), Query(Copy));
        Assert.That(_relay.ServerSaw, Is.EqualTo("QH"), "an error before it would be passed over up to the Sync of our own");
        _relay.Server(Columns((0, 0)), Complete("SELECT 1"), Ready());
        Assert.That(_relay.ServerSaw, Is.EqualTo("QHPDQS"));
    }

    [Test]
    public void Behind_a_change_of_the_catalog_in_its_own_transaction_it_is_refused()
    {
        _relay.Approves = true;
        _relay.Client(Query("BEGIN")).Server(Complete("BEGIN"), Ready('T'));
        _relay.Client(Query("CREATE TABLE t (i int)")).Server(Complete("CREATE TABLE"), Ready('T'));
        _relay.Approves = false;
        _relay.AtGate.Clear();
        _relay.Client(Query(Copy));
        Assert.That(_relay.AtGate, Is.EqualTo(new[] { Copy }));
        _relay.Server(Error("42601", "syntax error"), Ready('E'));
        _relay.Client(Query("ROLLBACK")).Server(Complete("ROLLBACK"), Ready());
        _relay.AtGate.Clear();
        _relay.Client(Query(Copy));
        Assert.That((_relay.AtGate.Count, _relay.ServerSaw[^4..]), Is.EqualTo((0, "PDQS")));
    }

    [Test]
    public void An_encoding_that_the_server_has_not_reported_yet_may_be_any()
    {
        _relay.Client(Parse("", "SET client_encoding = sjis"), Bind("", ""), Execute(""), Flush).Server(ParseComplete, BindComplete, NoData, Complete("SET"));
        _relay.Client(Parse("", Copy), Bind("", ""), Execute(""), Sync).Server(ParseComplete, BindComplete);
        Assert.That(_relay.AtGate, Has.Count.EqualTo(1));
    }

    [Test]
    public void In_an_encoding_where_a_backslash_may_be_half_a_character_it_is_refused()
    {
        _relay.Server(Parameter("client_encoding", "SJIS"), Ready()).Client(Query(Copy));
        Assert.That(_relay.AtGate, Is.EqualTo(new[] { Copy }));
    }

    [Test]
    public void COPY_run_by_a_name_is_refused()
    {
        _relay.Client(Parse("s", Copy), Sync).Server(ParseComplete, Ready());
        _relay.Client(Query("EXECUTE s"));
        Assert.That(_relay.AtGate, Is.EqualTo(new[] { "EXECUTE s" }));
    }

    [Test]
    public void A_COPY_that_only_the_server_knows_of_ends_the_session()
    {
        _relay.Client(Query("SELECT ssn FROM people"));
        Assert.That(() => _relay.Server(CopyOut(2)), Throws.TypeOf<ProtocolException>());
    }
}
