using System.Text.Json;
using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Processes;
using static WireGuardian.IntegrationTests.Labels.LabelShop;
using static WireGuardian.Testing.Wire.FrontendMessage;
using Built = WireGuardian.Testing.Programs.Program;

namespace WireGuardian.IntegrationTests.Labels;

/// <summary><c>copies: label</c>: what masked values are copied to is masked from then on, for everybody and by every way.</summary>
[TestFixture(PostgresVersion.Version15)]
[TestFixture(PostgresVersion.Version18)]
public sealed class LabelTests(PostgresVersion version)
{
    private LabelShop _shop = null!;

    [SetUp]
    public async Task Start() => _shop = await LabelShop.OpenAsync(version);

    [TearDown]
    public async Task Stop() => await _shop.DisposeAsync();

    [TestCase("insert into archive (id, remark) select id + 10, ssn from people", "select remark from archive where id > 10 order by id", "*******4825;*******9173")]
    [TestCase("insert into archive (id, remark) values (11, (select ssn from people where id = 1))", "select remark from archive where id > 10", "*******4825")]
    [TestCase("update archive a set remark = p.ssn from people p where p.id = a.id", "select remark from archive order by id", "*******4825;*******9173")]
    [TestCase("update archive set (remark, other) = (select ssn, email from people where people.id = archive.id)", "select remark, other from archive order by id",
        "*******4825|w***@example;*******9173|w***@example")]
    [TestCase("update archive a set remark = upper(p.ssn) from people p where p.id = a.id", "select remark from archive order by id", "***********;***********")]
    [TestCase("update people set spare = ssn", "select spare from people order by id", "*******4825;*******9173")]
    [TestCase("insert into archive (id, remark) select id, ssn from people on conflict (id) do update set remark = excluded.remark", "select remark from archive order by id", "*******4825;*******9173")]
    [TestCase("merge into archive a using people p on p.id = a.id when matched then update set remark = p.ssn when not matched then insert (id, remark) values (p.id, p.email)",
        "select remark from archive order by id", "***********;***********")]
    [TestCase("with x as (insert into archive (id, remark) select id + 10, ssn from people returning id) select count(*) from x", "select remark from archive where id > 10 order by id", "*******4825;*******9173")]
    [TestCase("insert into parts select id, ssn from people", "select word from parts order by id", "*******4825;*******9173")]
    [TestCase("insert into parts select id, ssn from people", "select word from parts_low order by id", "*******4825;*******9173")]
    [TestCase("create table t as select id, ssn as x from people", "select x from t order by id", "*******4825;*******9173")]
    [TestCase("create table t (a, b) as select id, ssn from people with data", "select b from t order by a", "*******4825;*******9173")]
    [TestCase("create table t as select id, ssn || '' as x, name from people", "select x, name from t order by id", "***********|Ada;***********|Ben")]
    [TestCase("select id, ssn as x into t from people", "select x from t order by id", "*******4825;*******9173")]
    [TestCase("create table t as table people", "select ssn, email from t order by id", "*******4825|w***@example;*******9173|w***@example")]
    [TestCase("explain (analyze, costs off, timing off, summary off) create table t as select ssn as x from people", "select x from t order by 1 limit 1", "*******4825")]
    [TestCase("create materialized view m as select id, ssn as x, upper(email) as y from people", "select x, y from m order by id", "*******4825|************************;*******9173|************************")]
    [TestCase("alter table people alter column spare type text using ssn", "select spare from people order by id", "*******4825;*******9173")]
    [TestCase("alter table people add column g text generated always as (upper(ssn)) stored", "select g from people order by id", "***********;***********")]
    public async Task Copies_are_masked(string copy, string read, string rows)
    {
        await using var writer = await _shop.ConnectAsync();
        await using var other = await _shop.ConnectAsync();
        await RunAsync(other, "select 1 from archive");
        Assert.That(await RunAsync(writer, copy), Is.Not.EqualTo("held").And.Not.Match("^[0-9A-Z]{5}$"));
        Assert.That(await RunAsync(writer, read), Is.EqualTo(rows));
        Assert.That(await RunAsync(other, read), Is.EqualTo(rows));
        // The values are there.
        Assert.That(await _shop.RunAsAuditorAsync(read), Does.Contain("4825").Or.Contain("9173").Or.Contain("WOMBAT"));
    }

