using WireGuardian.Core.Identity;
using WireGuardian.Core.Policies;
using WireGuardian.Testing.Postgres;
using static WireGuardian.Postgres.Tests.Catalog.CatalogBench;

namespace WireGuardian.Postgres.Tests.Catalog;

[TestFixture(PostgresVersion.Version15)]
[TestFixture(PostgresVersion.Version18)]
public class ColumnTests(PostgresVersion version)
{
    private const string People = "create table people (id int, name text, email text); create table orders (id int, person int, total numeric)";

    private static readonly MaskingRule Email = Rule("contact", "public.people.email");

    [Test]
    public async Task A_masked_column_is_found_under_alias_join_and_star()
    {
        await using var bench = await StartAsync(version, People, Email);
        Assert.That(
            await bench.ResolveAsync("select p.*, o.total, email as e, upper(email) from people p join orders o on o.person = p.id"),
            Is.EqualTo("id: Unmasked, name: Unmasked, email: Masked contact, total: Unmasked, e: Masked contact, upper: none"));
    }

    [Test]
    public async Task A_relation_that_the_picture_lacks_is_unknown_and_a_system_relation_is_not()
    {
        await using var bench = await StartAsync(version, People, Email);
        var view = await bench.ViewAsync();
        Assert.That(view.Resolve(4_000_000_000, 1).Origin, Is.EqualTo(Postgres.Catalog.ColumnOrigin.Unknown));
        Assert.That(await bench.ResolveAsync("select relname from pg_class"), Is.EqualTo("relname: Unmasked"));
    }

    /// <summary>The server keeps a view's constants read, but its definition has them as text, and reading that again runs what checks them: with the rights of whoever asks.</summary>
    [Test]
    public async Task A_view_with_a_constant_that_users_code_checks_is_not_parsed_again()
    {
        await using var bench = await StartAsync(
            version,
            People +
            """
            ; do $$ begin create role column_tests_owner; exception when duplicate_object or unique_violation then null; end $$;
            grant select on people to column_tests_owner;
            create schema own authorization column_tests_owner;
            set role column_tests_owner;
            create function own.proves(text) returns boolean language plpgsql as
                $$ begin if current_user = 'catalog_tests_guardian' then perform pg_advisory_lock(4711); end if; return true; end $$;
            create domain own.proven as text check (own.proves(value));
            create type own.pair as (x own.proven);
            create view own.shown as select email, '(x)'::own.pair as p from public.people;
            create view own.clean as select email from public.people;
            grant usage on schema own to public;
            reset role
            """,
            Email);
        var shown = await bench.ResolveAsync("select email from own.shown");
        Assert.That(await bench.Database.ScalarAsync("select count(*) from pg_locks where locktype = 'advisory' and objid = 4711"), Is.EqualTo(0));
        Assert.That(shown, Is.EqualTo("email: Derived contact (view)"));
        Assert.That(await bench.ResolveAsync("select email from own.clean"), Is.EqualTo("email: Masked contact (view)"));
    }

    [Test]
    public async Task The_first_rule_that_matches_decides()
    {
        await using var bench = await StartAsync(version, People, Rule("first", "*.*.email"), Rule("second", "public.people.*"));
        Assert.That(await bench.ResolveAsync("select * from people"), Is.EqualTo("id: Masked second, name: Masked second, email: Masked first"));
    }

    [Test]
    public async Task A_glob_matches_by_character_and_not_as_a_regular_expression()
    {
        await using var bench = await StartAsync(
            version, "create table \"a.b\" (\"x+y\" int, xxy int, ssn1 int, ssn12 int); create table aab (\"x+y\" int)", Rule("r", "*.\"a.b\".x+y", "*.*.ssn?"));
        Assert.That(await bench.ResolveAsync("select * from \"a.b\""), Is.EqualTo("x+y: Masked r, xxy: Unmasked, ssn1: Masked r, ssn12: Unmasked"));
        Assert.That(await bench.ResolveAsync("select * from aab"), Is.EqualTo("x+y: Unmasked"));
    }

    [Test]
    public async Task A_rule_of_another_listener_masks_nothing()
    {
        await using var bench = await StartAsync(version, People, Email with { Listeners = ["elsewhere"] });
        Assert.That((await bench.ViewAsync()).MasksNothing);
        bench.Rules = [Email with { Listeners = ["elsewhere", "app-pg"] }];
        Assert.That((await bench.ViewAsync()).MasksNothing, Is.False);
    }

