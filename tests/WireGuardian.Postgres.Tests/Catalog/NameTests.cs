using System.Text;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.Sql.Postgres;
using WireGuardian.Testing.Postgres;
using static WireGuardian.Postgres.Tests.Catalog.CatalogBench;

namespace WireGuardian.Postgres.Tests.Catalog;

[TestFixture(PostgresVersion.Version15)]
[TestFixture(PostgresVersion.Version18)]
public class NameTests(PostgresVersion version)
{
    private const string People = "create table people (id int, name text, email text); create table orders (id int, person int, total numeric)";

    private static readonly MaskingRule Email = Rule("contact", "public.people.email");

    [Test]
    public async Task A_statement_involves_by_the_name_of_a_relation_and_by_nothing_it_does_not_name()
    {
        await using var bench = await StartAsync(version, People + "; create view v as select id from people", Email);
        var view = await bench.ViewAsync();
        Assert.That(view.Involves(Select("people", "email")));
        Assert.That(view.Involves(Select("v")));
        Assert.That(view.Involves(Select("orders", "email", "total")), Is.False);
        Assert.That(view.Involves(new StatementFacts { Kinds = StatementKinds.Select, IsOpaque = true }));
    }

    [Test]
    public async Task A_schema_tells_namesakes_apart_unless_it_can_be_an_alias()
    {
        await using var bench = await StartAsync(version, People + "; create schema shop; create table shop.people (id int)", Email);
        var view = await bench.ViewAsync();
        Assert.That(view.Involves(Select("shop.people")), Is.False);
        Assert.That(view.Involves(Select("public.people")));
        Assert.That(view.Involves(Select("nowhere.people")));
        Assert.That(view.Involves(Select("shop.people", "shop")));
    }

    [TestCase("query_to_xml")]
    [TestCase("dblink_exec")]
    [TestCase("pg_read_binary_file")]
    [TestCase("pg_ls_dir")]
    [TestCase("lo_get")]
    [TestCase("pg_stats")]
    [TestCase("pg_statistic")]
    [TestCase("ts_stat")]
    [TestCase("pg_stat_activity")]
    [TestCase("pg_logical_slot_peek_changes")]
    [TestCase("table_to_xml")]
    public async Task Built_ins_that_read_elsewhere_always_involve(string name)
    {
        await using var bench = await StartAsync(version, People, Email);
        Assert.That((await bench.ViewAsync()).Involves(Select(name)));
        Assert.That((await bench.ViewAsync()).Involves(Select("upper")), Is.False);
    }

    [Test]
    public async Task Routines_are_looked_into()
    {
        await using var bench = await StartAsync(
            version,
            People + """
            ; create function reads() returns text language sql as 'select email from people';
            create function through() returns text language plpgsql as 'begin return reads(); end';
            create function dynamic(q text) returns void language plpgsql as 'begin execute q; end';
            create function counts() returns bigint language sql as 'select count(*) from orders';
            create function standard() returns bigint begin atomic select count(email) from people; end;
            create function standard_plain() returns bigint begin atomic select count(*) from orders; end;
            create function alias(text, bool, bool, text) returns xml language internal as 'query_to_xml';
            create function step(text, text) returns text language sql as 'select reads()';
            create aggregate gather(text) (sfunc = step, stype = text)
            """,
            Email);
        var view = await bench.ViewAsync();
        foreach (var name in new[] { "reads", "through", "dynamic", "standard", "alias", "gather", "public.reads" })
            Assert.That(view.Involves(Select(name)), name);
        foreach (var name in new[] { "counts", "standard_plain" })
            Assert.That(view.Involves(Select(name)), Is.False, name);
    }