    [TestCase("create table t as select id, name from people where ssn is not null", "select name from t order by id", "Ada;Ben")]
    [TestCase("insert into archive (id, remark) select id + 10, name from people", "select remark from archive where id > 10 order by id", "Ada;Ben")]
    [TestCase("update archive set remark = (select count(ssn) from people)", "select remark from archive order by id", "2;2")]
    [TestCase("create table t (id int, g int generated always as (id + 1) stored); insert into t (id) values (1)", "select g from t", "2")]
    public async Task What_copies_nothing_masked_labels_nothing(string statement, string read, string rows)
    {
        Assert.That(await _shop.RunAsync(statement), Is.Empty);
        Assert.That(await _shop.RunAsync(read), Is.EqualTo(rows));
        Assert.That((await LabelsAsync()).GetArrayLength(), Is.Zero);
    }

    [TestCase("do $$ begin insert into archive (id, remark) select 11, ssn from people limit 1; end $$")]
    [TestCase("insert into watched select id, ssn from people")]
    [TestCase("update people set email = ssn")]
    [TestCase("prepare p as insert into archive (id, remark) select 11, ssn from people limit 1")]
    [TestCase("create rule r as on insert to people do also insert into archive (id, remark) values (new.id + 20, new.ssn)")]
    [TestCase("begin; create table t (x text); insert into t select ssn from people")]
    [TestCase("begin; create table t as select ssn as x from people; insert into archive (id, remark) select 11, x from t limit 1")]
    [TestCase("begin; drop table archive; create table t as select ssn as x, (select count(*) from archive) from people")]
    [TestCase("begin; create view v as select 1 as a; create table t as select ssn as x from people")]
    [TestCase("begin; create table t as select ssn as x from people; create table u as select x from t")]
    [TestCase("begin; create table people2 as select ssn from people; drop table people; alter table people2 rename to people; create table t as select ssn as x from people")]
    [TestCase("begin; create view v as select ssn as x from people; insert into archive (id, remark) select 11, x from v limit 1")]
    [TestCase("begin; create table t as select ssn as x from people; do $$ begin execute 'alter table t rename to u'; end $$")]
    [TestCase("begin; create table t as select ssn as x from people; prepare transaction 'later'")]
    public async Task What_cannot_be_told_stays_held(string statements)
    {
        await using var client = await _shop.ConnectAsync();
        var outcome = "";
        foreach (var statement in statements.Split("; ", statements.Contains("do $$", StringComparison.Ordinal) ? statements.Contains("begin; ", StringComparison.Ordinal) ? 3 : 1 : 9))
            outcome = await RunAsync(client, statement);
        Assert.That(outcome, Is.EqualTo("held"));
    }

    [Test]
    public async Task In_the_same_transaction_and_message_nothing_shows()
    {
        await using var client = await _shop.ConnectAsync();
        Assert.That(await RunAsync(client, "insert into archive (id, remark) select id + 10, ssn from people; select remark, upper(remark) from archive where id = 11"), Is.EqualTo("*******4825|***********"));
        Assert.That(await RunAsync(client, "begin; insert into archive (id, other) select id + 20, email from people; select other from archive where id = 21; commit"), Is.EqualTo("w***@example"));
        Assert.That(await RunAsync(client, "create table t1 as select ssn as x from people; select x, x || '' from t1 limit 1"), Is.EqualTo("*******4825|***********"));
        await RunAsync(client, "begin");
        await RunAsync(client, "create temp table t2 as select ssn as x from people");
        Assert.That(await RunAsync(client, "select x, upper(x) from t2 limit 1"), Is.EqualTo("***********|***********"));
        await RunAsync(client, "commit");
        Assert.That(await RunAsync(client, "select x, upper(x) from t2 order by x limit 1"), Is.EqualTo("*******4825|***********"));
        Assert.That(await _shop.RunAsync("select x, upper(x) from t1 order by x limit 1"), Is.EqualTo("*******4825|***********"));
    }

