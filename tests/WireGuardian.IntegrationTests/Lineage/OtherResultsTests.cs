using System.Text;
using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Wire;
using static WireGuardian.Testing.Wire.FrontendMessage;

namespace WireGuardian.IntegrationTests.Lineage;

/// <summary>What comes by another way than a query's own rows is masked as exactly: COPY (query), FETCH, EXECUTE, and the plans of EXPLAIN.</summary>
[TestFixture(PostgresVersion.Version14)]
[TestFixture(PostgresVersion.Version15)]
[TestFixture(PostgresVersion.Version18)]
public sealed class OtherResultsTests(PostgresVersion version)
{
    private const string Stars = "***********";
    private const string Partial = "*******3333";

    private LineageShop _shop = null!;

    [OneTimeSetUp]
    public async Task Start() => _shop = await LineageShop.OpenAsync(version);

    [OneTimeTearDown]
    public async Task Stop() => await _shop.DisposeAsync();

    private static readonly (string Query, string Rows)[] Queries =
    [
        ("select count(*) from people", "3"),
        ("select upper(name), id + 1 from people where id = 1", "ADA|2"),
        ("select upper(name), upper(ssn), ssn, length(ssn) from people where id = 1", $"ADA|{Stars}|{Partial}|0"),
        ("select ssn from people where id = 1 union all select ssn from people where id = 1", $"{Partial};{Partial}"),
        ("select shout, hidden from tall where id = 1", $"ADA|{Stars}"),
        ("select upper(name) from people where id = 1 and ssn like '1%'", "ADA"),
        ("select ssn_of(1), twice(name) from people where id = 1", $"{Stars}|AdaAda"),
    ];

    private static IEnumerable<TestCaseData> Cases() => Queries.Select(one => new TestCaseData(one.Query, one.Rows).SetArgDisplayNames(one.Query));

    [TestCaseSource(nameof(Cases))]
    public async Task Copy_of_a_query(string query, string rows)
    {
        await using var client = await _shop.ConnectAsync();
        Assert.That(Copied(await client.QueryAsync($"copy ({query}) to stdout"), '\t'), Is.EqualTo(rows));
        Assert.That(Copied(await client.QueryAsync($"copy /* é */ ({query}) to stdout with (format csv)"), ','), Is.EqualTo(rows));
        await client.SendAsync(Parse("", $"copy ({query}) to stdout"), Bind("", ""), Execute(""), Sync);
        Assert.That(Copied(await client.ReadUntilAsync('Z'), '\t'), Is.EqualTo(rows));
    }

    [TestCaseSource(nameof(Cases))]
    public async Task Fetch_from_a_cursor(string query, string rows)
    {
        await using var client = await _shop.ConnectAsync();
        for (var round = 0; round < 3; round++)
        {
            await client.QueryAsync("begin");
            await client.QueryAsync($"declare c cursor for {query}");
            Assert.That(LineageShop.Rows(await client.QueryAsync("fetch all from c")), Is.EqualTo(rows));
            await client.QueryAsync("commit");
        }
        Assert.That(LineageShop.Rows(await client.QueryAsync($"begin; declare d cursor for {query}; fetch all from d; commit")), Is.EqualTo(rows));
        await client.QueryAsync("begin");
        await client.SendAsync(Parse("", $"declare e cursor for {query}"), Bind("", ""), Describe('P', ""), Execute(""), Sync);
        await client.ReadUntilAsync('Z');
        await client.SendAsync(Parse("", "fetch all from e"), Bind("", ""), Describe('P', ""), Execute(""), Sync);
        Assert.That(LineageShop.Rows(await client.ReadUntilAsync('Z')), Is.EqualTo(rows));
        await client.QueryAsync("commit");
        await client.QueryAsync($"declare h cursor with hold for {query}");
        Assert.That(LineageShop.Rows(await client.QueryAsync("fetch all from h")), Is.EqualTo(rows));
    }

    [TestCaseSource(nameof(Cases))]
    public async Task Execute_of_a_statement_prepared_in_sql(string query, string rows)
    {
        await using var client = await _shop.ConnectAsync();
        await client.QueryAsync($"prepare p as {query}");
        Assert.That(LineageShop.Rows(await client.QueryAsync("execute p")), Is.EqualTo(rows));
        await client.SendAsync(Parse("", "execute p"), Bind("", ""), Describe('P', ""), Execute(""), Sync);
        Assert.That(LineageShop.Rows(await client.ReadUntilAsync('Z')), Is.EqualTo(rows));
        await client.SendAsync(Parse("", "execute p"), Bind("", ""), Execute(""), Sync);
        Assert.That(LineageShop.Rows(await client.ReadUntilAsync('Z')), Is.EqualTo(rows));
        await client.QueryAsync("deallocate p");
        await client.QueryAsync("prepare p as select upper(ssn), upper(name) from people where id = 1");
        Assert.That(LineageShop.Rows(await client.QueryAsync("execute p")), Is.EqualTo($"{Stars}|ADA"));
    }