    [Test]
    public async Task Kinds_of_routines_are_those_inside_and_of_what_they_call()
    {
        await using var bench = await StartAsync(
            version,
            People + """
            ; create function removes() returns void language sql as 'delete from orders';
            create function calls() returns void language plpgsql as 'begin perform removes(); insert into orders values (1); end';
            create function dynamic(q text) returns void language plpgsql as 'begin execute q; end';
            create function counts() returns bigint language sql as 'select count(*) from orders';
            create function standard() returns void begin atomic delete from orders; end;
            create operator === (leftarg = text, function = dynamic)
            """.Replace("create operator === (leftarg = text, function = dynamic)", "create operator === (rightarg = text, function = dynamic)"));
        var view = await bench.ViewAsync();
        Assert.That(view.MasksNothing);
        Assert.That(view.KindsOfRoutines(Select("removes")), Is.EqualTo(StatementKinds.Delete));
        Assert.That(view.KindsOfRoutines(Select("standard")), Is.EqualTo(StatementKinds.Delete));
        Assert.That(view.KindsOfRoutines(Select("calls")), Is.EqualTo(StatementKinds.Delete | StatementKinds.Insert));
        Assert.That(view.KindsOfRoutines(Select("public.dynamic")), Is.EqualTo(StatementKinds.Code | StatementKinds.Unclassified));
        Assert.That(view.KindsOfRoutines(Select("counts", "orders")), Is.EqualTo(StatementKinds.None));
        var operators = new StatementFacts { Kinds = StatementKinds.Select, Operators = new HashSet<string> { "===" } };
        Assert.That(view.KindsOfRoutines(operators), Is.EqualTo(StatementKinds.Code | StatementKinds.Unclassified));
    }

    [Test]
    public async Task Triggers_count_for_statements_that_write_their_table()
    {
        await using var bench = await StartAsync(
            version,
            People + """
            ; create function leak() returns trigger language plpgsql as 'begin raise notice ''%'', (select email from people limit 1); return new; end';
            create function stamp() returns trigger language plpgsql as 'begin new.name = upper(new.name); return new; end';
            create trigger leaks before insert on orders for each row execute function leak();
            create trigger stamps before insert on people for each row execute function stamp();
            create table plain (id int);
            create trigger stamps before insert on plain for each row execute function stamp();
            create function writes() returns void language sql as 'insert into orders values (1)'
            """,
            Email);
        var view = await bench.ViewAsync();
        Assert.That(view.Involves(Facts(StatementKinds.Insert, "orders")));
        Assert.That(view.Involves(Facts(StatementKinds.Import, "orders")));
        Assert.That(view.Involves(Select("orders")), Is.False);
        Assert.That(view.Involves(Facts(StatementKinds.Insert, "plain")), Is.False);
        Assert.That(view.Involves(Select("writes")));
    }

    [Test]
    public async Task Operators_casts_and_defaults_that_run_such_routines_count()
    {
        await using var bench = await StartAsync(
            version,
            People + """
            ; create function reads(int) returns text language sql as 'select email from people where id = $1';
            create operator ==> (rightarg = int, function = reads);
            create type pair as (a int, b int);
            create function as_text(pair) returns text language sql as 'select reads(1)';
            create cast (pair as text) with function as_text(pair);
            create table defaulted (id int, note text default reads(1));
            create table guarded (id int);
            alter table guarded enable row level security;
            create policy p on guarded using (reads(1) is null);
            create table xml_default (id int, x text default table_to_xml('people', true, true, '')::text)
            """,
            Email);
        var view = await bench.ViewAsync();
        Assert.That(view.Involves(new StatementFacts { Kinds = StatementKinds.Select, Operators = new HashSet<string> { "==>" } }));
        Assert.That(view.Involves(new StatementFacts { Kinds = StatementKinds.Select, Operators = new HashSet<string> { "||" } }), Is.False);
        foreach (var name in new[] { "pair", "defaulted", "guarded", "xml_default" })
            Assert.That(view.Involves(Select(name)), name);
    }

    [Test]
    public async Task A_rule_on_an_innocent_table_that_reads_a_masked_one_counts()
    {
        await using var bench = await StartAsync(
            version, People + "; create table door (id int); create rule shows as on update to door do instead select email from people", Email);
        Assert.That((await bench.ViewAsync()).Involves(Facts(StatementKinds.Update, "door")));
    }