    [Test]
    public async Task The_extended_protocol_is_no_way_around()
    {
        await using var client = await _shop.ConnectAsync();
        await client.SendAsync(
            Parse("s", "insert into archive (id, remark) select id + $1::int, ssn from people returning remark, upper(remark)"), Bind("", "s", "10"), Describe('P', ""), Execute(""), Sync);
        var frames = await client.ReadUntilAsync('Z');
        foreach (var frame in frames)
            AssertShowsNothing(frame);
        Assert.That(frames.Count(frame => frame.Type == 'D'), Is.EqualTo(2));
        await client.SendAsync(Bind("", "s", "20"), Execute(""), Sync, Parse("", "select remark from archive where id > 10 order by id limit 1"), Bind("", ""), Describe('P', ""), Execute(""), Sync);
        frames = [.. await client.ReadUntilAsync('Z'), .. await client.ReadUntilAsync('Z')];
        foreach (var frame in frames)
            AssertShowsNothing(frame);
        Assert.That(frames.Last(frame => frame.Type == 'D').Texts[0], Is.EqualTo("*******4825"));
        // A portal that another session's copy overtook is described anew.
        await client.SendAsync(Query("begin"), Parse("", "update archive set other = other where id < 3 returning other"), Bind("p", ""), Describe('P', "p"), Flush);
        await client.ReadUntilAsync('T');
        Assert.That(await _shop.RunAsync("update archive set other = (select email from people where id = 1) where id > 10"), Is.Empty);
        await client.SendAsync(Execute("p"), Sync, Query("commit"));
        frames = [.. await client.ReadUntilAsync('Z'), .. await client.ReadUntilAsync('Z')];
        Assert.That(frames.Where(frame => frame.Type == 'D').Select(frame => frame.Texts[0]), Is.EqualTo((string[])["********", "********"]));
    }

    [Test]
    public async Task Labels_outlive_renames_and_restarts()
    {
        Assert.That(await _shop.RunAsync("create table t as select id, ssn as x from people"), Is.Empty);
        Assert.That(await _shop.RunAsync("insert into archive (id, remark) select id + 10, email from people"), Is.Empty);
        Assert.That(await _shop.RunAsync("alter table archive rename column remark to word"), Is.Empty);
        await _shop.Proxy.StopAsync();
        await _shop.Database.ExecuteAsync("alter table t rename to u; alter table u rename x to y; create schema elsewhere authorization label_app; alter table u set schema elsewhere; set role label_app; create table t as select id, name as x from people");
        await _shop.Proxy.StartAgainAsync();
        Assert.That(await _shop.RunAsync("select y from elsewhere.u order by id"), Is.EqualTo("*******4825;*******9173"));
        Assert.That(await _shop.RunAsync("select word from archive where id > 10 order by id"), Is.EqualTo("w***@example;w***@example"));
        Assert.That(await _shop.RunAsync("select x from t order by id"), Is.EqualTo("Ada;Ben"));
    }

    [TestCase("alter table t rename to u", "u")]
    [TestCase("alter table t rename to u; alter table u rename to w", "w")]
    [TestCase("create schema elsewhere; alter table t set schema elsewhere; alter schema elsewhere rename to beyond", "beyond.t")]
    public async Task A_new_relation_that_is_renamed_before_anybody_sees_it_is_masked(string renames, string name)
    {
        await using var client = await _shop.ConnectAsync();
        foreach (var statement in Split($"begin; create table t as select id, ssn as x from people; {renames}; commit"))
            Assert.That(await RunAsync(client, statement), Is.Empty, statement);
        Assert.That(await RunAsync(client, $"select x from {name} order by id"), Is.EqualTo("*******4825;*******9173"));
        Assert.That(await _shop.RunAsync($"select x from {name} order by id"), Is.EqualTo("*******4825;*******9173"));
    }

