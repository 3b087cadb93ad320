using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Wire;
using static WireGuardian.Testing.Wire.FrontendMessage;

namespace WireGuardian.IntegrationTests.Lineage;

/// <summary>The lineage is that of what the session runs, or nothing is trusted: names that mean something else there never take a mask off.</summary>
[TestFixture(PostgresVersion.Version15)]
[TestFixture(PostgresVersion.Version18)]
public sealed class SessionTruthTests(PostgresVersion version)
{
    private static readonly string[] Secrets = ["111-22", "22-3333", "444-55", "777-88", "121-21", "232-32"];

    private LineageShop _shop = null!;

    [SetUp]
    public async Task Start() => _shop = await LineageShop.OpenAsync(version);

    [TearDown]
    public async Task Stop() => await _shop.DisposeAsync();

    [TestCase("other, public")]
    [TestCase("public, other")]
    [TestCase("other")]
    public async Task A_name_of_two_schemas(string searchPath)
    {
        await using var client = await _shop.ConnectAsync();
        await client.QueryAsync($"set search_path = {searchPath}");
        AssertNoSecret(await client.QueryAsync("select upper(ssn), ssn || '' from notes"));
        AssertNoSecret(await client.QueryAsync("select upper(n.ssn) from public.notes n, other.notes o"));
        Assert.That(LineageShop.Rows(await client.QueryAsync("select count(*) from public.notes")), Is.EqualTo("1"));
    }

    [TestCase("other, public", "232-32-3232", 2)]
    [TestCase("public, other", "121-21-2121", 1)]
    [TestCase("third", "", 0)]
    public async Task Each_meaning_of_a_name_of_several_schemas_is_looked_at(string searchPath, string ssn, int id)
    {
        await using var client = await _shop.ConnectAsync();
        await client.QueryAsync($"set search_path = {searchPath}");
        var row = ssn.Length == 0 ? "" : $"{id + 1}|***********|0";
        Assert.That(LineageShop.Rows(await client.QueryAsync("select id + 1, upper(ssn), length(ssn) from notes")), Is.EqualTo(row));
        Assert.That(LineageShop.Rows(await client.QueryAsync("select count(*) from notes")), Is.EqualTo(ssn.Length == 0 ? "0" : "1"));
        Assert.That(LineageShop.Rows(await client.QueryAsync("select ssn from notes union all select ssn from notes where id < 0")), Is.EqualTo(ssn.Length == 0 ? "" : "*******" + ssn[^4..]));
    }

    [TestCase("public, other", "*******")]
    [TestCase("other, public", "****")]
    public async Task A_column_that_is_masked_under_one_meaning_is_masked(string searchPath, string rows)
    {
        await using var client = await _shop.ConnectAsync();
        await client.QueryAsync($"set search_path = {searchPath}");
        Assert.That(LineageShop.Rows(await client.QueryAsync("select upper(tail) from trade")), Is.EqualTo(rows));
    }

    /// <summary>Only one of the tables has the column, or a masked one.</summary>
    [Test]
    public async Task A_meaning_that_the_server_refuses_is_none()
    {
        await using var client = await _shop.ConnectAsync();
        await client.QueryAsync("set search_path = other, public");
        Assert.That(LineageShop.Rows(await client.QueryAsync("select upper(body), count(*) from notes group by body")), Is.EqualTo("FREE|1"));
        Assert.That(LineageShop.Rows(await client.QueryAsync("select upper(marks.body), notes.id + 1 from marks, notes")), Is.EqualTo("OPEN|3"));
        AssertNoSecret(await client.QueryAsync("select upper(ssn), * from notes"));
        AssertNoSecret(await client.QueryAsync("select *, ssn || '' from notes"));
    }

    /// <summary>The catalog login would find another table under the name, without being told.</summary>
    [Test]
    public async Task A_schema_that_the_catalog_login_may_not_look_into()
    {
        await using var client = await _shop.ConnectAsync();
        await _shop.Database.ExecuteAsync("revoke usage on schema other from lineage_catalog");
        await client.QueryAsync("set search_path = other, public; create table nudge (i int)");
        AssertNoSecret(await client.QueryAsync("select upper(ssn) || '' from notes"));
        await client.QueryAsync("alter table other.sealed rename column ssn to body");
        await _shop.Database.ExecuteAsync("update other.sealed set body = '232-32-3232'");
        AssertNoSecret(await client.QueryAsync("select upper(body) || '' from sealed"));
    }

