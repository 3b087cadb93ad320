using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Wire;
using static WireGuardian.IntegrationTests.Labels.LabelShop;
using static WireGuardian.Testing.Wire.FrontendMessage;

namespace WireGuardian.IntegrationTests.Labels;

/// <summary>Two sessions of one person, one of which changes what the other's statement means while that is under way, or before it is committed.</summary>
public sealed class RaceTests
{
    private const string Setup =
        """
        CREATE TABLE plain (id int, name text, ssn text);
        INSERT INTO plain VALUES (1, 'x', 'harmless'), (2, 'y', 'harmless');
        CREATE VIEW v AS SELECT id, name AS x FROM plain;
        CREATE TABLE noted (id int, remark text);
        CREATE FUNCTION note_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.remark := 'harmless'; RETURN NEW; END $$;
        CREATE TRIGGER noting BEFORE INSERT ON noted FOR EACH ROW EXECUTE FUNCTION note_row();
        CREATE FUNCTION f(i int) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN 'harmless'; END $$;
        """;

    private const string LeakingFunction = "create or replace function f(i int) returns text language plpgsql as $$ begin return (select ssn from people where id = i); end $$";
    private const string LeakingView = "create or replace view v as select id, ssn as x from people";
    private const string LeakingTrigger = "create or replace function note_row() returns trigger language plpgsql as $$ begin new.remark := (select ssn from people where id = 1); return new; end $$";
    private const string Swap = "alter table plain rename to other; alter table people rename to plain";

    private LabelShop _shop = null!;

    [SetUp]
    public async Task Start()
    {
        _shop = await LabelShop.OpenAsync(PostgresVersion.Version15);
        await _shop.Database.ExecuteAsync($"SET ROLE label_app; {Setup}");
    }

    [TearDown]
    public async Task Stop() => await _shop.DisposeAsync();

    [Test]
    public async Task A_row_that_was_waited_for_is_masked_by_what_was_labelled_meanwhile()
    {
        await using var writer = await LockedRowAsync();
        await using var reader = await _shop.ConnectAsync();
        await reader.SendAsync(Parse("", "select id, remark from archive order by id for update"), Bind("", ""), Describe('P', ""), Flush);
        await reader.ReadUntilAsync('T');
        await reader.SendAsync(Execute(""), Sync);
        await WaitForLockAsync();
        Assert.That(await RunAsync(writer, "update archive set remark = (select ssn from people where id = 2) where id = 2"), Is.Empty);
        Assert.That(await RunAsync(writer, "commit"), Is.Empty);
        Assert.That(await RowsAsync(reader), Does.EndWith("2|*******9173"));
    }

    /// <summary>What is computed is masked as a whole, in the text protocol and in a result that has been coming for a while.</summary>
    [Test]
    public async Task So_is_what_is_computed_of_it()
    {
        await _shop.Database.ExecuteAsync("update archive set other = repeat('x', 20000) where id = 1");
        await using var writer = await LockedRowAsync();
        await using var reader = await _shop.ConnectAsync();
        await reader.SendAsync(Query("select other, upper(remark), remark from archive order by id for update"));
        await reader.ReadUntilAsync('T');
        await WaitForLockAsync();
        Assert.That(await RunAsync(writer, "update archive set remark = (select ssn from people where id = 2) where id = 2; commit"), Is.Empty);
        Assert.That(await RowsAsync(reader), Does.EndWith("|***********|*******9173"));
    }

    [Test]
    public async Task The_data_of_an_export_end_where_they_would_have_to_be_masked()
    {
        await _shop.Database.ExecuteAsync("update archive set other = repeat('x', 20000) where id = 1");
        await using var writer = await LockedRowAsync();
        await using var reader = await _shop.ConnectAsync();
        await reader.SendAsync(Query("copy (select other, remark from archive order by id for update) to stdout"));
        await reader.ReadUntilAsync('H');
        await WaitForLockAsync();
        Assert.That(await RunAsync(writer, "update archive set remark = (select ssn from people where id = 2) where id = 2; commit"), Is.Empty);
        var frames = await reader.ReadUntilAsync('Z', 'E');
        foreach (var frame in frames)
            AssertShowsNothing(frame);
        Assert.That(frames[^1].Message, Does.Contain("run it again"));
    }

    [Test]
    public async Task A_portal_runs_a_function_that_was_replaced_since_its_description([Values(0, 1)] int rowsBefore)
    {
        await using var reader = await _shop.ConnectAsync();
        await reader.SendAsync(Query("begin"), Parse("", "select f(id) from plain order by id"), Bind("p", ""), Describe('P', "p"), Flush);
        await reader.ReadUntilAsync('T');
        if (rowsBefore > 0)
        {
            await reader.SendAsync(Execute("p", rowsBefore), Flush);
            await reader.ReadUntilAsync('s');
        }
        Assert.That(await _shop.RunAsync(LeakingFunction), Is.Empty);
        await reader.SendAsync(Execute("p"), Sync);
        Assert.That(await RowsAsync(reader), Does.Not.Contain("harmless").And.Contain("***"));
    }

