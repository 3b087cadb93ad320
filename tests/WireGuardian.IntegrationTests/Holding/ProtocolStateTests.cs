using WireGuardian.Testing.Wire;

namespace WireGuardian.IntegrationTests.Holding;

/// <summary>
/// After a refusal the session is where a refusal by the server itself would have left it: what a denied COPY leaves is compared with what
/// a division by zero leaves on a direct connection.
/// </summary>
[TestFixture]
public sealed class ProtocolStateTests
{
    private const string Refused = "COPY kept TO STDOUT";
    private const string Failing = "DROP TABLE never_there";

    private static readonly byte[] Sync = FrontendMessage.Sync;

    private static IEnumerable<TestCaseData> Scripts()
    {
        yield return Script("a Query", bad => [Query(bad), Query("SELECT 1")]);
        yield return Script("a Query in a transaction", bad => [Query("BEGIN"), Query("SELECT 1"), Query(bad), Query("SELECT 1"), Query("COMMIT"), Query("SELECT 1")]);
        yield return Script("a Query after a savepoint", bad =>
            [Query("BEGIN"), Query("SAVEPOINT s"), Query(bad), Query("ROLLBACK TO s"), Query("SELECT 2"), Query("COMMIT")]);
        yield return Script("an extended query", bad => [[.. Extended(bad), .. Sync], Query("SELECT 1")]);
        yield return Script("the middle of a pipeline", bad =>
            [[.. Extended("SELECT 1"), .. Extended(bad), .. Extended("SELECT 3"), .. Sync, .. Extended("SELECT 4"), .. Sync]], syncs: 2);
        yield return Script("a pipeline in a transaction", bad =>
            [Query("BEGIN"), [.. Extended("SELECT 1"), .. Extended(bad), .. Extended("SELECT 3"), .. Sync], Query("SELECT 1"), Query("ROLLBACK")]);
        yield return Script("a pipeline that inserts", bad =>
            [[.. Extended("INSERT INTO kept VALUES (50, 'x')"), .. Extended(bad), .. Sync], Query("SELECT count(*) FROM kept WHERE i = 50")]);
    }

    [TestCaseSource(nameof(Scripts))]
    public async Task Is_as_the_server_would_leave_it(Func<string, byte[][]> script, int syncs)
    {
        var through = await RunAsync(await HoldingShop.ConnectAsync(), script(Refused), syncs);
        var direct = await RunAsync(await HoldingShop.DirectAsync(), script(Failing), syncs);
        Assert.That(through, Is.EqualTo(direct));
        Assert.That(through, Does.Contain("E"));
    }

    [Test]
    public async Task Of_several_statements_in_one_Query_nothing_runs_when_one_is_refused()
    {
        await using var client = await HoldingShop.ConnectAsync();
        var answer = await client.QueryAsync("INSERT INTO kept VALUES (51, 'x'); COPY kept TO STDOUT; INSERT INTO kept VALUES (52, 'x')");
        Assert.That(answer.Select(frame => frame.Type), Is.EqualTo("EZ"));
        Assert.That(await HoldingShop.Database.ScalarAsync("SELECT count(*) FROM kept WHERE i IN (51, 52)"), Is.Zero);
    }

    [Test]
    public async Task A_statement_held_in_a_transaction_runs_inside_it()
    {
        await using var client = await HoldingShop.ConnectAsync();
        await client.QueryAsync("BEGIN");
        await client.QueryAsync("INSERT INTO kept VALUES (60, 'inside')");
        await client.SendAsync(FrontendMessage.Query("DELETE FROM kept WHERE i = 60"));
        (await HoldingShop.ApproveAsync(await HoldingShop.ReadHeldAsync(client))).EnsureSuccess();
        var answer = await client.ReadUntilAsync('Z');
        Assert.That(answer[0].Text, Is.EqualTo("DELETE 1"));
        Assert.That(answer[^1].Body[0], Is.EqualTo((byte)'T'));
    }

    [Test]
    public async Task A_query_behind_a_slow_one_is_held_when_that_is_answered()
    {
        await using var client = await HoldingShop.ConnectAsync();
        await client.SendAsync(FrontendMessage.Query("SELECT pg_sleep(1)"), FrontendMessage.Query("DELETE FROM kept WHERE i = -1"));
        Assert.That((await client.ReadUntilAsync('N')).Select(frame => frame.Type), Is.EqualTo("TDCZN"));
    }