    [Test]
    public async Task A_temporary_table_among_several_of_its_name()
    {
        await using var client = await _shop.ConnectAsync();
        await using var another = await _shop.ConnectAsync();
        await client.QueryAsync("create temp table marks (id int, body text)");
        await client.QueryAsync("create temp table notes (id int, ssn text)");
        foreach (var one in (WireClient[])[client, another])
        {
            AssertNoSecret(await one.QueryAsync("select upper(ssn) || '' from notes"));
            AssertNoSecret(await one.QueryAsync("select upper(marks.body) || ssn from marks, public.notes"));
        }
    }

    [Test]
    public async Task A_name_of_one_schema_whatever_the_path()
    {
        await using var client = await _shop.ConnectAsync();
        await client.QueryAsync("set search_path = other, public");
        Assert.That(LineageShop.Rows(await client.QueryAsync("select count(*) from people")), Is.EqualTo("3"));
        await client.QueryAsync("set search_path = other");
        Assert.That(LineageShop.Rows(await client.QueryAsync("select count(*) from people")), Is.EqualTo("42P01"));
        Assert.That(LineageShop.Rows(await client.QueryAsync("select count(*) from public.people")), Is.EqualTo("3"));
    }

    [Test]
    public async Task A_temporary_table_that_shadows()
    {
        await using var client = await _shop.ConnectAsync();
        await using var another = await _shop.ConnectAsync();
        await client.QueryAsync("select count(*), max(name) from people");
        await client.QueryAsync("create temp table plain as select 1 as id, 'x'::text as name");
        AssertNoSecret(await client.QueryAsync("select upper(ssn) from people"));
        await client.QueryAsync("create temp table people (id int, ssn text, name text)");
        AssertNoSecret(await another.QueryAsync("select upper(ssn), name || ssn from people"));
        await client.QueryAsync("drop table pg_temp.people");
        Assert.That(LineageShop.Rows(await client.QueryAsync("select count(*) from people")), Is.EqualTo("3"));
    }

    [Test]
    public async Task A_change_that_is_not_committed()
    {
        await using var client = await _shop.ConnectAsync();
        await client.QueryAsync("begin; alter table plain rename to elsewhere; alter table people rename to plain");
        AssertNoSecret(await client.QueryAsync("select upper(ssn) from plain"));
        AssertNoSecret(await client.QueryAsync("create view quick as select upper(ssn) as u, name from plain; select u from quick"));
        await client.QueryAsync("rollback");
        Assert.That(LineageShop.Rows(await client.QueryAsync("select count(*) from people")), Is.EqualTo("3"));
    }

    [Test]
    public async Task A_prepared_statement_after_anothers_change()
    {
        await using var client = await _shop.ConnectAsync();
        await using var another = await _shop.ConnectAsync();
        const string select = "select upper(name), name || '!' from plain";
        await client.SendAsync(Parse("s", select), Bind("", "s"), Execute(""), Sync);
        Assert.That(LineageShop.Rows(await client.ReadUntilAsync('Z')), Is.EqualTo("EVE|Eve!"));

        await another.QueryAsync("alter table plain rename to elsewhere; alter table people rename column name to first; alter table people rename column ssn to name; alter table people rename to plain");
        await client.SendAsync(Bind("", "s"), Execute(""), Sync);
        AssertNoSecret(await client.ReadUntilAsync('Z'));
        AssertNoSecret(await client.QueryAsync(select));
        AssertNoSecret(await another.QueryAsync(select));
        Assert.That(LineageShop.Rows(await another.QueryAsync("select count(*), min(first) from plain")), Is.EqualTo("3|Ada"));
    }