    [TestCase("begin; lock table archive in exclusive mode", "insert into archive (id, remark) select id + 10, x from v", LeakingView, "select remark from archive")]
    [TestCase("begin; lock table archive in exclusive mode", "insert into archive (id, remark) select id + 10, f(id) from plain", LeakingFunction, "select remark from archive")]
    [TestCase("begin; lock table archive in exclusive mode", "insert into archive (id, remark) select id + (select max(a.id) from archive a), ssn from plain", Swap, "select remark from archive")]
    [TestCase("begin; lock table noted in exclusive mode", "insert into noted values (9, 'x')", LeakingTrigger, "select remark from noted")]
    [TestCase("begin; lock table archive in exclusive mode", "update archive set remark = x from v where v.id = archive.id", LeakingView, "select remark from archive")]
    [TestCase("begin; lock table plain in access exclusive mode", "create table t as select id, x from v", LeakingView, "select x from t")]
    public async Task Definitions_wait_for_the_writes_whose_meaning_they_change(string before, string write, string definition, string read)
    {
        await using var changer = await _shop.ConnectAsync();
        await using var writer = await _shop.ConnectAsync();
        // The proxy has no need then to ask the server, which would wait for the lock as well.
        if (definition == Swap)
            Assert.That(await RunAsync(writer, write), Is.Empty);
        foreach (var statement in before.Split("; "))
            Assert.That(await RunAsync(changer, statement), Is.Empty);
        await writer.SendAsync(Query(write));
        await WaitForLockAsync();
        Assert.That(await RunAsync(changer, definition), Is.EqualTo("55P03"));
        Assert.That(await RunAsync(changer, "commit"), Is.Empty);
        await writer.ReadUntilAsync('Z');
        Assert.That(await _shop.RunAsAuditorAsync(read), Does.Not.Match("ZK7391|ZK8264"));
        // With nothing under way it is sent.
        Assert.That(await RunAsync(changer, definition), Is.Empty);
    }

    [TestCase("insert into archive (id, remark) select id + 10, x from v", LeakingView)]
    [TestCase("insert into archive (id, remark) select id + 10, f(id) from plain", LeakingFunction)]
    [TestCase("insert into archive (id, remark) select id + 10, ssn from plain", Swap)]
    [TestCase("insert into noted values (9, 'x')", LeakingTrigger)]
    [TestCase("select f(id) from plain", LeakingFunction)]
    [TestCase("insert into archive (id, remark) select id + 10, x from s.v", "create schema hidden; create view hidden.v as select id, ssn as x from people; alter schema s rename to t; alter schema hidden rename to s")]
    public async Task What_rests_on_an_uncommitted_definition_of_others_is_held(string write, string definition)
    {
        await _shop.Database.ExecuteAsync("SET ROLE label_app; CREATE SCHEMA s; CREATE VIEW s.v AS SELECT id, name AS x FROM plain");
        await using var changer = await _shop.ConnectAsync();
        await using var writer = await _shop.ConnectAsync();
        Assert.That(await RunAsync(changer, "begin"), Is.Empty);
        Assert.That(await RunAsync(changer, definition), Is.Empty);
        Assert.That(await RunAsync(writer, write), Is.EqualTo("held"));
    }

    [Test]
    public async Task It_goes_on_as_soon_as_they_are_committed_and_is_judged_by_what_they_made()
    {
        await using var changer = await _shop.ConnectAsync();
        await using var writer = await _shop.ConnectAsync();
        Assert.That(await RunAsync(changer, "begin"), Is.Empty);
        Assert.That(await RunAsync(changer, LeakingView), Is.Empty);
        var write = RunAsync(writer, "insert into archive (id, remark) select id + 10, x from v");
        await Task.Delay(TimeSpan.FromMilliseconds(300));
        Assert.That(write.IsCompleted, Is.False);
        Assert.That(await RunAsync(changer, "commit"), Is.Empty);
        Assert.That(await write, Is.Empty);
        Assert.That(await _shop.RunAsync("select remark from archive where id > 10 order by id"), Is.EqualTo("*******4825;*******9173"));
    }

    [Test]
    public async Task A_definition_judged_before_others_made_what_it_names_counts_by_what_they_made()
    {
        await using var first = await _shop.ConnectAsync();
        await using var second = await _shop.ConnectAsync();
        await using var writer = await _shop.ConnectAsync();
        Assert.That(await RunAsync(first, "begin"), Is.Empty);
        Assert.That(await RunAsync(first, "create or replace function f(i int) returns text language plpgsql as $$ begin return (select x from later where id = i); end $$"), Is.Empty);
        Assert.That(await RunAsync(second, "create view later as select id, ssn as x from people"), Is.Empty);
        Assert.That(await RunAsync(writer, "insert into archive (id, remark) select id + 10, f(id) from plain"), Is.EqualTo("held"));
    }

