using WireGuardian.Core.Identity;
using WireGuardian.Core.Labels;
using WireGuardian.Core.Policies;
using WireGuardian.Testing.Labels;
using WireGuardian.Testing.Postgres;
using static WireGuardian.Postgres.Tests.Catalog.CatalogBench;

namespace WireGuardian.Postgres.Tests.Catalog;

/// <summary>A mask never falls off stored data because of DDL, nor with a restart after it.</summary>
[TestFixture(PostgresVersion.Version15)]
[TestFixture(PostgresVersion.Version18)]
public sealed class BindingTests(PostgresVersion version)
{
    private const string Parts =
        """
        create table pt (id int, ssn text, note text) partition by range (id);
        create table pt1 partition of pt for values from (0) to (100);
        create table pt2 (note text, ssn text, id int);
        alter table pt attach partition pt2 for values from (100) to (200);
        create table other (id int, ssn text, note text)
        """;

    private static readonly Principal Auditor = new("auditor", [], "127.0.0.1", "");
    private static readonly MaskingRule Identity = Rule("identity", "public.pt.ssn") with { Exempt = ["auditor"] };

    [TestCase("alter table pt detach partition pt1")]
    [TestCase("alter table pt detach partition pt1 concurrently")]
    [TestCase("alter table pt detach partition pt1; alter table pt1 rename column ssn to note2; alter table pt1 set schema elsewhere; alter table elsewhere.pt1 set schema public")]
    [TestCase("alter table pt detach partition pt1; drop table pt")]
    [TestCase("alter table pt detach partition pt1; alter table pt1 add column ssn2 text; alter table pt1 alter column ssn type varchar(20)")]
    public async Task A_detached_partition_stays_masked(string ddl)
    {
        await using var bench = await StartAsync(version, Parts + "; create schema elsewhere", Identity);
        Assert.That(await bench.ResolveAsync("select * from pt1"), Is.EqualTo("id: Unmasked, ssn: Masked identity, note: Unmasked"));
        foreach (var statement in ddl.Split("; "))
            await bench.ExecuteAsync(statement);
        Assert.That(await bench.ResolveAsync("select * from pt1"), Does.Match("^id: Unmasked, (ssn|note2): Masked identity, note: Unmasked(, ssn2: Unmasked)?$"));
        Assert.That(await bench.ResolveAsync("select * from other"), Does.Not.Contain("Masked "), "no mask spreads to what never had one");
        Assert.That(await bench.ResolveAsync("select * from pt1", Auditor), Does.Not.Contain("Masked "), "by that rule, with its exemptions");
    }

    [Test]
    public async Task All_levels_of_partitions_stay_masked_and_hand_it_down()
    {
        await using var bench = await StartAsync(
            version,
            """
            create table pt (id int, ssn text) partition by range (id);
            create table mid partition of pt for values from (0) to (100) partition by range (id);
            create table leaf partition of mid for values from (0) to (50)
            """,
            Identity);
        _ = await bench.ViewAsync();
        await bench.ExecuteAsync("alter table pt detach partition mid");
        await bench.ExecuteAsync("create table late partition of mid for values from (50) to (100)");
        Assert.That(await bench.ResolveAsync("select mid.ssn, leaf.ssn, late.ssn from mid, leaf, late"), Is.EqualTo("ssn: Masked identity, ssn: Masked identity, ssn: Masked identity"));
        await bench.ExecuteAsync("alter table mid detach partition leaf");
        await bench.ExecuteAsync("alter table mid detach partition late");
        Assert.That(await bench.ResolveAsync("select leaf.ssn, late.ssn from leaf, late"), Is.EqualTo("ssn: Masked identity, ssn: Masked identity"));
    }

    [Test]
    public async Task A_child_of_several_parents_is_not_shown_to_whom_any_of_their_rules_masks()
    {
        await using var bench = await StartAsync(
            version, "create table pt (ssn text); create table more (ssn text); create table kid (id int) inherits (pt, more)", Identity, Rule("second", "public.more.ssn"));
        Assert.That(await bench.ResolveAsync("select ssn from kid", Auditor), Is.EqualTo("ssn: Masked second"));
        await bench.ExecuteAsync("alter table kid no inherit pt");
        await bench.ExecuteAsync("alter table kid no inherit more");
        Assert.That(await bench.ResolveAsync("select * from kid"), Does.Contain("ssn: Masked").And.Contain("id: Unmasked"));
        Assert.That(await bench.ResolveAsync("select ssn from kid", Auditor), Does.Contain("ssn: Masked"));
    }

