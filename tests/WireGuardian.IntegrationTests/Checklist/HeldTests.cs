using static WireGuardian.Testing.Wire.FrontendMessage;

namespace WireGuardian.IntegrationTests.Checklist;

/// <summary>Both directions keep being read while a statement is held.</summary>
public sealed class HeldTests
{
    private static readonly string LargeStatement = $"create table made as select 1 -- {new string('x', 600_000)}";

    [Test]
    public async Task A_client_that_goes_takes_its_statement_along([Values("terminate", "close", "reset")] string way, [Values] bool large)
    {
        await using var database = await ChecklistProxy.OpenAsync();
        await using var client = await database.ConnectAsync();
        await client.SendAsync(Query(large ? LargeStatement : "create table made (a int)"));
        await client.ReadUntilAsync('N');
        if (way == "terminate")
            await client.SendAsync(Terminate);
        else if (way == "close")
            client.CloseSending();
        else
            client.Abort();
        await WaitForNothingPendingAsync(database);
        Assert.That(await database.ExistsAsync("made"), Is.False);
    }

    [Test]
    public async Task What_the_server_says_meanwhile_arrives()
    {
        await using var database = await ChecklistProxy.OpenAsync();
        await using var client = await database.ConnectAsync();
        await client.QueryAsync("listen news");
        await client.SendAsync(Query("create table made (a int)"));
        var notice = (await client.ReadUntilAsync('N'))[^1];
        await database.Database.ExecuteAsync("notify news, 'x'");
        Assert.That((await client.ReadFrameAsync()).Type, Is.EqualTo('A'));
        await database.DecideAsync("approve", notice);
        Assert.That((await client.ReadReadyAsync()).Types(), Is.EqualTo("CZ"));
    }

    [Test]
    public async Task Inside_a_pipeline_an_approved_statement_runs_in_its_place()
    {
        await using var database = await ChecklistProxy.OpenAsync();
        await using var client = await database.ConnectAsync();
        await client.SendAsync(
            Parse("", "create table made (a int)"), Bind("", ""), Execute(""), Parse("", "insert into made values (1)"), Bind("", ""), Execute(""), Sync);
        var before = await client.ReadUntilAsync('N');
        await database.DecideAsync("approve", before[^1]);
        Assert.That(before.Types() + (await client.ReadReadyAsync()).Types(), Is.EqualTo("12N" + "C12CZ"));
        Assert.That(await database.Database.ScalarAsync("select count(*) from made"), Is.EqualTo(1L));
    }

    private static async Task WaitForNothingPendingAsync(ChecklistDatabase database)
    {
        for (var look = 0; look < 200; look++)
        {
            var pending = await database.Proxy.WgctlAsync(ChecklistProxy.OperatorToken, "pending", "--output", "json");
            if (!pending.Output.Contains(database.Database.Name + "\"", StringComparison.Ordinal))
                return;
        }
        Assert.Fail("the statement is still pending");
    }
}
