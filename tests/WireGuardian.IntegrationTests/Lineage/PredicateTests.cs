using System.Text;
using WireGuardian.Testing.Postgres;
using static WireGuardian.Testing.Wire.FrontendMessage;

namespace WireGuardian.IntegrationTests.Lineage;

/// <summary><c>predicates: deny</c> of a rule: its columns are read, masked, but choose, join, group and order nothing.</summary>
[TestFixture(PostgresVersion.Version15)]
[TestFixture(PostgresVersion.Version18)]
public sealed class PredicateTests(PostgresVersion version)
{
    private const string Denied = "42501";

    private LineageShop _shop = null!;

    [OneTimeSetUp]
    public async Task Start() => _shop = await LineageShop.OpenAsync(version, predicates: "deny");

    [OneTimeTearDown]
    public async Task Stop() => await _shop.DisposeAsync();

    [TestCase("select name from people where ssn like '1%'")]
    [TestCase("select count(*) from people where ssn = '111-22-3333'")]
    [TestCase("select name from people order by ssn")]
    [TestCase("select name from people order by upper(ssn) limit 1")]
    [TestCase("select count(*) from people group by ssn")]
    [TestCase("select name from people group by name having max(ssn) > '2'")]
    [TestCase("select p.name from people p join staff s on s.ssn = p.ssn")]
    [TestCase("select name from people join staff using (ssn, name)")]
    [TestCase("select distinct ssn from people")]
    [TestCase("select ssn from people union select 'x'")]
    [TestCase("select exists (select from people where ssn = 'x')")]
    [TestCase("select (select name from people order by ssn limit 1)")]
    [TestCase("select row_number() over (order by ssn) from people")]
    [TestCase("with x as (select * from people where ssn > '2') select name from x")]
    [TestCase("select number from tall where number = 'x'")]
    [TestCase("update people set name = 'x' where ssn = '111-22-3333'")]
    [TestCase("delete from orders using people where ssn = 'x' and person = people.id")]
    [TestCase("explain analyze select name from people where ssn = 'x'")]
    [TestCase("do $$ begin perform 1 from people where ssn = 'x'; end $$")]
    [TestCase("select by_ssn('x')")]
    [TestCase("select name from people where name = tier(1)")]
    [TestCase("copy (select name from people where ssn like '1%') to stdout")]
    [TestCase("explain select name from people where ssn like '1%'")]
    [TestCase("create index on people (id) where ssn > '2'")]
    [TestCase("alter table people add check (ssn > '2')")]
    [TestCase("create policy p on people using (ssn > '2')")]
    [TestCase("declare c cursor for select name from people where ssn like '1%'")]
    [TestCase("prepare q as select name from people where ssn like '1%'")]
    public async Task Used_so_is_denied(string sql)
    {
        await using var client = await _shop.ConnectAsync();
        await client.QueryAsync("begin");
        Assert.That(LineageShop.Rows(await client.QueryAsync(sql)), Is.EqualTo(Denied));
        await client.QueryAsync("rollback");
        await client.SendAsync(Parse("", sql), Bind("", ""), Describe('P', ""), Execute(""), Sync);
        Assert.That(LineageShop.Rows(await client.ReadUntilAsync('Z')), Is.EqualTo(Denied));
    }

    [TestCase("select ssn, name from people where id = 1", "*******3333|Ada")]
    [TestCase("select upper(ssn) from people order by id limit 1", "***********")]
    [TestCase("select name from people where salary > 1500 and email is null", "Cid")]
    [TestCase("select p.name, o.item from people p join orders o on o.person = p.id where o.id = 1", "Ada|keyboard")]
    [TestCase("select count(*) from people", "3")]
    [TestCase("insert into people values (9, 'New', null, '1') returning id", "9")]
    [TestCase("update people set ssn = 'x' where id = 1 returning name", "Ada")]
    [TestCase("create index on people (ssn)", "")]
    [TestCase("create index on people (ssn) where id > 1", "")]
    [TestCase("alter table people add check (id > 0)", "")]
    [TestCase("truncate people cascade", "")]
    [TestCase("declare c cursor for select ssn from people", "")]
    [TestCase("select ssn_of(1)", "***********")]
    [TestCase("explain (costs off) select name from orders join people p on p.id = person where person = 7 and item = 'x' and p.name = 'y'", null)]
    public async Task Used_otherwise_it_passes(string sql, string? rows)
    {
        await using var client = await _shop.ConnectAsync();
        await client.QueryAsync("begin");
        Assert.That(LineageShop.Rows(await client.QueryAsync(sql)), rows is null ? Does.Contain("Scan") : Is.EqualTo(rows));
        await client.QueryAsync("rollback; begin");
        await client.SendAsync(Parse("", sql), Bind("", ""), Describe('P', ""), Execute(""), Sync);
        Assert.That(LineageShop.Rows(await client.ReadUntilAsync('Z')), rows is null ? Does.Contain("Scan") : Is.EqualTo(rows));
    }

    [Test]
    public async Task Cursors_and_prepared_statements_are_what_they_run()
    {
        await using var client = await _shop.ConnectAsync();
        await client.QueryAsync("begin");
        await client.QueryAsync("declare c cursor for select ssn from people where id = 1");
        Assert.That(LineageShop.Rows(await client.QueryAsync("fetch all from c")), Is.EqualTo("*******3333"));
        await client.QueryAsync("commit");
        await client.QueryAsync("prepare q (text) as select ssn from people where name = $1");
        Assert.That(LineageShop.Rows(await client.QueryAsync("execute q('Ada')")), Is.EqualTo("*******3333"));
        Assert.That(LineageShop.Rows(await client.QueryAsync("execute q((select max(ssn) from people))")), Is.EqualTo(Denied));
        Assert.That(LineageShop.Rows(await client.QueryAsync("deallocate q; prepare q (text) as select ssn from people where ssn > $1; execute q('1')")), Is.EqualTo(Denied));
        await client.QueryAsync("do $$ begin end $$");
        Assert.That(LineageShop.Rows(await client.QueryAsync("execute q('Ada')")), Is.EqualTo(Denied), "code may have put something else under the name");
    }

    [Test]
    public async Task A_table_is_copied_out()
    {
        await using var client = await _shop.ConnectAsync();
        var frames = await client.QueryAsync("copy people (id, ssn) to stdout");
        Assert.That(string.Concat(frames.Where(frame => frame.Type == 'd').Select(frame => Encoding.UTF8.GetString(frame.Body))), Does.StartWith("1\t*******3333\n"));
    }

    [Test]
    public async Task Each_statement_of_a_query_counts()
    {
        await using var client = await _shop.ConnectAsync();
        Assert.That(LineageShop.Rows(await client.QueryAsync("select name from people where id = 1; select name from people where ssn = 'x'")), Is.EqualTo(Denied));
    }

    [Test]
    public async Task In_a_transaction_that_changed_something_nothing_is_trusted()
    {
        await using var client = await _shop.ConnectAsync();
        await client.QueryAsync("begin; create table fresh (i int)");
        Assert.That(LineageShop.Rows(await client.QueryAsync("select name from people where id = 1")), Is.EqualTo(Denied));
    }
}