    [Test]
    public async Task A_parent_that_showed_what_its_child_holds_does_not_hold_it()
    {
        await using var bench = await StartAsync(
            version, "create table parent (id int, ssn text); create table kid () inherits (parent); create table sister () inherits (parent)", Rule("identity", "public.kid.ssn"));
        Assert.That(await bench.ResolveAsync("select parent.ssn, kid.ssn, sister.ssn from parent, kid, sister"), Is.EqualTo("ssn: Masked identity, ssn: Masked identity, ssn: Unmasked"));
        await bench.ExecuteAsync("alter table kid no inherit parent");
        Assert.That(await bench.ResolveAsync("select parent.ssn, kid.ssn, sister.ssn from parent, kid, sister"), Is.EqualTo("ssn: Unmasked, ssn: Masked identity, ssn: Unmasked"));
    }

    [Test]
    public async Task What_was_never_masked_or_is_made_anew_stays_clear()
    {
        await using var bench = await StartAsync(version, Parts, Identity);
        _ = await bench.ViewAsync();
        await bench.ExecuteAsync("alter table pt detach partition pt1");
        await bench.ExecuteAsync("drop table pt1; create table pt1 (id int, ssn text); create table loose (id int, ssn text)");
        Assert.That(await bench.ResolveAsync("select pt1.ssn, loose.ssn from pt1, loose"), Is.EqualTo("ssn: Unmasked, ssn: Unmasked"));
        await bench.ExecuteAsync("create view v as select * from pt2; create view w as select id, ssn from other");
        Assert.That(await bench.ResolveAsync("select v.ssn, w.ssn from v, w"), Does.StartWith("ssn: Masked identity (view), ssn: Unmasked"));
        await bench.ExecuteAsync("create or replace view v as select note, 'x'::text as ssn, id from other");
        Assert.That(await bench.ResolveAsync("select ssn from v"), Does.Contain("Unmasked"), "a view holds nothing");
    }

    [Test]
    public async Task A_generated_column_stays_masked_when_its_expression_is_dropped()
    {
        await using var bench = await StartAsync(
            version,
            """
            create table people (id int, ssn text, up text generated always as (upper(ssn)) stored, double int generated always as (id * 2) stored);
            create table pt (id int, ssn text, g text generated always as (reverse(ssn)) stored) partition by range (id);
            create table pt1 partition of pt for values from (0) to (100)
            """,
            Rule("identity", "public.pt.ssn", "public.people.ssn"), Rule("open", "public.people.id") with { LeavesDerived = true });
        Assert.That(await bench.ResolveAsync("select people.up, people.double, pt.g, pt1.g from people, pt, pt1"),
            Is.EqualTo("up: Derived identity, double: Derived open, g: Derived identity, g: Derived identity"));
        _ = await bench.ViewAsync();
        await bench.ExecuteAsync("alter table people alter column up drop expression; alter table people alter column double drop expression; alter table pt alter column g drop expression");
        Assert.That(await bench.ResolveAsync("select people.up, people.double, pt.g, pt1.g from people, pt, pt1"),
            Is.EqualTo("up: Masked label:identity, double: Unmasked, g: Masked label:identity, g: Masked label:identity"));
        await bench.ExecuteAsync("alter table pt detach partition pt1; alter table pt1 rename column g to ssn_reversed");
        Assert.That(await bench.ResolveAsync("select * from pt1"), Is.EqualTo("id: Unmasked, ssn: Masked identity, ssn_reversed: Masked label:identity"));
    }