    [Test]
    public async Task Copies_are_statements_that_write_what_they_read()
    {
        await using var bench = await StartAsync(
            version,
            People + "; create view v as select id, email as contact from people; create function mirror() returns void language sql as 'insert into orders select id from people'",
            Email);
        var view = await bench.ViewAsync();

        foreach (var harmless in new[]
        {
            "insert into people values ($1, 'x')",
            "insert into people (id, email) values (1, 'x') on conflict (id) do update set email = excluded.email",
            "update people set email = $1 where id = 3",
            "update people set name = name || 'x' where email = $1",
            "update people set email = lower(email) where id = 1",
            "update orders set total = total + 1",
            "update orders set total = total + 1 where person in (select id from people where email = $1)",
            "create table copy as table orders",
            "insert into orders select * from orders",
            "select email from people",
            "select set_config('a.b', '1', true)",
            "delete from people where email = 'x'",
        })
            Assert.That(view.Copies(Analyse(harmless)), Is.False, harmless);

        foreach (var copy in new[]
        {
            "update people set name = email where id = 1",
            "update v set id = contact::int where id = 1",
            "insert into orders select id from people",
            "insert into orders select contact::int from v",
            "update orders set total = s.x from (select email::int as x from people) s where id = 1",
            "update people set name = p.x from people p (a, b, x) where p.a = 1",
            "with w as (update people set name = p.x from people p (a, b, x) where p.a = 1 returning 1) select 1",
            "create table copy as table people",
            "create table copy as select * from v",
            "select email into copy from people",
            "select mirror()",
            "select set_config('x.y', email, false) from people",
            "select pg_notify('x', email) from people",
        })
            Assert.That(view.Copies(Analyse(copy)), copy);
    }

    [TestCase("insert into orders values (1, 1, new.email::numeric); return new;", true)]
    [TestCase("insert into orders select (jsonb_populate_record(null::orders, to_jsonb(new))).*; return new;", true)]
    [TestCase("perform pg_notify('x', new.email); return new;", true)]
    [TestCase("new.name := new.email; return new;", true)]
    [TestCase("r := new; r.name := r.email; return r;", true)]
    [TestCase("execute format('insert into orders values (%s)', new.id); return new;", true)]
    [TestCase("new.name := (select email from people limit 1); return new;", true)]
    [TestCase("insert into orders values (new.id, 1, 1); return new;", false)]
    [TestCase("new.email := lower(new.email); return new;", false)]
    [TestCase("if new is distinct from old then new.name := upper(new.name); end if; return new;", false)]
    [TestCase("raise notice 'x'; return null;", false)]
    public async Task Writing_a_masked_table_is_a_copy_where_a_trigger_may_store_its_row(string body, bool copies)
    {
        await using var bench = await StartAsync(
            version,
            People + $"""
            ; create function fires() returns trigger language plpgsql as $f$ declare r record; begin {body} end $f$;
            create trigger fires before insert or update on people for each row execute function fires();
            create view window_of as select id, name, email from people;
            create function touches() returns void language sql as 'update people set id = id'
            """,
            Email);
        var view = await bench.ViewAsync();
        foreach (var writes in new[] { "insert into people values (1, 'a', 'b')", "update people set name = 'x'", "insert into window_of values (1)" })
            Assert.That(view.Copies(Analyse(writes)), Is.EqualTo(copies), writes);
        if (copies)
            Assert.That(view.Copies(Analyse("select touches()")));
        foreach (var reads in new[] { "select name from people", "insert into orders values (1)", "create index on people (id)" })
            Assert.That(view.Copies(Analyse(reads)), Is.False, reads);
    }

