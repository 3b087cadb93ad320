using WireGuardian.Testing.Wire;
using static WireGuardian.IntegrationTests.ResultLimits.LimitedShop;
using static WireGuardian.Testing.Wire.FrontendMessage;

namespace WireGuardian.IntegrationTests.ResultLimits;

/// <summary>A result that grows beyond its rule's size stops, with a real server behind it, until an operator says what becomes of it.</summary>
[TestFixture]
public sealed class ResultLimitTests
{
    private const string All = "SELECT i, filler FROM big";

    [Test]
    public async Task Approved_it_goes_on_to_its_end()
    {
        await using var client = await ConnectAsync();
        await client.SendAsync(Query(All));
        var (id, before) = await ReadHeldAsync(client);
        Assert.That(Rows(before), Is.EqualTo(MaxRows));
        Assert.That(await ActivityOfAsync(client), Is.EqualTo("active"), "the server waits for its rows to be taken");
        (await WgctlAsync("approve", id)).EnsureSuccess();
        var rest = await client.ReadUntilAsync('Z');
        Assert.That(Rows(rest), Is.EqualTo(AllRows - MaxRows));
        Assert.That(rest[^2].Text, Is.EqualTo($"SELECT {AllRows}"));
        Assert.That(await StateOfAsync(id), Is.EqualTo("released"));
    }

    [Test]
    public async Task Denied_it_ends_with_an_error_and_the_server_is_cancelled()
    {
        await using var client = await ConnectAsync();
        await client.QueryAsync("BEGIN");
        await client.SendAsync(Query(All));
        var (id, _) = await ReadHeldAsync(client);
        (await WgctlAsync("deny", id, "--reason", "not all of it")).EnsureSuccess();
        var rest = await client.ReadUntilAsync('Z');
        Assert.That(rest.Select(frame => frame.Type), Is.EqualTo("EZ"));
        Assert.That((rest[0].SqlState, rest[1].Body[0]), Is.EqualTo(("42501", (byte)'E')), "the server failed it too");
        Assert.That(rest[0].Detail, Does.Contain(id).And.Contain("more than 100 rows").And.Contain("not all of it"));
        await client.QueryAsync("ROLLBACK");
        Assert.That(Rows(await client.QueryAsync("SELECT i FROM small")), Is.EqualTo(20), "no cancel is left over for what comes next");
    }

    [Test]
    public async Task A_result_that_the_server_has_done_with_ends_with_an_error_as_well()
    {
        await using var client = await ConnectAsync();
        await client.SendAsync(Query("SELECT i FROM big LIMIT 101"));
        var (id, _) = await ReadHeldAsync(client);
        (await WgctlAsync("deny", id, "--reason", "too much")).EnsureSuccess();
        Assert.That((await client.ReadUntilAsync('Z')).Select(frame => frame.Type), Is.EqualTo("EZ"));
        Assert.That(Rows(await client.QueryAsync("SELECT i FROM small")), Is.EqualTo(20));
    }

    [Test]
    public async Task An_extended_query_that_the_server_has_done_with_leaves_nothing_behind()
    {
        await using var client = await ConnectAsync();
        await client.QueryAsync("CREATE TABLE kept_by_pipeline (i int)");
        await client.SendAsync(
            Parse("", "INSERT INTO kept_by_pipeline VALUES (1)"), Bind("", ""), Execute(""),
            Parse("", "SELECT i FROM big LIMIT 101"), Bind("", ""), Execute(""),
            Parse("", "INSERT INTO kept_by_pipeline VALUES (2)"), Bind("", ""), Execute(""), Sync);
        var (id, _) = await ReadHeldAsync(client);
        (await WgctlAsync("deny", id, "--reason", "too much")).EnsureSuccess();
        Assert.That((await client.ReadUntilAsync('Z')).Select(frame => frame.Type), Is.EqualTo("EZ"));
        Assert.That(await Database.ScalarAsync("SELECT count(*) FROM kept_by_pipeline"), Is.Zero, "the client was told that the batch failed, and so it did");
        Assert.That(Rows(await client.QueryAsync("SELECT i FROM small")), Is.EqualTo(20));
    }

    [Test]
    public async Task A_portal_that_is_fetched_in_parts_is_counted_as_a_whole()
    {
        await using var client = await ConnectAsync();
        await client.QueryAsync("BEGIN");
        await client.SendAsync(Parse("", All), Bind("p", ""), Execute("p", 60), Sync);
        Assert.That(Rows(await client.ReadUntilAsync('Z')), Is.EqualTo(60));
        await client.SendAsync(Execute("p", 60), Sync);
        var (id, before) = await ReadHeldAsync(client);
        Assert.That(Rows(before), Is.EqualTo(40));
        (await WgctlAsync("approve", id)).EnsureSuccess();
        Assert.That(Rows(await client.ReadUntilAsync('Z')), Is.EqualTo(20));
        await client.SendAsync(Execute("p"), Sync);
        Assert.That(Rows(await client.ReadUntilAsync('Z')), Is.EqualTo(AllRows - 120), "nobody is asked again");
    }