    [Test]
    public async Task A_materialized_view_stays_masked_when_what_it_reads_becomes_harmless()
    {
        await using var bench = await StartAsync(
            version,
            """
            create table people (id int, ssn text, name text);
            create function look() returns text language sql as 'select ssn from public.people limit 1';
            create view v as select id, ssn, name, upper(ssn) as up from people;
            create materialized view m as select id, ssn, name, up, id + 1 as next from v;
            create materialized view f as select look() as x, 1 as one;
            create view above as select ssn, name, up || '' as more from m
            """,
            Rule("identity", "public.people.ssn"));
        Assert.That(await bench.ResolveAsync("select * from m"), Is.EqualTo("id: Unmasked (view), ssn: Masked identity (view), name: Unmasked (view), up: Derived identity (view), next: Derived identity (view)"));
        Assert.That(await bench.ResolveAsync("select * from f"), Does.Contain("x: Derived identity"));
        await bench.ExecuteAsync("create or replace function look() returns text language sql as $$ select 'harmless' $$; create or replace view v as select 1 as id, 'x'::text as ssn, 'y'::text as name, 'z'::text as up");
        Assert.That(await bench.ResolveAsync("select id, ssn, name, up from m"), Is.EqualTo("id: Unmasked (view), ssn: Masked identity, name: Unmasked (view), up: Masked label:identity"));
        Assert.That(await bench.ResolveAsync("select x from f"), Is.EqualTo("x: Masked label:identity"));
        Assert.That(await bench.ResolveAsync("select * from above"), Is.EqualTo("ssn: Masked identity (view), name: Unmasked (view), more: Derived identity (view)"));
        await bench.ExecuteAsync("alter materialized view m rename to n; alter materialized view n rename column ssn to word");
        Assert.That(await bench.ResolveAsync("select word from n"), Is.EqualTo("word: Masked identity"));
        Assert.That((await bench.ViewAsync()).Involves(Select("n")));
    }

    [Test]
    public async Task The_configuration_goes_on_deciding()
    {
        await using var bench = await StartAsync(version, Parts, Identity, Rule("notes", "public.*.memo") with { Exempt = ["alice"] });
        _ = await bench.ViewAsync();
        await bench.ExecuteAsync("alter table pt detach partition pt1");
        await bench.ExecuteAsync("alter table pt1 rename column ssn to memo");
        Assert.That(await bench.ResolveAsync("select memo from pt1"), Is.EqualTo("memo: Masked identity"), "no name that another rule exempts frees it");
        await bench.ExecuteAsync("alter table pt rename column ssn to memo");
        Assert.That(await bench.ResolveAsync("select pt.memo, pt2.memo from pt, pt2"), Is.EqualTo("memo: Masked identity, memo: Masked identity"));

        bench.Rules = [Rule("partitions", "public.pt1.ssn"), Rule("same", "public.pt.*")];
        Assert.That(await bench.ResolveAsync("select pt.memo, pt1.memo, pt2.memo from pt, pt1, pt2"), Is.EqualTo("memo: Masked same, memo: Masked partitions, memo: Masked same"),
            "rules are asked for what the columns were called");
        bench.Rules = [Rule("unrelated", "public.other.note")];
        Assert.That(await bench.ResolveAsync("select pt.memo, pt1.memo, pt2.memo from pt, pt1, pt2"), Is.EqualTo("memo: Unmasked, memo: Unmasked, memo: Unmasked"));
        bench.Rules = [Identity];
        Assert.That(await bench.ResolveAsync("select pt.memo, pt1.memo, pt2.memo from pt, pt1, pt2"), Is.EqualTo("memo: Unmasked, memo: Unmasked, memo: Unmasked"), "that was over");
    }

    [Test]
    public async Task A_restart_forgets_nothing()
    {
        var store = new InMemoryLabelStore();
        await using var bench = await StartAsync(
            version, Parts + "; create table people (id int, ssn text, note text); create materialized view m as select ssn || '' as x from people", new LabelBook(store),
            Identity, Rule("people", "public.people.ssn"));
        _ = await bench.ViewAsync();
        await bench.ExecuteAsync("alter table pt detach partition pt1; alter table people rename column ssn to word; alter table people rename to folk");
        await using (var after = bench.Again(new LabelBook(store)))
        {
            Assert.That(await after.ResolveAsync("select pt1.ssn, folk.word, m.x from pt1, folk, m"), Is.EqualTo("ssn: Masked identity, word: Masked people, x: Derived people (view)"));
            await after.ExecuteAsync("alter table folk drop column word cascade; drop table pt1; create table pt1 (id int, ssn text)");
            _ = await after.ViewAsync();
        }
        Assert.That(store.Bindings().Select(binding => binding.Name.ToString()).Order(), Is.EqualTo((string[])["public.pt.ssn", "public.pt2.ssn"]));
    }

