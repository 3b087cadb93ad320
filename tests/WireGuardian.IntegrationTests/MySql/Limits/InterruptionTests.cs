using WireGuardian.Testing.MySql;
using WireGuardian.Testing.Processes;
using static WireGuardian.IntegrationTests.MySql.Limits.LimitedShop;

namespace WireGuardian.IntegrationTests.MySql.Limits;

/// <summary>What ends a result that waits at its limit, besides an operator: its client, another connection, the server, the proxy.</summary>
[TestFixture(MySqlFlavour.MariaDb)]
[TestFixture(MySqlFlavour.MySql)]
public sealed class InterruptionTests(MySqlFlavour flavour)
{
    private const string All = "SELECT i, filler FROM big";

    [Test]
    public async Task KILL_QUERY_from_another_connection_withdraws_it()
    {
        await using var client = await ConnectAsync(flavour);
        await using var other = await ConnectAsync(flavour);
        var result = await (await LimitedResult.BeginAsync(client, All)).ReadAsync(MaxRows);
        var id = await PendingIdAsync(flavour);
        Assert.That((await other.QueryAsync($"KILL QUERY {client.Greeting!.ConnectionId}")).Single().IsOk);
        await result.ReadAsync();
        Assert.That((result.Rows, result.Error.ErrorCode), Is.EqualTo((MaxRows, 1317)));
        Assert.That(await StateOfAsync(LimitedShop.Proxy(flavour), id), Is.EqualTo("withdrawn"));
        Assert.That(await client.RowsAsync("SELECT i FROM small"), Has.Count.EqualTo(20));
    }

    [TestCase("gone")]
    [TestCase("goodbye")]
    [TestCase("goodbye behind a query")]
    public async Task A_client_that_leaves_abandons_it(string how)
    {
        await using var client = await ConnectAsync(flavour);
        await (await LimitedResult.BeginAsync(client, All)).ReadAsync(MaxRows);
        if (how == "goodbye behind a query")
            await client.SendCommandAsync(MySqlMessage.Query("SELECT 1"));
        var id = await PendingIdAsync(flavour);
        if (how == "gone")
            client.Socket.Close(timeout: 0);
        else
            await client.SendCommandAsync([1]);
        Assert.That(await StateOfAsync(LimitedShop.Proxy(flavour), id), Is.EqualTo("abandoned"));
        await UntilGoneAsync(flavour, client);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Where_the_catalog_login_may_not_kill_the_session_ends_behind_the_error(bool hasLogin)
    {
        await using var proxy = await StartAsync(flavour, hasLogin ? MySqlAccounts.App : null);
        // Its own threads every login may kill.
        await using var client = await ConnectAsync(flavour, proxy: proxy, account: MySqlAccounts.Empty);
        var result = await (await LimitedResult.BeginAsync(client, All)).ReadAsync(MaxRows);
        var id = (await PendingAsync(proxy)).GetProperty("id").GetString()!;
        (await proxy.WgctlAsync(Dana, "deny", id, "--reason", "no")).EnsureSuccess();
        await result.ReadAsync();
        Assert.That((result.Rows, result.Error.ErrorCode), Is.EqualTo((MaxRows, 1142)));
        Assert.That(result.Error.ErrorMessage, Does.Contain("The session ends with it").And.Contain(hasLogin ? "may not kill it" : "no catalog login"));
        Assert.That(await client.ReadToEndAsync(), Is.Empty);
        await UntilGoneAsync(flavour, client);
    }

    [Test]
    public async Task Without_that_right_the_clients_own_KILL_leaves_the_session_usable()
    {
        await using var proxy = await StartAsync(flavour, null);
        await using var client = await ConnectAsync(flavour, proxy: proxy);
        await using var other = await ConnectAsync(flavour, proxy: proxy);
        var result = await (await LimitedResult.BeginAsync(client, All)).ReadAsync(MaxRows);
        await PendingAsync(proxy);
        Assert.That((await other.QueryAsync($"KILL QUERY {client.Greeting!.ConnectionId}")).Single().IsOk);
        await result.ReadAsync();
        Assert.That(result.Error.ErrorCode, Is.EqualTo(1317));
        Assert.That(await client.RowsAsync("SELECT i FROM small"), Has.Count.EqualTo(20));
    }

    [Test]
    public async Task A_proxy_that_stops_withdraws_it_and_says_goodbye()
    {
        await using var proxy = await StartAsync(flavour, MySqlAccounts.Root);
        await using var client = await ConnectAsync(flavour, proxy: proxy);
        var result = await (await LimitedResult.BeginAsync(client, All)).ReadAsync(MaxRows);
        await PendingAsync(proxy);
        proxy.Process.Send(Signal.Terminate);
        await result.ReadAsync();
        Assert.That(result.Error.ErrorCode, Is.EqualTo(1317));
        Assert.That((await client.ReadPacketAsync()).ErrorCode, Is.EqualTo(1053));
        Assert.That(await proxy.Process.WaitForExitAsync(), Is.Zero);
    }

    [Test]
    public async Task The_server_waits_as_long_as_an_operator_may_take([Values] bool resets)
    {
        await using var client = await ConnectAsync(flavour);
        if (resets)
        {
            await client.RowsAsync("SELECT 1");
            await client.SendCommandAsync([0x1F]);
            Assert.That((await client.ReadPacketAsync()).IsOk);
        }
        Assert.That((await client.RowsAsync("SELECT @@net_write_timeout")).Single()[0], Is.EqualTo("660"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_server_that_gives_up_on_it_is_told_of(bool approves)
    {
        await using var client = await ConnectAsync(flavour);
        await client.QueryAsync("SET SESSION net_write_timeout = 1, net_retry_count = 1");
        var result = await (await LimitedResult.BeginAsync(client, All)).ReadAsync(MaxRows);
        var id = await PendingIdAsync(flavour);
        await UntilGoneAsync(flavour, client);
        (await WgctlAsync(flavour, approves ? "approve" : "deny", id, "--reason", "seen")).EnsureSuccess();
        await result.ReadAsync();
        Assert.That(result.Error.ErrorMessage, Does.Contain(id));
        Assert.That((result.Rows > MaxRows, result.Error.ErrorCode), Is.EqualTo(approves ? (true, 1161) : (false, 1142)));
        Assert.That(await client.ReadToEndAsync(), Is.Empty);
    }
}