    [Test]
    public async Task A_suspended_portal_that_is_denied_fails_its_transaction()
    {
        await using var client = await ConnectAsync();
        await client.QueryAsync("BEGIN");
        await client.SendAsync(Parse("", All), Bind("p", ""), Execute("p", 101), Sync);
        var (id, _) = await ReadHeldAsync(client);
        (await WgctlAsync("deny", id, "--reason", "too much")).EnsureSuccess();
        var rest = await client.ReadUntilAsync('Z');
        Assert.That((string.Concat(rest.Select(frame => frame.Type)), rest[^1].Body[0]), Is.EqualTo(("EZ", (byte)'E')));
    }

    [Test]
    public async Task A_COPY_is_held_by_its_bytes()
    {
        await using var client = await ConnectAsync();
        await client.SendAsync(Query("COPY big TO STDOUT"));
        var (id, before) = await ReadHeldAsync(client);
        Assert.That(before.Where(frame => frame.Type == 'd').Sum(frame => frame.Body.Length + 5), Is.InRange(65_000, 64 << 10));
        (await WgctlAsync("approve", id, "--max-rows", "1000")).EnsureSuccess();
        var rest = await client.ReadUntilAsync('Z');
        Assert.That(before.Concat(rest).Count(frame => frame.Type == 'd'), Is.EqualTo(1000), "in all");
        Assert.That((rest[^2].SqlState, rest[^2].Detail), Is.EqualTo(("42501", $"Request {id}. It was approved for at most 1000 rows.")));
        Assert.That((await WgctlAsync("audit", "export", "--format", "jsonl")).EnsureSuccess().Output, Does.Contain("result-ended"));
    }

    [Test]
    public async Task A_held_statement_is_approved_for_a_number_of_rows()
    {
        await using var client = await ConnectAsync();
        await client.SendAsync(Query("DELETE FROM big WHERE i < 0 RETURNING i; DELETE FROM removed RETURNING i"));
        var (id, _) = await ReadHeldAsync(client);
        (await WgctlAsync("approve", id, "--max-rows", "5")).EnsureSuccess();
        var rest = await client.ReadUntilAsync('Z');
        Assert.That(Rows(rest), Is.EqualTo(5));
        Assert.That(rest[^2].Detail, Does.Contain(id).And.Contain("at most 5 rows"));
    }

    [Test]
    public async Task Nobody_looks_at_it()
    {
        await using var client = await ConnectAsync();
        await client.SendAsync(Query("UPDATE big SET i = i WHERE i > 0 RETURNING i"));
        var (id, _) = await ReadHeldAsync(client);
        var rest = await client.ReadUntilAsync('Z');
        Assert.That((rest[0].SqlState, await StateOfAsync(id)), Is.EqualTo(("57014", "expired")));
    }

    [Test]
    public async Task A_cancel_request_withdraws_it()
    {
        await using var client = await ConnectAsync();
        await client.SendAsync(Parse("", All), Bind("", ""), Execute(""), Sync);
        var (id, _) = await ReadHeldAsync(client);
        await using (var canceller = await WireClient.ConnectAsync(LimitedShop.Proxy.Port))
            await canceller.SendAsync(CancelRequest(client.ProcessId, client.CancelKey));
        var rest = await client.ReadUntilAsync('Z');
        Assert.That((rest[0].SqlState, await StateOfAsync(id)), Is.EqualTo(("57014", "withdrawn")));
    }

    [TestCase("gone")]
    [TestCase("goodbye")]
    [TestCase("goodbye behind a Sync")]
    public async Task A_client_that_leaves_abandons_it(string how)
    {
        string id;
        await using (var client = await ConnectAsync())
        {
            byte[][] messages = how == "goodbye behind a Sync" ? [Parse("", All), Bind("", ""), Execute(""), Sync] : [Query(All)];
            await client.SendAsync(messages);
            (id, _) = await ReadHeldAsync(client);
            if (how == "gone")
                client.Abort();
            else
                await client.SendAsync(Terminate);
            Assert.That(await StateOfAsync(id), Is.EqualTo("abandoned"));
        }
        Assert.That((await WgctlAsync("approve", id)).ExitCode, Is.EqualTo(1));
    }

    private static int Rows(IEnumerable<WireFrame> frames) => frames.Count(frame => frame.Type == 'D');
}