    [Test]
    public async Task A_client_that_is_gone_leaves_nothing_behind_that_others_could_change()
    {
        await using var changer = await _shop.ConnectAsync();
        var writer = await _shop.ConnectAsync();
        foreach (var statement in (string[])["begin", "lock table archive in exclusive mode"])
            Assert.That(await RunAsync(changer, statement), Is.Empty);
        await writer.SendAsync(Query("insert into archive (id, remark) select id + 10, x from v"));
        await WaitForLockAsync();
        writer.Socket.LingerState = new(enable: true, 0);
        writer.Socket.Close();
        await RunAsync(changer, LeakingView);
        await RunAsync(changer, "commit");
        Assert.That(await _shop.RunAsAuditorAsync("select remark from archive"), Does.Not.Match("ZK7391|ZK8264"));
        await writer.DisposeAsync();
    }

    [Test]
    public async Task Who_waits_for_others_can_cancel()
    {
        await using var changer = await _shop.ConnectAsync();
        await using var writer = await _shop.ConnectAsync();
        Assert.That(await RunAsync(changer, "begin"), Is.Empty);
        Assert.That(await RunAsync(changer, LeakingView), Is.Empty);
        var write = RunAsync(writer, "insert into archive (id, remark) select id + 10, x from v");
        await Task.Delay(TimeSpan.FromMilliseconds(300));
        await using (var cancel = await WireClient.ConnectAsync(_shop.Proxy.Port))
            await cancel.SendAsync(CancelRequest(writer.ProcessId, writer.CancelKey));
        Assert.That(await write, Is.EqualTo("57014"));
        Assert.That(await RunAsync(writer, "select 1"), Is.EqualTo("1"));
    }

    /// <summary>None of these names masked columns so that something else could come to mean them.</summary>
    [TestCase("create table z (id int primary key, word text default 'x'); create index on z (word); alter table z add column more int; drop table z")]
    [TestCase("create temp table z as select id, name from plain; create view w as select * from plain; create function g() returns int language sql as 'select 1'")]
    [TestCase("alter table people add column more int; create index on people (name); comment on table people is 'x'")]
    [TestCase("create or replace function g(i int) returns text language plpgsql as $$ begin return (select name from plain where id = i); end $$; grant select on people to label_audit")]
    public async Task Ordinary_migrations_hinder_nobody(string migration)
    {
        await using var migrating = await _shop.ConnectAsync();
        await using var writer = await _shop.ConnectAsync();
        Assert.That(await RunAsync(migrating, "begin"), Is.Empty);
        Assert.That(await RunAsync(migrating, migration), Is.Empty);
        var began = System.Diagnostics.Stopwatch.StartNew();
        Assert.That(await RunAsync(writer, "insert into watched values (9, 'x')"), Is.Empty);
        Assert.That(await RunAsync(writer, "insert into archive (id, remark) values (30, 'x')"), Is.Empty);
        Assert.That(await RunAsync(writer, "insert into archive (id, remark) select id + 10, x from v"), Is.Empty);
        Assert.That(await RunAsync(writer, "select f(id) from plain order by id"), Is.EqualTo("harmless;harmless"));
        Assert.That(began.Elapsed, Is.LessThan(TimeSpan.FromSeconds(5)));
        Assert.That(await RunAsync(migrating, "commit"), Is.Empty);
    }

    [Test]
    public async Task Neither_do_copies_that_are_labelled_at_the_same_time()
    {
        await using var one = await _shop.ConnectAsync();
        await using var other = await _shop.ConnectAsync();
        Assert.That(await RunAsync(one, "begin"), Is.Empty);
        Assert.That(await RunAsync(one, "create table a as select id, ssn as x from people"), Is.Empty);
        Assert.That(await RunAsync(other, "create table b as select id, email as x from people"), Is.Empty);
        Assert.That(await RunAsync(other, "insert into archive (id, remark) select id + 10, ssn from people"), Is.Empty);
        Assert.That(await RunAsync(other, "insert into watched values (9, 'x')"), Is.Empty);
        Assert.That(await RunAsync(one, "commit"), Is.Empty);
        Assert.That(await RunAsync(other, "select x from a order by id"), Is.EqualTo("*******4825;*******9173"));
    }

    /// <summary>A session that has a row of <c>archive</c> locked.</summary>
    private async Task<WireClient> LockedRowAsync()
    {
        var client = await _shop.ConnectAsync();
        Assert.That(await RunAsync(client, "begin"), Is.Empty);
        Assert.That(await RunAsync(client, "select 1 from archive where id = 2 for update"), Is.EqualTo("1"));
        return client;
    }

    private async Task WaitForLockAsync()
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            if (Convert.ToInt64(await _shop.Database.ScalarAsync("select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"), System.Globalization.CultureInfo.InvariantCulture) > 0)
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
        Assert.Fail("nothing waits for a lock");
    }

    private static async Task<string> RowsAsync(WireClient client)
    {
        var frames = await client.ReadUntilAsync('Z');
        foreach (var frame in frames)
            AssertShowsNothing(frame);
        return string.Join(';', frames.Where(frame => frame.Type == 'D').Select(frame => string.Join('|', frame.Texts)));
    }
}
