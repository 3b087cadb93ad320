using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Processes;
using WireGuardian.Testing.Wire;

namespace WireGuardian.IntegrationTests.Holding;

/// <summary>What becomes of a held statement by each way in which its wait can end.</summary>
[TestFixture]
public sealed class DecisionTests
{
    [Test]
    public async Task An_approved_statement_runs_exactly_once()
    {
        await using var client = await HoldingShop.ConnectAsync();
        await client.SendAsync(FrontendMessage.Query("CREATE TABLE approved_once AS SELECT 1 AS i"));
        var id = await HoldingShop.ReadHeldAsync(client);
        Assert.That(await HoldingShop.ExistsAsync("approved_once"), Is.False, "nothing may run before the decision");
        (await HoldingShop.ApproveAsync(id)).EnsureSuccess();
        var rest = await client.ReadUntilAsync('Z');
        Assert.That(rest.Select(frame => frame.Type), Is.EqualTo("CZ"));
        Assert.That(await HoldingShop.Database.ScalarAsync("SELECT count(*) FROM approved_once"), Is.EqualTo(1));
        var second = await HoldingShop.ApproveAsync(id, HoldingShop.Omar);
        Assert.That(second.ExitCode, Is.EqualTo(1), second.Error);
        Assert.That((await HoldingShop.ShowAsync(id)).GetProperty("state").GetString(), Is.EqualTo("released"));
    }

    [Test]
    public async Task A_denied_statement_gets_42501_with_the_request_in_its_detail()
    {
        await using var client = await HoldingShop.ConnectAsync();
        await client.SendAsync(FrontendMessage.Query("CREATE TABLE denied (i int)"));
        var id = await HoldingShop.ReadHeldAsync(client);
        (await HoldingShop.DenyAsync(id)).EnsureSuccess();
        var rest = await client.ReadUntilAsync('Z');
        Assert.That(rest[0].SqlState, Is.EqualTo("42501"));
        Assert.That(rest[0].Detail, Does.Contain(id));
        Assert.That(await HoldingShop.ExistsAsync("denied"), Is.False);
        Assert.That((await HoldingShop.ApproveAsync(id)).ExitCode, Is.EqualTo(1), "a denied request cannot be approved");
        Assert.That((await client.QueryAsync("SELECT 1"))[^1].Body[0], Is.EqualTo((byte)'I'), "the session goes on");
    }

    [Test]
    public async Task A_statement_that_nobody_looks_at_expires_with_57014()
    {
        await using var client = await HoldingShop.ConnectAsync();
        await client.SendAsync(FrontendMessage.Query("VACUUM kept"));
        var id = await HoldingShop.ReadHeldAsync(client);
        var rest = await client.ReadUntilAsync('Z');
        Assert.That(rest[0].SqlState, Is.EqualTo("57014"));
        Assert.That(rest[0].Detail, Does.Contain(id));
        Assert.That((await HoldingShop.ApproveAsync(id)).ExitCode, Is.EqualTo(1), "an expired request cannot be approved");
        Assert.That((await HoldingShop.ShowAsync(id)).GetProperty("state").GetString(), Is.EqualTo("expired"));
    }

    [Test]
    public async Task A_cancel_request_withdraws_a_held_statement()
    {
        await using var client = await HoldingShop.ConnectAsync();
        await client.SendAsync(FrontendMessage.Query("CREATE TABLE cancelled (i int)"));
        var id = await HoldingShop.ReadHeldAsync(client);
        await using (var canceller = await WireClient.ConnectAsync(HoldingShop.Proxy.Port))
            await canceller.SendAsync(FrontendMessage.CancelRequest(client.ProcessId, client.CancelKey));
        var rest = await client.ReadUntilAsync('Z');
        Assert.That(rest[0].SqlState, Is.EqualTo("57014"));
        Assert.That(rest[0].Detail, Does.Contain(id));
        Assert.That((await HoldingShop.ApproveAsync(id)).ExitCode, Is.EqualTo(1), "a withdrawn request cannot be approved");
        Assert.That((await HoldingShop.ShowAsync(id)).GetProperty("state").GetString(), Is.EqualTo("withdrawn"));
        Assert.That(await HoldingShop.ExistsAsync("cancelled"), Is.False);
    }

    [Test]
    public async Task Ctrl_C_in_psql_withdraws_a_held_statement()
    {
        var target = HoldingShop.Proxy.Psql(HoldingShop.Database.Name, HoldingShop.Requester, HoldingShop.Password);
        await using var psql = Psql.Start(target, "-X", "-c", "CREATE TABLE interrupted (i int)");
        await psql.WaitForErrorAsync(line => line.Contains("is held", StringComparison.Ordinal));
        psql.Send(Signal.Interrupt);
        Assert.That(await psql.WaitForExitAsync(), Is.EqualTo(1));
        Assert.That(psql.Error, Does.Contain("withdrawn"));
        Assert.That(await HoldingShop.ExistsAsync("interrupted"), Is.False);
    }

