using static WireGuardian.Testing.Wire.FrontendMessage;

namespace WireGuardian.IntegrationTests.Checklist;

/// <summary>One queue of outstanding requests, each knowing what ends it; after an error everything is skipped until Sync.</summary>
public sealed class OneQueueTests
{
    [Test]
    public async Task Queries_and_batches_sent_in_one_go_are_answered_in_order()
    {
        await using var database = await ChecklistProxy.OpenAsync();
        await using var client = await database.ConnectAsync();
        await client.SendAsync(
            Query("select 1"), Parse("", "select ssn from people"), Bind("", ""), Execute(""), Sync, Sync, Query("select 2; select 3"),
            Parse("", "selec"), Sync, Query("select 4"));
        var frames = await client.ReadReadyAsync(6);
        Assert.That(frames.Types(), Is.EqualTo("TDCZ" + "12DDDCZ" + "Z" + "TDCTDCZ" + "EZ" + "TDCZ"));
        frames.AssertNothingSecret();
    }

    [Test]
    public async Task After_an_error_all_is_skipped_until_Sync_a_simple_Query_and_a_Close_as_well()
    {
        await using var database = await ChecklistProxy.OpenAsync();
        await using var client = await database.ConnectAsync();
        var frames = await client.TalkAsync(Parse("s", "selec"), Bind("", "s"), Execute(""), Query("select 1"), Close('S', "s"), Flush, Sync);
        Assert.That(frames.Types(), Is.EqualTo("EZ"));
        Assert.That((await client.QueryAsync("select 1")).Types(), Is.EqualTo("TDCZ"));
    }

    [TestCase("delete from people", "42501")]
    [TestCase("analyze plain", "57014")]
    public async Task A_refused_or_expired_statement_is_an_error_like_the_servers_own(string statement, string sqlState)
    {
        await using var database = await ChecklistProxy.OpenAsync();
        await using var client = await database.ConnectAsync();
        var frames = await client.TalkAsync(
            Parse("", statement), Bind("", ""), Execute(""), Query("insert into plain values (100, 'x')"), Parse("t", "select 1"), Close('S', "t"), Sync);
        Assert.That(frames.Where(frame => frame.Type != 'N').Types(), Is.EqualTo("12EZ"));
        Assert.That(frames.Error().SqlState, Is.EqualTo(sqlState));
        Assert.That(await database.Database.ScalarAsync("select count(*) from plain where id = 100"), Is.EqualTo(0L));
        Assert.That((await client.TalkAsync(Bind("", "t"), Sync)).Error().SqlState, Is.EqualTo("26000"), "t was never made");
    }

    [Test]
    public async Task An_error_is_sent_on_at_once_not_at_the_next_flush()
    {
        await using var database = await ChecklistProxy.OpenAsync();
        await using var client = await database.ConnectAsync();
        await client.SendAsync(Parse("", "selec"));
        Assert.That((await client.ReadFrameAsync()).Type, Is.EqualTo('E'));
    }

    [Test]
    public async Task A_refusal_is_sent_at_once_too()
    {
        await using var database = await ChecklistProxy.OpenAsync();
        await using var client = await database.ConnectAsync();
        await client.SendAsync(Parse("", "delete from people"), Bind("", ""), Execute(""));
        Assert.That((await client.ReadUntilAsync('E')).Types(), Is.EqualTo("12E"));
    }

    [Test]
    public async Task FATAL_is_relayed_and_then_the_connection_is_closed_without_ReadyForQuery()
    {
        await using var database = await ChecklistProxy.OpenAsync();
        await using var client = await database.ConnectAsync();
        var pid = (await client.QueryAsync("select pg_backend_pid()"))[1].Texts[0];
        await database.Database.ExecuteAsync($"select pg_terminate_backend({pid})");
        var frame = await client.ReadFrameAsync();
        Assert.That((frame.Type, frame.SqlState), Is.EqualTo(('E', "57P01")));
        Assert.That(await client.ReadToEndAsync(), Is.Empty);
    }

    [Test]
    public async Task Several_Executes_before_one_Sync_are_one_transaction_and_refusing_one_undoes_all()
    {
        await using var database = await ChecklistProxy.OpenAsync();
        await using var client = await database.ConnectAsync();
        var frames = await client.TalkAsync(
            Parse("", "insert into plain values (101, 'x')"), Bind("", ""), Execute(""),
            Parse("", "delete from plain"), Bind("", ""), Execute(""),
            Parse("", "insert into plain values (102, 'x')"), Bind("", ""), Execute(""), Sync);
        Assert.That(frames.Types(), Is.EqualTo("12C12EZ"));
        Assert.That(await database.Database.ScalarAsync("select count(*) from plain"), Is.EqualTo(10L));
    }

    [Test]
    public async Task A_refusal_inside_a_transaction_fails_it()
    {
        await using var database = await ChecklistProxy.OpenAsync();
        await using var client = await database.ConnectAsync();
        await client.QueryAsync("begin");
        var frames = await client.QueryAsync("delete from people");
        Assert.That(frames[^1].ToString(), Is.EqualTo("Z E"));
        Assert.That((await client.QueryAsync("select 1")).Error().SqlState, Is.EqualTo("25P02"));
        Assert.That((await client.QueryAsync("rollback"))[^1].ToString(), Is.EqualTo("Z I"));
    }
}