    [Test]
    public async Task Views_and_views_of_views_are_followed_to_the_column()
    {
        await using var bench = await StartAsync(
            version,
            People + """
            ; create view plain as select id as key, email as contact from people;
            create view over as select p.contact as c, o.total, p.key + 1 as next from plain p join orders o on o.person = p.key;
            create view using_one as select id, p.email, count(*) from people p join orders o using (id) group by 1, 2;
            create materialized view stored as select * from plain;
            create view united as select email from people union all select 'x';
            create view apart as select id, total * 2 as twice from orders
            """,
            Email);
        Assert.That(await bench.ResolveAsync("select * from plain"), Is.EqualTo("key: Unmasked (view), contact: Masked contact (view)"));
        Assert.That(await bench.ResolveAsync("select * from over"), Is.EqualTo("c: Masked contact (view), total: Unmasked (view), next: Derived contact (view)"));
        Assert.That(
            await bench.ResolveAsync("select * from using_one"),
            Is.EqualTo("id: Unmasked (view), email: Masked contact (view), count: Derived contact (view)"));
        Assert.That(await bench.ResolveAsync("select * from stored"), Is.EqualTo("key: Unmasked (view), contact: Masked contact (view)"));
        Assert.That(await bench.ResolveAsync("select * from united"), Is.EqualTo("email: Derived contact (view)"));
        Assert.That(await bench.ResolveAsync("select * from apart"), Is.EqualTo("id: Unmasked (view), twice: Unmasked (view)"));
    }

    [Test]
    public async Task A_view_changed_under_its_name_is_followed_anew()
    {
        await using var bench = await StartAsync(version, People + "; create view v as select id, name as x from people", Email);
        Assert.That(await bench.ResolveAsync("select * from v"), Is.EqualTo("id: Unmasked (view), x: Unmasked (view)"));
        await bench.ExecuteAsync("create or replace view v as select id, email as x from people");
        Assert.That(await bench.ResolveAsync("select * from v"), Is.EqualTo("id: Unmasked (view), x: Masked contact (view)"));
    }

    [Test]
    public async Task A_rule_can_name_a_views_own_column()
    {
        await using var bench = await StartAsync(version, People + "; create view v as select id, name as alias from people", Rule("nick", "public.v.alias"));
        Assert.That(await bench.ResolveAsync("select * from v"), Is.EqualTo("id: Unmasked (view), alias: Masked nick (view)"));
        Assert.That(await bench.ResolveAsync("select name from people"), Is.EqualTo("name: Unmasked"));
    }

    [Test]
    public async Task A_view_in_a_schema_that_the_login_may_not_use_is_masked_throughout()
    {
        await using var bench = await StartAsync(
            version, "create schema hr; create table hr.people (id int, email text); create view v as select id, email from hr.people", Rule("hr", "hr.people.email"));
        Assert.That(await bench.ResolveAsync("select * from v"), Is.EqualTo("id: Derived hr (view), email: Derived hr (view)"));
        await bench.ExecuteAsync($"grant usage on schema hr to {Login}");
        Assert.That(await bench.ResolveAsync("select * from v"), Is.EqualTo("id: Unmasked (view), email: Masked hr (view)"));
        await bench.ExecuteAsync($"revoke usage on schema hr from {Login}");
    }

    [Test]
    public async Task A_view_that_reads_by_a_built_in_function_is_masked()
    {
        await using var bench = await StartAsync(
            version,
            People + "; create view xml as select 1 as one, query_to_xml('select * from people', true, true, '') as x; create view stats as select pid, query, upper(query) from pg_stat_activity",
            Email);
        Assert.That(await bench.ResolveAsync("select * from xml"), Is.EqualTo("one: Derived statistics (view), x: Derived statistics (view)"));
        Assert.That(await bench.ResolveAsync("select * from stats"), Is.EqualTo("pid: Unmasked (view), query: Masked statistics (view), upper: Derived statistics (view)"));
        Assert.That((await bench.ViewAsync()).Involves(Select("xml")));
    }

    [Test]
    public async Task Statistics_and_others_statements_are_masked()
    {
        await using var bench = await StartAsync(version, People, Email);
        Assert.That(
            await bench.ResolveAsync("select tablename, most_common_vals, histogram_bounds from pg_stats"),
            Is.EqualTo("tablename: Unmasked, most_common_vals: Masked statistics, histogram_bounds: Masked statistics"));
        Assert.That(await bench.ResolveAsync("select pid, query from pg_stat_activity"), Is.EqualTo("pid: Unmasked, query: Masked statistics"));
        Assert.That(await bench.ResolveAsync("select stavalues1 from pg_statistic"), Is.EqualTo("stavalues1: Masked statistics"));
        Assert.That(await bench.ResolveAsync("select data from pg_largeobject"), Is.EqualTo("data: Masked statistics"));
    }