    [Test]
    public async Task Parameters_of_a_prepared_statement()
    {
        if (version == PostgresVersion.Version14)
            Assert.Ignore("PostgreSQL 14 does not say what comes of a statement that PREPARE gives types.");
        await using var client = await _shop.ConnectAsync();
        await client.QueryAsync("prepare p (int, text) as select upper(name) || $2, upper(ssn), $1 + 1 from people where id = $1");
        Assert.That(LineageShop.Rows(await client.QueryAsync("execute p (1, 'x')")), Is.EqualTo($"ADAx|{Stars}|2"));
        await client.QueryAsync("begin");
        await client.SendAsync(Parse("", "declare c cursor for select upper(name), upper(ssn) from people where id = $1", 23), Bind("", "", [], ["1"u8.ToArray()], []), Execute(""), Sync);
        await client.ReadUntilAsync('Z');
        Assert.That(LineageShop.Rows(await client.QueryAsync("fetch c")), Is.EqualTo($"ADA|{Stars}"));
    }

    [TestCase("select count(*) from people")]
    [TestCase("select * from people where id = 1")]
    [TestCase("select upper(ssn), max(name) from people where name = 'Ada' group by id order by id")]
    [TestCase("select p.name from people p join orders o on o.person = p.id where o.item = 'desk'")]
    [TestCase("update people set ssn = 'x' where id = 1")]
    public async Task A_plan_without_masked_predicates_is_shown_as_it_is(string query)
    {
        await using var client = await _shop.ConnectAsync();
        await using var directly = await _shop.ConnectDirectlyAsync();
        Assert.That(LineageShop.Rows(await client.QueryAsync($"explain {query}")), Is.EqualTo(LineageShop.Rows(await directly.QueryAsync($"explain {query}"))).And.Contain("cost="));
        Assert.That(
            LineageShop.Rows(await client.QueryAsync($"explain (verbose, costs off) {query}")),
            Is.EqualTo(LineageShop.Rows(await directly.QueryAsync($"explain (verbose, costs off) {query}"))));
        await client.SendAsync(Parse("", $"explain {query}"), Bind("", ""), Describe('P', ""), Execute(""), Sync);
        Assert.That(LineageShop.Rows(await client.ReadUntilAsync('Z')), Does.Contain("cost="));
    }

    [TestCase("select name from people where id = 1")]
    [TestCase("select count(*) from people")]
    public async Task A_plan_that_is_run_is_shown_where_no_masked_column_is_read(string query)
    {
        await using var client = await _shop.ConnectAsync();
        Assert.That(LineageShop.Rows(await client.QueryAsync($"explain analyze {query}")), Does.Contain("actual"));
    }

    [TestCase("explain select * from people where ssn = '111-22-3333'")]
    [TestCase("explain select count(*) from people group by ssn")]
    [TestCase("explain select * from people order by ssn")]
    [TestCase("explain select * from people p join staff s using (ssn)")]
    [TestCase("explain select * from tall where number = 'x'")]
    [TestCase("explain verbose select fixed_ssn()")]
    [TestCase("explain select * from plain where name = fixed_ssn()")]
    [TestCase("explain analyze select case when ssn like '1%' then (select 1 from plain) end from people")]
    [TestCase("explain (analyze) select (select count(*) from generate_series(1, salary::int)) from people")]
    [TestCase("explain analyze select ssn from people where id = 1")]
    [TestCase("explain execute by_name ('Ada')")]
    public async Task A_plan_that_may_tell_something_is_not_shown(string statement)
    {
        await using var client = await _shop.ConnectAsync();
        await client.QueryAsync("prepare by_name (text) as select ssn from people where ssn = $1");
        var rows = LineageShop.Rows(await client.QueryAsync(statement));
        Assert.That(rows, Does.Contain("***").And.Not.Contain("rows").And.Not.Contain("Seq").And.Not.Contain("111"));
    }

    private static string Copied(IEnumerable<WireFrame> frames, char delimiter) =>
        string.Join(';', frames.Where(frame => frame.Type is 'd' or 'E').Select(
            frame => frame.Type == 'E' ? frame.Fields['C'] : Encoding.UTF8.GetString(frame.Body).TrimEnd('\n').Replace(delimiter, '|')));
}
