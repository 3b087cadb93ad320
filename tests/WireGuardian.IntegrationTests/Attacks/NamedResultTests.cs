using static WireGuardian.Testing.Wire.FrontendMessage;

namespace WireGuardian.IntegrationTests.Attacks;

/// <summary>
/// Results that a name stands for (cursors, prepared statements) and functions that are followed: whoever has the name mean something else than what its lineage was asked for still
/// gets no masked value. The columns have one name throughout, so that nothing but the meaning differs.
/// </summary>
[TestFixture]
public sealed class NamedResultTests
{
    private const string Harmless = "select name || '' as v from shop.people";
    private const string Masked = "select ssn || '' as v from shop.people";

    private AttackedDatabase _database = null!;

    [OneTimeSetUp]
    public async Task Start() => _database = await AttackedDatabase.StartAsync();

    [OneTimeTearDown]
    public async Task Stop() => await _database.DisposeAsync();

    [Test]
    public async Task An_argument_of_execute_shows_nothing()
    {
        await using var client = await _database.LogInAsync();
        await client.QueryAsync("create or replace function shop.leaked() returns text language sql as 'select ssn from shop.people'");
        await client.QueryAsync("prepare p (text) as select $1 || '' as v");
        AttackedDatabase.AssertNoLeak(await client.QueryAsync("execute p (shop.leaked())"));
        await client.SendAsync(Parse("", "execute p (shop.leaked())"), Bind("", ""), Describe('P', ""), Execute(""), Sync);
        AttackedDatabase.AssertNoLeak(await client.ReadUntilAsync('Z'));
    }

    [TestCase($"declare c cursor for {Harmless}; close c; declare c cursor for {Masked}; fetch c")]
    [TestCase($"declare c cursor for {Masked}; fetch c; close c; declare c cursor for {Harmless}")]
    [TestCase($"declare c cursor for {Harmless}; savepoint s; close c; declare c cursor for {Masked}; fetch c")]
    [TestCase($"prepare p as {Harmless}; deallocate p; prepare p as {Masked}; execute p")]
    [TestCase($"prepare p as {Masked}; execute p; deallocate p; prepare p as {Harmless}")]
    public async Task A_name_that_is_given_again(string statements)
    {
        await using var together = await _database.LogInAsync();
        await together.QueryAsync("begin");
        AttackedDatabase.AssertNoLeak(await together.QueryAsync(statements));
        await using var apart = await _database.LogInAsync();
        await apart.QueryAsync("begin");
        foreach (var statement in statements.Split("; "))
            AttackedDatabase.AssertNoLeak(await apart.QueryAsync(statement));
        await using var ahead = await _database.LogInAsync();
        await ahead.QueryAsync("begin");
        var all = statements.Split("; ");
        await ahead.SendAsync([.. all.Select(Query)]);
        foreach (var _ in all)
            AttackedDatabase.AssertNoLeak(await ahead.ReadUntilAsync('Z'));
    }

    /// <summary>By a message, ahead of the answer to the EXECUTE, so that the name means something else when its rows come.</summary>
    [TestCase("p")]
    [TestCase("é")]
    public async Task A_name_that_messages_give_away(string name)
    {
        await using var client = await _database.LogInAsync();
        await client.QueryAsync($"prepare \"{name}\" as {Harmless}");
        await client.SendAsync(Close('S', name), Parse(name, Masked), Sync, Query($"execute \"{name}\""), Close('S', name), Sync);
        await client.ReadUntilAsync('Z');
        AttackedDatabase.AssertNoLeak(await client.ReadUntilAsync('Z'));
        await client.ReadUntilAsync('Z');
        await client.QueryAsync("begin");
        await client.QueryAsync($"declare \"{name}\" cursor for {Harmless}");
        await client.SendAsync(Close('P', name), Parse("", Masked), Bind(name, ""), Flush, Query($"fetch \"{name}\""), Close('P', name), Sync);
        AttackedDatabase.AssertNoLeak(await client.ReadUntilAsync('Z'));
    }

    [TestCase("do $$ begin execute 'prepare q as select ssn || '''' as v from shop.people'; end $$", $"prepare q as {Harmless}", "execute q")]
    [TestCase("do $$ begin execute 'declare h cursor with hold for select ssn || '''' as v from shop.people'; end $$", $"declare h cursor with hold for {Harmless}", "fetch h")]
    public async Task A_name_that_code_took_before(string code, string taken, string run)
    {
        await using var client = await _database.LogInAsync();
        AttackedDatabase.AssertNoLeak(await client.QueryAsync(code));
        await client.QueryAsync(taken);
        AttackedDatabase.AssertNoLeak(await client.QueryAsync(run));
    }