    [Test]
    public async Task Masks_go_to_partitions_and_up_from_them()
    {
        await using var bench = await StartAsync(
            version,
            """
            create table events (id int, who text, what text) partition by list (id);
            create table events_1 partition of events for values in (1);
            create table events_2 (what text, id int, who text);
            alter table events attach partition events_2 for values in (2);
            create table base (a text, b text);
            create table child (c text) inherits (base);
            create table other () inherits (base)
            """,
            Rule("down", "public.events.who"),
            Rule("up", "public.child.b", "public.child.c"));
        Assert.That(await bench.ResolveAsync("select * from events_1"), Is.EqualTo("id: Unmasked, who: Masked down, what: Unmasked"));
        Assert.That(await bench.ResolveAsync("select * from events_2"), Is.EqualTo("what: Unmasked, id: Unmasked, who: Masked down"));
        Assert.That(await bench.ResolveAsync("select * from base"), Is.EqualTo("a: Unmasked, b: Masked up"));
        Assert.That(await bench.ResolveAsync("select * from child"), Is.EqualTo("a: Unmasked, b: Masked up, c: Masked up"));
        Assert.That(await bench.ResolveAsync("select * from other"), Is.EqualTo("a: Unmasked, b: Unmasked"));
    }

    [Test]
    public async Task Renames_moves_and_swaps_do_not_take_a_mask_off()
    {
        await using var bench = await StartAsync(version, People + "; create schema attic; create table lookalike (id int, email text)", Email);
        _ = await bench.ViewAsync();
        await bench.ExecuteAsync("alter table people rename column email to note");
        Assert.That(await bench.ResolveAsync("select * from people"), Is.EqualTo("id: Unmasked, name: Unmasked, note: Masked contact"));
        await bench.ExecuteAsync("alter table people set schema attic");
        Assert.That(await bench.ResolveAsync("select * from attic.people"), Is.EqualTo("id: Unmasked, name: Unmasked, note: Masked contact"));
        await bench.ExecuteAsync("alter table attic.people rename to anything; alter table lookalike rename to people");
        Assert.That(await bench.ResolveAsync("select note from attic.anything"), Is.EqualTo("note: Masked contact"));
        Assert.That(await bench.ResolveAsync("select email from people"), Is.EqualTo("email: Masked contact"));
        Assert.That((await bench.ViewAsync()).Involves(Select("anything")));
    }

    [Test]
    public async Task A_rule_that_left_the_configuration_lets_its_columns_go()
    {
        await using var bench = await StartAsync(version, People, Email);
        _ = await bench.ViewAsync();
        await bench.ExecuteAsync("alter table people rename column email to note");
        bench.Rules = [Email with { Mask = Core.Masking.MaskKind.Hash }];
        Assert.That(bench.Catalog.IsFresh, Is.False);
        Assert.That(await bench.ResolveAsync("select note from people"), Is.EqualTo("note: Masked contact"));
        bench.Rules = [Rule("contact", "public.people.mail")];
        Assert.That(await bench.ResolveAsync("select note from people"), Is.EqualTo("note: Unmasked"));
    }

    [Test]
    public async Task Exempt_logins_and_groups_see_the_column_as_it_is()
    {
        await using var bench = await StartAsync(
            version, People, Email with { Exempt = ["auditors", "erin"] }, Rule("totals", "public.orders.total"));
        var audited = new Principal("sam", ["auditors"], "127.0.0.1", "");
        var erin = new Principal("erin", [], "127.0.0.1", "");
        Assert.That(await bench.ResolveAsync("select email from people"), Is.EqualTo("email: Masked contact"));
        Assert.That(await bench.ResolveAsync("select email from people", audited), Is.EqualTo("email: Unmasked"));
        Assert.That(await bench.ResolveAsync("select total from orders", erin), Is.EqualTo("total: Masked totals"));
        bench.Rules = [Email with { Exempt = ["erin"] }];
        Assert.That((await bench.ViewAsync(erin)).MasksNothing);
        Assert.That((await bench.ViewAsync(erin)).Involves(Select("people")), Is.False);
        Assert.That((await bench.ViewAsync()).MasksNothing, Is.False);
    }

    [Test]
    public async Task A_partitions_own_rule_may_exempt_but_not_what_shows_through_the_parent()
    {
        await using var bench = await StartAsync(
            version,
            "create table events (id int, who text) partition by list (id); create table events_1 partition of events for values in (1); create table events_2 partition of events for values in (2)",
            Rule("one", "public.events_1.who") with { Exempt = ["erin"] },
            Rule("all", "public.events.who"));
        var erin = new Principal("erin", [], "127.0.0.1", "");
        Assert.That(await bench.ResolveAsync("select who from events_1", erin), Is.EqualTo("who: Unmasked"));
        Assert.That(await bench.ResolveAsync("select who from events_2", erin), Is.EqualTo("who: Masked all"));
        Assert.That(await bench.ResolveAsync("select who from events", erin), Is.EqualTo("who: Masked all"));
    }
}
