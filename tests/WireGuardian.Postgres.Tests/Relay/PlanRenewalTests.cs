using System.Text;
using WireGuardian.Core.Statements;
using WireGuardian.Proxy.Relay;
using WireGuardian.Sql.Postgres;
using static WireGuardian.Postgres.Tests.Relay.BackendMessage;
using static WireGuardian.Testing.Wire.FrontendMessage;

namespace WireGuardian.Postgres.Tests.Relay;

/// <summary>Rows are masked by what holds when they come, not by what held when their columns were described.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PlanRenewalTests
{
    private const uint Table = 8;
    private readonly RelayBench _relay = new();

    private string Sent => Encoding.ASCII.GetString(_relay.ToClient.ToArray());

    [Test]
    public void A_column_that_is_labelled_between_two_reads_is_masked_from_the_second_on([Values] bool isPortal)
    {
        Begin("SELECT a, b FROM t", isPortal);
        _relay.Server(Columns(((int)Table, 1), ((int)Table, 2)), Row("one", "shown"));
        Label(2);
        _relay.Server(Row("two", "secret"), Row("three", "secret"));
        Assert.That(Sent, Does.Contain("shown").And.Contain("three").And.Not.Contain("secret"));
    }

    [Test]
    public void What_is_computed_and_rests_on_code_is_masked_once_others_change_code()
    {
        Begin("SELECT code(a) FROM t", isPortal: false);
        _relay.Server(Columns((0, 0)), Row("shown"));
        var other = _relay.Catalog.Work.Join();
        other.Begin(Facts("CREATE OR REPLACE FUNCTION code(text) RETURNS text LANGUAGE sql AS 'SELECT ssn FROM people'"), touchesMasked: true);
        other.EndChanges();
        _relay.Server(Row("secret"));
        Assert.That(Sent, Does.Contain("shown").And.Contain("******").And.Not.Contain("secret"));
    }

    [Test]
    public void What_is_described_while_others_change_code_is_masked()
    {
        Begin("SELECT code(a) FROM t", isPortal: false);
        _relay.Catalog.Work.Join().Begin(Facts("CREATE OR REPLACE FUNCTION code(text) RETURNS text LANGUAGE sql AS 'SELECT ssn FROM people'"), touchesMasked: true);
        _relay.Server(Columns((0, 0)), Row("secret"));
        Assert.That(Sent, Does.Not.Contain("secret"));
    }

    [TestCase("SELECT a || '' FROM t", "CREATE OR REPLACE VIEW v AS SELECT ssn FROM people", true)]
    [TestCase("SELECT code(a) FROM t", "CREATE VIEW v AS SELECT a FROM t", false)]
    public void Nothing_else_is_masked_for_that(string query, string definition, bool touchesMasked)
    {
        Begin(query, isPortal: false);
        _relay.Server(Columns((0, 0)), Row("shown"));
        var other = _relay.Catalog.Work.Join();
        other.Begin(Facts(definition), touchesMasked);
        _relay.Server(Row("shown"));
        other.EndChanges();
        _relay.Server(Row("shown"));
        Assert.That(Sent.Split("shown"), Has.Length.EqualTo(4));
    }

    [Test]
    public void The_data_of_a_query_end_where_its_columns_are_labelled()
    {
        _relay.Client(Query("COPY (SELECT a FROM t FOR UPDATE) TO STDOUT")).Server(CopyOut(1), Typed('d', "shown\n"u8.ToArray()));
        Label(1);
        Assert.That(() => _relay.Server(Typed('d', "secret\n"u8.ToArray())), Throws.TypeOf<WireGuardian.Proxy.ProtocolException>());
        Assert.That(Sent, Does.Contain("shown").And.Not.Contain("secret"));
    }

    /// <summary>A table is read as it was when the COPY began.</summary>
    [Test]
    public void The_data_of_a_table_go_on()
    {
        _relay.Server(Ready());
        _relay.Client(Query("COPY t TO STDOUT")).Server(CopyOut(1), Typed('d', "shown\n"u8.ToArray()));
        Label(1);
        _relay.Server(Typed('d', "shown\n"u8.ToArray()));
        Assert.That(Sent.Split("shown"), Has.Length.EqualTo(3));
    }

    [Test]
    public void Rows_allocate_nothing([Values] bool isMasked)
    {
        Begin("SELECT a, b FROM t", isPortal: false);
        _relay.Server(Columns(((int)Table, 1), ((int)Table, 2)));
        if (isMasked)
            Label(2);
        byte[] rows = [.. Enumerable.Repeat(Row("one", "two"), 200).SelectMany(row => row)];
        var output = new RelayOutput();
        Feed(rows, output);
        Feed(rows, output);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Feed(rows, output);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private void Feed(byte[] rows, RelayOutput output)
    {
        for (var at = 0; at < rows.Length;)
        {
            output.Clear();
            var step = _relay.Core.FromServer(rows.AsSpan(at), output);
            if (step.Need == RelayNeed.Answer)
                _relay.Core.Server.Plans.CatalogWasAsked(_relay.Catalog);
            at += step.Consumed;
        }
        output.Clear();
    }

    private void Begin(string sql, bool isPortal)
    {
        if (isPortal)
            _relay.Client(Parse("", sql), Bind("", ""), Describe('P', ""), Execute(""), Sync).Server(ParseComplete, BindComplete);
        else
            _relay.Client(Query(sql));
    }

    private void Label(short attribute) =>
        _relay.Catalog.Newer = new() { OwnLabels = _relay.Catalog.LabelVersion + 1, Labelled = { (Table, attribute) }, Involved = { "t" } };

    private static IReadOnlyList<StatementFacts> Facts(string sql) => PostgresAnalyzer.Analyze(Encoding.UTF8.GetBytes(sql), PostgresSqlSettings.Default);
}