    /// <summary>While it is described a table is locked, but a name can come to mean another one.</summary>
    [Test]
    public async Task A_name_that_comes_to_mean_another_table_between_description_and_run()
    {
        await using var other = await _database.LogInAsync();
        await other.QueryAsync("create schema ahead; create view shop.swap as select ssn as v from shop.people");
        await using var client = await _database.LogInAsync();
        await client.QueryAsync("set search_path = ahead, shop");
        await client.QueryAsync("prepare p as select v || '' as v from swap");
        await client.SendAsync(Parse("", "execute p"), Bind("a", ""), Describe('P', "a"), Flush);
        await client.ReadUntilAsync('T');
        await other.QueryAsync("create table ahead.swap as select 'x'::text as v");
        await client.SendAsync(Execute("a"), Sync);
        AttackedDatabase.AssertNoLeak(await client.ReadUntilAsync('Z'));
        AttackedDatabase.AssertNoLeak(await client.QueryAsync("execute p"));
        await other.QueryAsync("drop schema ahead cascade; drop view shop.swap");
    }

    [Test]
    public async Task A_cursor_that_was_bound_before_its_table_came_to_be_another()
    {
        await using var other = await _database.LogInAsync();
        await other.QueryAsync("create schema front; create table front.later as select 'x'::text as v");
        await using var client = await _database.LogInAsync();
        await client.QueryAsync("set search_path = front, shop");
        await other.QueryAsync("create view shop.later as select ssn as v from shop.people; drop table front.later");
        await client.QueryAsync("begin");
        await client.SendAsync(Parse("", "declare c cursor for select v || '' as v from later"), Bind("b", ""), Flush);
        await client.ReadUntilAsync('2');
        await other.QueryAsync("create table front.later as select 'x'::text as v");
        await client.SendAsync(Execute("b"), Sync);
        await client.ReadUntilAsync('Z');
        AttackedDatabase.AssertNoLeak(await client.QueryAsync("fetch c"));
        await client.QueryAsync("rollback");
        await other.QueryAsync("drop view shop.later; drop schema front cascade");
    }

    /// <summary>PREPARE stays when its transaction is rolled back.</summary>
    [Test]
    public async Task A_statement_that_was_prepared_under_ddl_that_is_taken_back()
    {
        await using var client = await _database.LogInAsync();
        await client.QueryAsync("create table shop.back as select 'x'::text as v");
        await client.QueryAsync("begin");
        await client.QueryAsync("drop table shop.back");
        await client.QueryAsync("create view shop.back as select ssn as v from shop.people");
        await client.QueryAsync("prepare p as select v || '' as v from shop.back");
        AttackedDatabase.AssertNoLeak(await client.QueryAsync("execute p"));
        await client.QueryAsync("rollback");
        AttackedDatabase.AssertNoLeak(await client.QueryAsync("execute p"));
        await client.QueryAsync("drop table shop.back");
    }

    /// <summary>The server goes on calling what a statement called when it was prepared, though another function would fit better by now.</summary>
    [Test]
    public async Task A_function_that_fits_better_than_the_one_that_is_called()
    {
        await using var client = await _database.LogInAsync();
        await client.QueryAsync("create function shop.fit(text) returns text language plpgsql as $$ begin return (select ssn from shop.people); end $$");
        await client.SendAsync(Parse("s", "select shop.fit(name::varchar) as v from shop.people"), Sync);
        await client.ReadUntilAsync('Z');
        await client.QueryAsync("create function shop.fit(varchar) returns text language plpgsql as $$ begin return 'x'; end $$");
        await client.SendAsync(Bind("", "s"), Execute(""), Sync);
        AttackedDatabase.AssertNoLeak(await client.ReadUntilAsync('Z'));
        await client.QueryAsync("drop function shop.fit(text); drop function shop.fit(varchar)");
    }