    [Test]
    public async Task An_extended_query_without_Describe_is_held_and_runs_with_its_own_parameters()
    {
        await using var client = await HoldingShop.ConnectAsync();
        await client.QueryAsync("INSERT INTO kept VALUES (61, 'go'), (62, 'stay')");
        await client.SendAsync(
            FrontendMessage.Parse("", "DELETE FROM kept WHERE i = $1::int"), FrontendMessage.Bind("", "", "61"), FrontendMessage.Execute(""), Sync);
        (await HoldingShop.ApproveAsync(await HoldingShop.ReadHeldAsync(client))).EnsureSuccess();
        var answer = await client.ReadUntilAsync('Z');
        Assert.That(answer.Last(frame => frame.Type == 'C').Text, Is.EqualTo("DELETE 1"));
        Assert.That(await HoldingShop.Database.ScalarAsync("SELECT string_agg(note, '') FROM kept WHERE i IN (61, 62)"), Is.EqualTo("stay"));
        await HoldingShop.Database.ExecuteAsync("DELETE FROM kept WHERE i = 62");
    }

    [Test]
    public async Task What_follows_a_held_statement_in_a_pipeline_waits_with_it()
    {
        await using var client = await HoldingShop.ConnectAsync();
        await client.SendAsync([.. Extended("SELECT 'before'"), .. Extended("CREATE TABLE in_pipeline (i int)"), .. Extended("SELECT 'after'"), .. Sync]);
        (await HoldingShop.ApproveAsync(await HoldingShop.ReadHeldAsync(client))).EnsureSuccess();
        var answer = await client.ReadUntilAsync('Z');
        Assert.That(answer.Where(frame => frame.Type == 'C').Select(frame => frame.Text).TakeLast(2), Is.EqualTo(new[] { "CREATE TABLE", "SELECT 1" }));
        Assert.That(answer[^1].Body[0], Is.EqualTo((byte)'I'));
    }

    [Test]
    public async Task EXECUTE_of_a_statement_prepared_in_SQL_is_held_by_what_it_runs()
    {
        await using var client = await HoldingShop.ConnectAsync();
        await client.SendAsync(FrontendMessage.Query("PREPARE gone AS DELETE FROM kept WHERE i = -1"));
        (await HoldingShop.ApproveAsync(await HoldingShop.ReadHeldAsync(client))).EnsureSuccess();
        await client.ReadUntilAsync('Z');
        await client.SendAsync(FrontendMessage.Query("EXECUTE gone"));
        (await HoldingShop.DenyAsync(await HoldingShop.ReadHeldAsync(client))).EnsureSuccess();
        Assert.That((await client.ReadUntilAsync('Z'))[0].SqlState, Is.EqualTo("42501"));
    }

    [Test]
    public async Task A_prepared_statement_is_held_each_time_it_runs()
    {
        await using var client = await HoldingShop.ConnectAsync();
        await client.SendAsync(FrontendMessage.Parse("again", "DELETE FROM kept WHERE i = -1"), Sync);
        await client.ReadUntilAsync('Z');
        for (var time = 0; time < 2; time++)
        {
            await client.SendAsync(FrontendMessage.Bind("", "again"), FrontendMessage.Execute(""), Sync);
            (await HoldingShop.ApproveAsync(await HoldingShop.ReadHeldAsync(client))).EnsureSuccess();
            Assert.That((await client.ReadUntilAsync('Z')).Last(frame => frame.Type == 'C').Text, Is.EqualTo("DELETE 0"));
        }
    }

    [Test]
    public async Task COPY_IN_passes_while_only_exports_are_denied()
    {
        await using var client = await HoldingShop.ConnectAsync();
        await client.SendAsync(FrontendMessage.Query("COPY kept FROM STDIN"));
        await client.ReadUntilAsync('G');
        await client.SendAsync(FrontendMessage.CopyData("70\tseventy\n"u8), FrontendMessage.CopyDone);
        Assert.That((await client.ReadUntilAsync('Z'))[0].Text, Is.EqualTo("COPY 1"));
        await HoldingShop.Database.ExecuteAsync("DELETE FROM kept WHERE i = 70");
    }

    private static TestCaseData Script(string name, Func<string, byte[][]> script, int syncs = 1) => new TestCaseData(script, syncs).SetArgDisplayNames(name);

    private static byte[] Query(string sql) => FrontendMessage.Query(sql);

    private static byte[] Extended(string sql) =>
        [.. FrontendMessage.Parse("", sql), .. FrontendMessage.Bind("", ""), .. FrontendMessage.Describe('P', ""), .. FrontendMessage.Execute("")];

    /// <summary>Types of what came, with tags and transaction states; not the description of the refused statement, which is another than the failing one's.</summary>
    private static async Task<string> RunAsync(WireClient client, byte[][] script, int syncs)
    {
        await using (client)
        {
            var received = new List<WireFrame>();
            foreach (var step in script)
            {
                await client.SendAsync(step);
                for (var sync = 0; sync < syncs; sync++)
                    received.AddRange(await client.ReadUntilAsync('Z'));
            }
            return string.Join(' ', received.Where(frame => frame.Type is not ('T' or 'n')).Select(frame => frame.Type switch
            {
                'Z' => $"Z{(char)frame.Body[0]}",
                'C' => frame.Text.Replace(' ', '_'),
                _ => $"{frame.Type}",
            }));
        }
    }
}