    [Test]
    public async Task A_table_is_made_anew_in_the_place_of_another_in_one_transaction()
    {
        await using var client = await _shop.ConnectAsync();
        Assert.That(await RunAsync(client, "create table t as select id, name as x from people"), Is.Empty);
        foreach (var round in (string[])["ssn", "email"])
        {
            foreach (var statement in Split($"begin; drop table t; create table t as select id, {round} as x from people; drop table if exists u; truncate archive; create table u as select id, {round} as y from people; commit"))
                Assert.That(await RunAsync(client, statement), Is.Empty, statement);
            Assert.That(await _shop.RunAsync("select x, y from t join u using (id) order by id limit 1"), Is.EqualTo(round == "ssn" ? "*******4825|*******4825" : "w***@example|w***@example"));
        }
    }

    [Test]
    public async Task What_is_rolled_back_masks_nothing_later()
    {
        await using var client = await _shop.ConnectAsync();
        await RunAsync(client, "begin");
        await RunAsync(client, "create table t as select ssn as x from people");
        await RunAsync(client, "rollback");
        Assert.That(await RunAsync(client, "create table t as select name as x from people"), Is.Empty);
        Assert.That(await RunAsync(client, "select x from t order by x"), Is.EqualTo("Ada;Ben"));
        await WaitForLabelsAsync(0);
        Assert.That(await RunAsync(client, "drop table t"), Is.Empty);
        Assert.That(await RunAsync(client, "create table t as select ssn as x from people"), Is.Empty);
        Assert.That(await RunAsync(client, "select x from t order by x limit 1"), Is.EqualTo("*******4825"));
        await RunAsync(client, "drop table t");
        await RunAsync(client, "select 1 from people");
        await WaitForLabelsAsync(0);
    }

    [Test]
    public async Task What_keeps_values_keeps_its_label_when_its_definition_changes()
    {
        await using var client = await _shop.ConnectAsync();
        foreach (var statement in (string[])
            [
                "create view v as select id, name as x from people", "create materialized view m as select * from v", "drop materialized view m", "drop view v",
                "create view v as select id, ssn as x from people", "create materialized view m as select * from v", "create or replace view v as select id, name as x from people",
                "alter table people add column g text generated always as (ssn || '!') stored", "alter table people alter column g drop expression",
            ])
            Assert.That(await RunAsync(client, statement), Is.Empty, statement);
        Assert.That(await RunAsync(client, "select x from v order by id"), Is.EqualTo("Ada;Ben"));
        Assert.That(await RunAsync(client, "select x from m order by id"), Is.EqualTo("*******4825;*******9173"));
        Assert.That(await RunAsync(client, "select g from people order by id"), Is.EqualTo("************;************"));
    }

    [Test]
    public async Task A_view_that_is_refreshed_between_two_definitions_keeps_its_label()
    {
        await using var client = await _shop.ConnectAsync();
        foreach (var statement in (string[])
            [
                "create view v as select id, name as x from people", "create materialized view m as select * from v", "create or replace view v as select id, ssn as x from people",
                "refresh materialized view m", "create or replace view v as select id, name as x from people",
            ])
            Assert.That(await RunAsync(client, statement), Is.Empty, statement);
        Assert.That(await RunAsync(client, "select x from m order by id"), Is.EqualTo("*******4825;*******9173"));
    }