    [TestCase("f(i int) returns text language sql as 'select ssn from shop.people where id = i'", "f(1)")]
    [TestCase("f(i int) returns text language sql begin atomic; select ssn from shop.people where id = f.i; end", "f(1)")]
    [TestCase("f(i int) returns text language sql return (select reverse(reverse(ssn)) from shop.people where id = i)", "f(i => 1)")]
    [TestCase("f(i int default 1) returns text language sql as 'select ssn from shop.people where id = i'", "f()")]
    [TestCase("f(a text, b text default shop.g()) returns text language sql as 'select b || a'", "f('')")]
    [TestCase("f(a text) returns text language sql as 'select a'", "f(shop.g())")]
    [TestCase("f(a text, b text) returns text language sql as 'select $2'", "f(b => shop.g(), a => 'x')")]
    [TestCase("f() returns text language sql as 'select shop.g()'", "f()")]
    [TestCase("f() returns setof shop.people language sql as 'select * from shop.people'", "(f()).ssn")]
    [TestCase("f() returns table (a text, b text) language sql as 'select name, ssn from shop.people'", "(f()).b")]
    [TestCase("f() returns table (a text, b text) language sql as 'select row(name, ssn)::shop.pair from shop.people'", "(f()).b")]
    [TestCase("f(out a text, out b text) language sql as 'select name, ssn from shop.people'", "(f()).b")]
    [TestCase("f(variadic t text[]) returns text language sql as 'select t[1]'", "f(shop.g(), 'x')")]
    [TestCase("f(a anyelement) returns anyelement language sql as 'select a'", "f(shop.g())")]
    [TestCase("f(n int) returns text language sql as 'select case when n > 0 then shop.f(n - 1) else ssn end from shop.people'", "f(2)")]
    [TestCase("f() returns text language sql as 'select name from shop.people; select ssn from shop.people'", "f()")]
    [TestCase("f() returns text language sql set search_path = shop as 'select ssn from people'", "f()")]
    [TestCase("f(ssn text) returns text language sql as 'select ssn from shop.people'", "f('x')")]
    [TestCase("f(people text) returns text language sql as 'select people.ssn from shop.people'", "f('x')")]
    [TestCase("f() returns xml language sql as $$ select query_to_xml('select ssn from shop.people', true, true, '') $$", "f()")]
    public async Task A_function_that_is_followed_shows_nothing(string definition, string call)
    {
        await using var client = await _database.LogInAsync();
        await client.QueryAsync("create or replace function shop.g() returns text language sql as 'select ssn from shop.people'");
        await client.QueryAsync("create type shop.pair as (a text, b text)");
        if (definition.Contains("shop.f(", StringComparison.Ordinal))
            await client.QueryAsync("create function shop.f(int) returns text language sql as 'select null::text'");
        var made = await client.QueryAsync($"create or replace function shop.{definition}");
        Assert.That(made.Where(frame => frame.Type == 'E').Select(frame => frame.Fields['M']), Is.Empty);
        string[] statements =
        [
            $"select {call.Replace("f(", "shop.f(", StringComparison.Ordinal)} as v",
            $"select x.* from {(call[0] == '(' ? "shop.f()" : call.Replace("f(", "shop.f(", StringComparison.Ordinal))} x",
            $"select {call.Replace("f(", "shop.f(", StringComparison.Ordinal)}::text || '' as v from shop.notes right join shop.people on true",
        ];
        foreach (var statement in statements)
        {
            var answer = await client.QueryAsync(statement);
            if (!definition.Contains("query_to_xml", StringComparison.Ordinal))
                Assert.That(answer.Where(frame => frame.Type == 'E').Select(frame => frame.Fields['M']), Is.Empty, statement);
            AttackedDatabase.AssertNoLeak(answer);
            await client.SendAsync(Parse("", statement), Bind("", ""), Describe('P', ""), Execute(""), Sync);
            AttackedDatabase.AssertNoLeak(await client.ReadUntilAsync('Z'));
            AttackedDatabase.AssertNoLeak(await client.QueryAsync($"copy ({statement}) to stdout"));
            AttackedDatabase.AssertNoLeak(await client.QueryAsync($"explain (analyze, verbose) {statement}"));
        }
        await client.QueryAsync($"drop routine shop.f; drop type shop.pair cascade");
    }

    /// <summary>A strict function tells whether its argument is null, and with that what the argument was computed from.</summary>
    [Test]
    public async Task A_null_that_was_computed_tells_nothing()
    {
        await using var client = await _database.LogInAsync();
        await client.QueryAsync("create or replace function shop.strict_one(text) returns text strict language sql as 'select name from shop.people'");
        var answer = await client.QueryAsync("select shop.strict_one(nullif(ssn, '123-45-6789')) is null as v, shop.strict_one(name) as w from shop.people");
        Assert.That(System.Text.Encoding.UTF8.GetString(answer.Single(frame => frame.Type == 'D').Body), Does.Contain("Ada").And.Not.Contain("t"));
        await client.QueryAsync("drop function shop.strict_one");
    }
}
