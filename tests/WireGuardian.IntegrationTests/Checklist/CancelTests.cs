using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Wire;
using static WireGuardian.Testing.Wire.FrontendMessage;

namespace WireGuardian.IntegrationTests.Checklist;

/// <summary>CancelRequest through the running proxy.</summary>
public sealed class CancelTests
{
    [Test]
    public async Task A_running_statement_is_cancelled_and_no_other_clients()
    {
        await using var database = await ChecklistProxy.OpenAsync();
        await using var first = await database.ConnectAsync();
        await using var second = await database.ConnectAsync();
        await first.SendAsync(Query("select pg_sleep(60)"));
        await second.SendAsync(Query("select pg_sleep(3)"));
        await WaitUntilRunningAsync(database, 2);
        await CancelAsync(database, first.ProcessId, first.CancelKey);
        Assert.That((await first.ReadReadyAsync()).Error().SqlState, Is.EqualTo("57014"));
        Assert.That((await second.ReadReadyAsync()).Types(), Is.EqualTo("TDCZ"));
    }

    [Test]
    public async Task A_held_statement_is_cancelled_in_the_proxy()
    {
        await using var database = await ChecklistProxy.OpenAsync();
        await using var client = await database.ConnectAsync();
        await client.SendAsync(Query("drop table plain"));
        await client.ReadUntilAsync('N');
        await CancelAsync(database, client.ProcessId, client.CancelKey);
        Assert.That((await client.ReadReadyAsync()).Error().SqlState, Is.EqualTo("57014"));
        Assert.That((await client.QueryAsync("select 1")).Types(), Is.EqualTo("TDCZ"));
        Assert.That(await database.ExistsAsync("plain"), Is.True);
    }

    [Test]
    public async Task With_a_wrong_key_nothing_happens_however_often()
    {
        await using var database = await ChecklistProxy.OpenAsync();
        await using var client = await database.ConnectAsync();
        await client.SendAsync(Query("drop table plain"));
        var notice = (await client.ReadUntilAsync('N'))[^1];
        await Task.WhenAll(Enumerable.Range(0, 100).Select(number => CancelAsync(database, client.ProcessId, [1, 2, 3, (byte)number])));
        await database.DecideAsync("approve", notice);
        Assert.That((await client.ReadReadyAsync()).Types(), Is.EqualTo("CZ"));
        Assert.That(await database.ExistsAsync("plain"), Is.False);
    }

    /// <summary>Its cancel keys have 32 bytes.</summary>
    [Test]
    public async Task Protocol_3_2_passes_with_its_long_cancel_keys()
    {
        var server = await SharedPostgres.Version18;
        await using var proxy = await Testing.Programs.TestProxy.InFrontOfAsync(server, ChecklistProxy.Rules);
        await using var client = await WireClient.ConnectAsync(proxy.Port);
        client.Timeout = TimeSpan.FromSeconds(60);
        await client.SendAsync(Startup(Protocol32, [("user", PostgresServer.Superuser), ("database", "postgres")]));
        await client.AuthenticateAsync(PostgresServer.Superuser, PostgresServer.SuperuserPassword);
        Assert.That(client.CancelKey, Has.Length.EqualTo(32));
        await client.SendAsync(Query("create table held (a int)"));
        await client.ReadUntilAsync('N');
        await using var cancel = await WireClient.ConnectAsync(proxy.Port);
        await cancel.SendAsync(CancelRequest(client.ProcessId, client.CancelKey));
        Assert.That((await client.ReadReadyAsync()).Error().SqlState, Is.EqualTo("57014"));
    }

    private static async Task CancelAsync(ChecklistDatabase database, int processId, byte[] key)
    {
        await using var cancel = await WireClient.ConnectAsync(database.Proxy.Port);
        await cancel.SendAsync(CancelRequest(processId, key));
        await cancel.ReadToEndAsync();
    }

    private static async Task WaitUntilRunningAsync(ChecklistDatabase database, long count)
    {
        while (await database.Database.ScalarAsync("select count(*) from pg_stat_activity where query like 'select pg_sleep%' and datname = current_database()") is long running && running < count)
            await Task.Delay(20);
    }
}