    [Test]
    public async Task A_copy_of_a_copy_is_a_copy_and_a_computed_one_is_redacted()
    {
        await using var client = await _shop.ConnectAsync();
        foreach (var statement in (string[])
            [
                "create table a as select id, ssn as x from people", "create table b as select id, x as y from a", "create table c as select id, upper(y) as z from b",
                "insert into archive (id, remark) select id + 10, y from b",
            ])
            Assert.That(await RunAsync(client, statement), Is.Empty, statement);
        Assert.That(await RunAsync(client, "select y from b order by id"), Is.EqualTo("*******4825;*******9173"));
        Assert.That(await RunAsync(client, "select z from c order by id"), Is.EqualTo("***********;***********"));
        Assert.That(await RunAsync(client, "select remark from archive where id > 10 order by id"), Is.EqualTo("*******4825;*******9173"));
        Assert.That(await RunAsync(client, "insert into archive (id, remark) select id + 20, reverse(y) from b"), Is.Empty);
        Assert.That(await RunAsync(client, "select remark from archive where id > 10 order by id"), Is.EqualTo("***********;***********;***********;***********"));
        // A copy in one text whose source gets its own label only then.
        Assert.That(await RunAsync(client, "update people set spare = ssn; update archive set other = (select spare from people where people.id = archive.id)"), Is.Empty);
        Assert.That(await RunAsync(client, "select other from archive order by id limit 2"), Is.EqualTo("*******4825;*******9173"));
        await client.SendAsync(Query("copy archive (id, remark, other) to stdout"));
        foreach (var frame in await client.ReadUntilAsync('Z'))
            AssertShowsNothing(frame);
    }

    [Test]
    public async Task Whoever_is_exempt_labels_for_the_others()
    {
        Assert.That(await _shop.RunAsAuditorAsync("create table t as select id, ssn as x from people; grant all on t to label_app"), Is.Empty);
        Assert.That(await _shop.RunAsAuditorAsync("insert into archive (id, remark) select id + 10, email from people"), Is.Empty);
        Assert.That(await _shop.RunAsync("select x from t order by id"), Is.EqualTo("*******4825;*******9173"));
        Assert.That(await _shop.RunAsync("select remark from archive where id > 10 order by id"), Is.EqualTo("w***@example;w***@example"));
        Assert.That(await _shop.RunAsAuditorAsync("select x from t order by id limit 1"), Is.EqualTo("ZK7391-4825"));
    }

    [Test]
    public async Task Operators_see_labels_and_can_take_them_away()
    {
        Assert.That(await _shop.RunAsync("create table t as select id, ssn as x, lower(email) as y from people"), Is.Empty);
        Assert.That(await _shop.RunAsync("select 1 from t"), Is.Not.Empty);
        await WaitForLabelsAsync(2);
        var labels = (await LabelsAsync()).EnumerateArray().OrderBy(label => label.GetProperty("attribute").GetInt32()).ToArray();
        Assert.That(
            labels.Select(label => $"{label.GetProperty("listener")} {label.GetProperty("database")} {label.GetProperty("schema")}.{label.GetProperty("relation")}.{label.GetProperty("column")} "
                + $"{label.GetProperty("rules")[0]} {label.GetProperty("derived")} {label.GetProperty("sources")[0]} {label.GetProperty("principal")} {label.GetProperty("pending")}"),
            Is.EqualTo((string[])
            [
                $"app {_shop.Database.Name} public.t.x identity False public.people.ssn label_app False",
                $"app {_shop.Database.Name} public.t.y contact True public.people.email label_app False",
            ]));
        Assert.That(labels[0].GetProperty("digest").GetString(), Has.Length.EqualTo(64));
        Assert.That((await _shop.Proxy.WgctlAsync(Token, "labels")).Output, Does.Contain("public.t.x").And.Contain(_shop.Database.Name));

        var id = labels[0].GetProperty("id").GetString()!;
        Assert.That((await _shop.Proxy.WgctlAsync(Token, "labels", "remove", "nothing", "--reason", "typo")).ExitCode, Is.EqualTo(1));
        Assert.That((await _shop.Proxy.WgctlAsync(Token, "labels", "remove", id, "--reason", "test data")).ExitCode, Is.Zero);
        Assert.That((await LabelsAsync()).GetArrayLength(), Is.EqualTo(1));
        var audit = (await _shop.Proxy.WgctlAsync(Token, "audit", "--output", "json")).Output;
        Assert.That(audit, Does.Contain("\"label\"").And.Contain("\"label-removed\"").And.Contain("test data").And.Contain("dana"));
        await using var client = await _shop.ConnectAsync();
        Assert.That((await client.QueryAsync("select x, y from t order by id limit 1")).Single(frame => frame.Type == 'D').Texts, Is.EqualTo((string[])["ZK7391-4825", "************************"]));
    }