    [Test]
    public async Task A_prepared_statement_behind_a_new_table_of_the_same_name()
    {
        await using var client = await _shop.ConnectAsync();
        await using var another = await _shop.ConnectAsync();
        await client.QueryAsync("set search_path = other, public");
        await client.SendAsync(Parse("s", "select upper(ssn) from people"), Bind("", "s"), Execute(""), Sync);
        AssertNoSecret(await client.ReadUntilAsync('Z'));

        // The server goes on with what the name meant, for nothing that it knows of the statement has changed.
        await another.QueryAsync("create table other.people (ssn text)");
        await client.SendAsync(Bind("", "s"), Execute(""), Sync);
        AssertNoSecret(await client.ReadUntilAsync('Z'));
    }

    [Test]
    public async Task A_view_that_somebody_replaces()
    {
        await using var client = await _shop.ConnectAsync();
        await using var another = await _shop.ConnectAsync();
        await client.SendAsync(Parse("s", "select shout from tall"), Bind("", "s"), Execute(""), Sync);
        Assert.That(LineageShop.Rows(await client.ReadUntilAsync('Z')), Is.EqualTo("ADA;BEN;CID"));
        await another.QueryAsync("create or replace view tall as select id, upper(ssn) as shout, upper(ssn) as hidden, ssn as number from people");
        await client.SendAsync(Bind("", "s"), Execute(""), Sync);
        AssertNoSecret(await client.ReadUntilAsync('Z'));
        AssertNoSecret(await client.QueryAsync("select shout from tall"));
    }

    [Test]
    public async Task A_function_that_somebody_replaces()
    {
        await using var client = await _shop.ConnectAsync();
        await using var another = await _shop.ConnectAsync();
        Assert.That(LineageShop.Rows(await client.QueryAsync("select twice(name) from people where id = 1")), Is.EqualTo("AdaAda"));
        await another.QueryAsync("create or replace function twice(text) returns text language sql as 'select ssn from people where name = $1'");
        AssertNoSecret(await client.QueryAsync("select twice(name) from people where id = 1"));
    }

    [Test]
    public async Task An_operator_and_a_function_of_ones_own()
    {
        await using var client = await _shop.ConnectAsync();
        await client.QueryAsync("create function other.lower(text) returns text language sql as 'select ssn from public.people limit 1'");
        await client.QueryAsync("create function other.plus(int, int) returns text language sql as 'select ssn from public.people limit 1'");
        await client.QueryAsync("create operator other.+ (leftarg = int, rightarg = int, function = other.plus)");
        await client.QueryAsync("set search_path = other, pg_catalog, public");
        AssertNoSecret(await client.QueryAsync("select lower(name), id + 1 from people"));
        AssertNoSecret(await client.QueryAsync("select id + 1 from orders"));
    }

    [Test]
    public async Task A_catalog_login_that_is_cut_off_comes_back()
    {
        await using var client = await _shop.ConnectAsync();
        Assert.That(LineageShop.Rows(await client.QueryAsync("select count(*) from people")), Is.EqualTo("3"));
        await _shop.Database.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'lineage_catalog'");
        AssertNoSecret(await client.QueryAsync("select upper(ssn) || 'x' from people"));
        Assert.That(LineageShop.Rows(await client.QueryAsync("select count(*), 1 from people")), Is.EqualTo("3|1"));
    }

    [Test]
    public async Task What_the_catalog_login_may_not_look_into_is_masked()
    {
        await using var client = await _shop.ConnectAsync();
        await _shop.Database.ExecuteAsync("revoke usage on schema public from lineage_catalog, public");
        await _shop.Database.ExecuteAsync("grant usage on schema public to lineage_app");
        await client.QueryAsync("create table nudge (i int)");
        Assert.That(LineageShop.Rows(await client.QueryAsync("select count(*), max(ssn) from people where id = 1")), Is.EqualTo("0|***********"));
    }

    private static void AssertNoSecret(IEnumerable<WireFrame> frames)
    {
        var received = System.Text.Encoding.UTF8.GetString([.. frames.SelectMany(frame => frame.Bytes)]);
        Assert.That(Secrets.Where(secret => received.Contains(secret, StringComparison.Ordinal)), Is.Empty, received);
    }
}