    [Test]
    public async Task Where_the_store_takes_nothing_masks_stay_and_it_is_said()
    {
        var store = new InMemoryLabelStore { IsBroken = true };
        await using var bench = await StartAsync(version, Parts, new LabelBook(store), Identity);
        Assert.That(await bench.ResolveAsync("select ssn from pt1"), Is.EqualTo("ssn: Masked identity"));
        Assert.That(bench.Catalog.Unkept, Does.Contain("cannot be kept"));
        Assert.That(bench.Said, Has.Some.Contains("cannot be kept"));
        await bench.ExecuteAsync("alter table pt detach partition pt1");
        Assert.That(await bench.ResolveAsync("select ssn from pt1"), Is.EqualTo("ssn: Masked identity"));
        store.IsBroken = false;
        while (bench.Catalog.Unkept is not null)
            _ = await bench.ViewAsync();
        Assert.That(store.Bindings().Select(binding => binding.Name.ToString()).Order(), Is.EqualTo((string[])["public.pt.ssn", "public.pt1.ssn", "public.pt2.ssn"]));
    }

    [Test]
    public async Task A_restored_database_is_recognised_by_names()
    {
        var store = new InMemoryLabelStore();
        var bench = await StartAsync(version, Parts, new LabelBook(store), Identity);
        _ = await bench.ViewAsync();
        await bench.ExecuteAsync("alter table pt detach partition pt1; alter table pt1 rename column ssn to word");
        _ = await bench.ViewAsync();
        await bench.Catalog.DisposeAsync();
        await bench.Database.Server.ExecuteAsync($"drop database {bench.Database.Name} with (force)");
        await bench.Database.Server.ExecuteAsync($"create database {bench.Database.Name}");
        await using var database = bench.Database;
        await bench.ExecuteAsync("create table filler (id int); create table pt1 (id int, word text, note text); create table new (id int, ssn text)");
        await using var after = bench.Again(new LabelBook(store));
        Assert.That(await after.ResolveAsync("select pt1.word, pt1.note, new.ssn from pt1, new"), Is.EqualTo("word: Masked identity, note: Unmasked, ssn: Unmasked"));
        Assert.That(store.Bindings().Select(binding => binding.DatabaseNumber).Distinct().Count(), Is.EqualTo(1), "the dropped database is forgotten");
    }

    [Test]
    public async Task Partitions_of_what_a_label_masks_keep_it_too_until_the_label_goes()
    {
        var book = new LabelBook(new InMemoryLabelStore());
        await using var bench = await StartAsync(version, Parts, book, Rule("people", "public.people.ssn"));
        var table = (uint)(long)(await bench.Database.ScalarAsync("select 'pt'::regclass::oid::bigint"))!;
        _ = await bench.ViewAsync();
        book.Record([bench.Label(table, 2, "people")]);
        Assert.That(await bench.ResolveAsync("select ssn from pt1"), Does.StartWith("ssn: Masked"));
        await bench.ExecuteAsync("alter table pt detach partition pt1");
        Assert.That(await bench.ResolveAsync("select ssn from pt1"), Does.StartWith("ssn: Masked"));
        book.Remove(book.All.Single().Id);
        Assert.That(await bench.ResolveAsync("select pt.ssn, pt1.ssn from pt, pt1"), Is.EqualTo("ssn: Unmasked, ssn: Unmasked"));
    }

    [Test]
    public async Task A_label_is_shown_under_the_present_name()
    {
        var book = new LabelBook(new InMemoryLabelStore());
        await using var bench = await StartAsync(version, Parts, book, Identity);
        book.Record([bench.Label((uint)(long)(await bench.Database.ScalarAsync("select 'other'::regclass::oid::bigint"))!, 3, "identity")]);
        _ = await bench.ViewAsync();
        await bench.ExecuteAsync("alter table other rename column note to remark; alter table other rename to others");
        var picture = await bench.Catalog.GetFreshAsync(CancellationToken.None);
        Assert.That(book.All.Single().Column.FullName, Is.EqualTo("public.others.remark"));
        Assert.That(await bench.Catalog.GetFreshAsync(CancellationToken.None), Is.SameAs(picture), "that is no other label");
    }
}