    [Test]
    public async Task Explain_says_what_is_labelled_and_why_a_column_is()
    {
        var would = await ExplainAsync("insert into archive (id, remark) select id + 10, ssn from people");
        Assert.That(would.GetProperty("action").GetString(), Is.EqualTo("allow"));
        var label = would.GetProperty("labels")[0];
        Assert.That($"{label.GetProperty("column")} {label.GetProperty("rules")[0]} {label.GetProperty("derived")} {label.GetProperty("sources")[0]}", Is.EqualTo("public.archive.#2 identity False public.people.ssn"));
        Assert.That((await LabelsAsync()).GetArrayLength(), Is.Zero, "explain labels nothing");
        Assert.That(await _shop.RunAsync("insert into archive (id, remark) select id + 10, ssn from people"), Is.Empty);
        var column = (await ExplainAsync("select remark from archive")).GetProperty("columns")[0];
        Assert.That($"{column.GetProperty("mask")} {column.GetProperty("rule")}", Is.EqualTo("partial identity"));
        Assert.That(column.GetProperty("why").GetString(), Does.Contain("public.archive.remark holds values of public.people.ssn"));
    }

    [Test]
    public async Task Without_the_store_nothing_is_copied()
    {
        Assert.That(await _shop.RunAsync("select 1 from archive limit 1"), Is.EqualTo("1"));
        await using (var locking = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(_shop.Proxy.DataDirectory, "labels.db")};Pooling=False"))
        {
            await locking.OpenAsync();
            await using var begin = locking.CreateCommand();
            begin.CommandText = "BEGIN EXCLUSIVE";
            await begin.ExecuteNonQueryAsync();
            Assert.That(await _shop.RunAsync("insert into archive (id, remark) select id + 10, ssn from people"), Is.EqualTo("58000"));
        }
        Assert.That(await _shop.Database.ScalarAsync("select count(*) from archive"), Is.EqualTo(2));
        Assert.That(await _shop.RunAsync("insert into archive (id, remark) select id + 10, ssn from people"), Is.Empty);
    }

    private async Task<JsonElement> ExplainAsync(string sql)
    {
        var result = await ProcessRunner.RunAsync(
            Built.Dotnet,
            [Built.Wireguardian.Assembly, "explain", "--config", _shop.Proxy.ConfigurationPath, "--listener", "app", "--user", App, "--database", _shop.Database.Name, "--output", "json", sql]);
        Assert.That((result.ExitCode, result.Error), Is.EqualTo((0, "")));
        return JsonDocument.Parse(result.Output).RootElement[0];
    }

    private async Task<JsonElement> LabelsAsync() => JsonDocument.Parse((await _shop.Proxy.WgctlAsync(Token, "labels", "--output", "json")).Output).RootElement;

    /// <summary>A label finds its relation when the catalog is next looked at.</summary>
    private async Task WaitForLabelsAsync(int count)
    {
        for (var attempt = 0; attempt < 40; attempt++)
        {
            var labels = await LabelsAsync();
            if (labels.GetArrayLength() == count && !labels.EnumerateArray().Any(label => label.GetProperty("pending").GetBoolean()))
                return;
        }
        Assert.Fail($"there are {(await LabelsAsync()).GetRawText()}");
    }

    private static string[] Split(string statements) => statements.Split("; ");
}