    [Test]
    public async Task A_client_that_is_gone_leaves_nothing_that_could_still_run()
    {
        string id;
        await using (var client = await HoldingShop.ConnectAsync())
        {
            await client.SendAsync(FrontendMessage.Query("CREATE TABLE left_behind (i int)"));
            id = await HoldingShop.ReadHeldAsync(client);
            client.Abort();
        }
        Assert.That(await HoldingShop.StateAfterPendingAsync(id), Is.EqualTo("abandoned"));
        Assert.That((await HoldingShop.ApproveAsync(id)).ExitCode, Is.EqualTo(1));
        Assert.That(await HoldingShop.ExistsAsync("left_behind"), Is.False);
    }

    [Test]
    public async Task Minimum_2_takes_two_different_operators()
    {
        await using var client = await HoldingShop.ConnectAsync();
        await client.SendAsync(FrontendMessage.Query("GRANT SELECT ON kept TO PUBLIC"));
        var id = await HoldingShop.ReadHeldAsync(client);
        (await HoldingShop.ApproveAsync(id, HoldingShop.Dana)).EnsureSuccess();
        Assert.That((await HoldingShop.ShowAsync(id)).GetProperty("state").GetString(), Is.EqualTo("pending"));
        Assert.That((await HoldingShop.ApproveAsync(id, HoldingShop.Dana)).ExitCode, Is.EqualTo(1), "the same operator counts once");
        (await HoldingShop.ApproveAsync(id, HoldingShop.Eve)).EnsureSuccess();
        Assert.That((await client.ReadUntilAsync('Z'))[0].Text, Is.EqualTo("GRANT"));
    }

    [Test]
    public async Task Of_two_operators_at_once_one_decides()
    {
        await using var client = await HoldingShop.ConnectAsync();
        await client.SendAsync(FrontendMessage.Query("CREATE TABLE raced (i int)"));
        var id = await HoldingShop.ReadHeldAsync(client);
        var decisions = await Task.WhenAll(HoldingShop.ApproveAsync(id, HoldingShop.Dana), HoldingShop.ApproveAsync(id, HoldingShop.Omar));
        Assert.That(decisions.Select(decision => decision.ExitCode), Is.EquivalentTo(new[] { 0, 1 }));
        Assert.That((await client.ReadUntilAsync('Z'))[0].Text, Is.EqualTo("CREATE TABLE"));
    }

    [Test]
    public async Task Neither_the_requester_nor_an_operator_of_another_group_may_decide()
    {
        await using var client = await HoldingShop.ConnectAsync();
        await client.SendAsync(FrontendMessage.Query("CREATE TABLE self_made (i int)"));
        var id = await HoldingShop.ReadHeldAsync(client);
        Assert.That((await HoldingShop.ApproveAsync(id, HoldingShop.Same)).ExitCode, Is.EqualTo(1), "nobody approves what they asked for");
        Assert.That((await HoldingShop.ApproveAsync(id, HoldingShop.Eve)).ExitCode, Is.EqualTo(1), "the rule names approvers");
        Assert.That((await HoldingShop.ApproveAsync(id, "no-such-token-0123456789")).ExitCode, Is.EqualTo(1));
        Assert.That(await HoldingShop.ExistsAsync("self_made"), Is.False);
        (await HoldingShop.DenyAsync(id)).EnsureSuccess();
        Assert.That((await client.ReadUntilAsync('Z'))[0].SqlState, Is.EqualTo("42501"));
    }

    [Test]
    public async Task A_request_that_never_was_is_refused_clearly()
    {
        var answer = await HoldingShop.ApproveAsync("no-such-request");
        Assert.That(answer.ExitCode, Is.EqualTo(1));
        Assert.That(answer.Error, Is.Not.Empty);
    }

    [Test]
    public async Task An_operator_sees_who_asks_for_what_without_literals()
    {
        await using var client = await HoldingShop.ConnectAsync();
        await client.SendAsync(FrontendMessage.Query("DELETE FROM kept WHERE note = 'a literal' AND i = 918273"));
        var id = await HoldingShop.ReadHeldAsync(client);
        var pending = (await HoldingShop.Proxy.WgctlAsync(HoldingShop.Dana, "pending", "--output", "json")).EnsureSuccess().Output;
        Assert.That(pending, Does.Contain(id));
        Assert.That(pending, Does.Not.Contain("a literal").And.Not.Contain("918273"));
        var request = await HoldingShop.ShowAsync(id);
        Assert.That(request.GetProperty("user").GetString(), Is.EqualTo(HoldingShop.Requester));
        Assert.That(request.GetProperty("database").GetString(), Is.EqualTo(HoldingShop.Database.Name));
        Assert.That(request.GetProperty("rule").GetString(), Is.EqualTo("schema-changes"));
        Assert.That(request.GetProperty("kinds").EnumerateArray().Select(kind => kind.GetString()), Is.EqualTo(new[] { "delete" }));
        Assert.That(request.GetProperty("relations").ToString(), Does.Contain("kept"));
        (await HoldingShop.DenyAsync(id)).EnsureSuccess();
    }
}