    [Test]
    public async Task A_trigger_that_sets_other_columns_too_is_a_copy_unless_they_are_set_from_nothing_masked()
    {
        (string Body, bool Copies)[] triggers =
        [
            ("new.email := lower(new.email); new.name := now(); return new;", false),
            ("new.email = new.email || new.name; new.name := upper(old.name); return new;", false),
            ("if tg_op = 'INSERT' or new.email is distinct from old.email then new.name := 'x'; end if; new.email := trim(new.email); return new;", false),
            ("if new.email is null then new.name := 'x'; elsif new.id > 1 then return null; else new.name := 'y'; end if; return new;", false),
            ("if new.email like 'a%' then new.name := 'a'; end if; return new;", true),
            ("if (new.email || 'x') is distinct from old.name then new.name := 'a'; end if; return new;", true),
            ("new.email := lower(new.email); new.name := old.email; return new;", true),
            ("new.email := 'x'; new.name := new.\"email\"; return new;", true),
            ("new.email := 'x'; new.name := (new).email; return new;", true),
            ("new.email := 'x'; new.name := new::text; return new;", true),
            ("new.email := 'x'; new.name := harmless(); return new;", true),
            ("new.email := 'x'; new.id := 1 ==> 2; return new;", true),
            ("new.email := 'x'; new.name := (select email from people limit 1); return new;", true),
            ("new.ssn := new.email; return new;", true),
            ("new.email := 'x'; <<a>> begin new.name := 'x'; end; return new;", true),
            ("new.email := 'x'; new.name := case when new.id > 1 then 'x' end; select new.id into new.id; return new;", true),
        ];
        await using var bench = await StartAsync(
            version,
            People + """
            ; create table others (ssn text);
            create function harmless() returns text language sql as 'select ''x''::text';
            create function adds(int, int) returns int language sql as 'select $1 + $2';
            create operator ==> (leftarg = int, rightarg = int, function = adds);
            set check_function_bodies = off;
            """ + string.Concat(triggers.Select((one, index) => $"""
            create table t{index} (id int, name text, email text, ssn text);
            create function f{index}() returns trigger language plpgsql as $f$ begin {one.Body} end $f$;
            create trigger t before insert on t{index} for each row execute function f{index}();
            """)),
            Rule("contact", "public.*.email"), Rule("others", "public.others.ssn"));
        var view = await bench.ViewAsync();
        for (var index = 0; index < triggers.Length; index++)
            Assert.That(view.Copies(Analyse($"insert into t{index} values (1)")), Is.EqualTo(triggers[index].Copies), triggers[index].Body);
    }

    [Test]
    public async Task Triggers_that_cannot_be_seen_through_and_rules_make_writing_a_copy()
    {
        await using var bench = await StartAsync(
            version,
            People + """
            ; create function counts() returns trigger language plpgsql as 'begin insert into orders select id from fresh; return null; end';
            create trigger counts after insert on people referencing new table as fresh for each statement execute function counts();
            create table indexed (email text, lexemes tsvector);
            create trigger t before insert on indexed for each row execute function tsvector_update_trigger(lexemes, 'pg_catalog.english', email);
            create table quiet (email text);
            create trigger t before update on quiet for each row execute function suppress_redundant_updates_trigger();
            create table ruled (id int, email text);
            create rule r as on insert to ruled do also insert into orders values (new.id);
            create table child (email text) inherits (ruled)
            """,
            Rule("contact", "public.*.email"));
        var view = await bench.ViewAsync();
        foreach (var table in new[] { "people", "indexed", "ruled", "child" })
            Assert.That(view.Copies(Analyse($"insert into {table} values (1)")), table);
        Assert.That(view.Copies(Analyse("insert into quiet values ('x')")), Is.False);
    }

    [Test]
    public async Task A_trigger_that_changes_settings_counts_for_statements_that_write_its_table()
    {
        await using var bench = await StartAsync(
            version,
            """
            create function sets() returns trigger language plpgsql as $$ begin perform set_config('a.b', '', false); return new; end $$;
            create table door (id int);
            create trigger t before insert on door for each row execute function sets();
            create view peephole as select id from door
            """);
        var view = await bench.ViewAsync();
        foreach (var name in new[] { "door", "peephole" })
        {
            Assert.That(view.KindsOfTriggers(Facts(StatementKinds.Insert, name)).HasFlag(StatementKinds.Session), name);
            Assert.That(view.KindsOfTriggers(Select(name)), Is.EqualTo(StatementKinds.None), name);
        }
    }

    private static StatementFacts Analyse(string sql) =>
        PostgresAnalyzer.Analyze(Encoding.UTF8.GetBytes(sql), PostgresSqlSettings.Default).Single();
}
