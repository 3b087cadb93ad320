using WireGuardian.Core.Policies;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Proxy.Catalog;
using WireGuardian.Testing.Postgres;
using static WireGuardian.Postgres.Tests.Catalog.CatalogBench;

namespace WireGuardian.Postgres.Tests.Catalog;

public class FreshnessTests
{
    private const string People = "create table people (id int, name text, email text)";

    private static readonly MaskingRule Email = Rule("contact", "*.*.email");

    [Test]
    public async Task Nothing_is_known_or_fresh_before_the_first_load()
    {
        await using var bench = await StartAsync(PostgresVersion.Version15, People, Email);
        Assert.That((bench.Catalog.Current, bench.Catalog.IsFresh), Is.EqualTo(((ICatalogSnapshot?)null, false)));
        var snapshot = await bench.Catalog.GetFreshAsync(CancellationToken.None);
        Assert.That((bench.Catalog.Current, bench.Catalog.IsFresh), Is.EqualTo((snapshot, true)));
    }

    [Test]
    public async Task A_picture_is_kept_as_long_as_nothing_changed()
    {
        await using var bench = await StartAsync(PostgresVersion.Version15, People, Email);
        var first = await bench.Catalog.GetFreshAsync(CancellationToken.None);
        Assert.That(await bench.Catalog.GetFreshAsync(CancellationToken.None), Is.SameAs(first));
        await bench.ExecuteAsync("insert into people values (1)");
        Assert.That(await bench.Catalog.GetFreshAsync(CancellationToken.None), Is.SameAs(first));
    }

    [TestCase("alter table people rename column name to given")]
    [TestCase("alter table people drop column name")]
    [TestCase("create view v as select * from people")]
    [TestCase("create or replace function f() returns int language sql as 'select 2'")]
    [TestCase("create trigger t before insert on people for each row execute function suppress_redundant_updates_trigger()")]
    [TestCase("create type mood as enum ('a')")]
    [TestCase("alter type colour add value 'red'")]
    [TestCase("create schema more")]
    [TestCase("create table kid () inherits (people)")]
    [TestCase("create policy p on people using (id > f())")]
    [TestCase("alter table people alter id set default f()")]
    [TestCase("create operator === (rightarg = text, function = upper)")]
    public async Task Every_kind_of_change_is_noticed(string change)
    {
        await using var bench = await StartAsync(
            PostgresVersion.Version15, People + "; create function f() returns int language sql as 'select 1'; create type colour as enum ('blue')", Email);
        var first = await bench.Catalog.GetFreshAsync(CancellationToken.None);
        await bench.ExecuteAsync(change);
        Assert.That(await bench.Catalog.GetFreshAsync(CancellationToken.None), Is.Not.SameAs(first));
    }

    [Test]
    public async Task A_new_table_that_matches_a_glob_is_masked_after_its_DDL()
    {
        await using var bench = await StartAsync(PostgresVersion.Version15, People, Email);
        _ = await bench.ViewAsync();
        bench.Catalog.BeginChange();
        Assert.That(bench.Catalog.IsFresh, Is.False);
        await bench.ExecuteAsync("create table more (email text)");
        _ = await bench.ViewAsync();
        Assert.That(bench.Catalog.IsFresh, Is.False, "while the change may still go on");
        bench.Catalog.EndChange();
        Assert.That(await bench.ResolveAsync("select * from more"), Is.EqualTo("email: Masked contact"));
        Assert.That(bench.Catalog.IsFresh);
    }

    [Test]
    public async Task Two_changes_that_overlap_end_with_the_last_of_them()
    {
        await using var bench = await StartAsync(PostgresVersion.Version15, People, Email);
        _ = await bench.ViewAsync();
        bench.Catalog.BeginChange();
        bench.Catalog.BeginChange();
        bench.Catalog.EndChange();
        _ = await bench.ViewAsync();
        Assert.That(bench.Catalog.IsFresh, Is.False);
        bench.Catalog.EndChange();
        _ = await bench.ViewAsync();
        Assert.That(bench.Catalog.IsFresh);
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task DDL_around_the_proxy_is_noticed_in_the_background(CancellationToken cancellationToken)
    {
        await using var bench = await StartAsync(PostgresVersion.Version15, People, Email);
        var first = await bench.Catalog.GetFreshAsync(cancellationToken);
        await bench.ExecuteAsync("create table more (email text)");
        while (ReferenceEquals(bench.Catalog.Current, first))
            await Task.Delay(20, cancellationToken);
        Assert.That(bench.Catalog.IsFresh);
    }

    [Test]
    public async Task Callers_that_come_together_share_a_load_that_begins_after_them()
    {
        var loads = 0;
        var gates = new Queue<TaskCompletionSource>([new(), new()]);
        var open = gates.ToArray();
        var queue = new LoadQueue<int>(async () =>
        {
            var load = ++loads;
            await gates.Dequeue().Task;
            return load;
        });
        var first = queue.Join();
        while (Volatile.Read(ref loads) == 0)
            await Task.Yield();
        var later = Enumerable.Range(0, 50).Select(_ => queue.Join()).ToArray();
        open[0].SetResult();
        open[1].SetResult();
        Assert.That(await first, Is.EqualTo(1));
        Assert.That(await Task.WhenAll(later), Is.All.EqualTo(2));
    }

    [Test]
    public async Task A_load_that_fails_does_not_spoil_the_next()
    {
        var loads = 0;
        var queue = new LoadQueue<int>(() => ++loads == 1 ? throw new InvalidOperationException() : Task.FromResult(loads));
        Assert.That(async () => await queue.Join(), Throws.InvalidOperationException);
        Assert.That(await queue.Join(), Is.EqualTo(2));
    }

    [Test]
    public async Task Three_thousand_tables_are_read_in_a_few_set_based_queries()
    {
        await using var bench = await StartAsync(
            PostgresVersion.Version15,
            "do $$ begin for i in 1..3000 loop execute format('create table t%s (id int, a text, b text, email text)', i); end loop; end $$",
            Email);
        Assert.That(await bench.ResolveAsync("select * from t2999"), Is.EqualTo("id: Unmasked, a: Unmasked, b: Unmasked, email: Masked contact"));
    }
}
