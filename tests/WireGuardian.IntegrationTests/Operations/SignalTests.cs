using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Processes;
using WireGuardian.Testing.Programs;
using WireGuardian.Testing.Wire;

namespace WireGuardian.IntegrationTests.Operations;

/// <summary>SIGTERM drains, a second one ends at once, SIGHUP reloads.</summary>
[TestFixture]
public sealed class SignalTests
{
    private const string HoldDdl =
        """
        approvals:
          - { name: schema-changes, kinds: [ddl], action: hold }
          - { name: everyday, kinds: [select, unclassified], action: allow }
        """;

    private PostgresDatabase _database = null!;

    [SetUp]
    public async Task CreateDatabase() => _database = await (await SharedPostgres.Version15).CreateDatabaseAsync("CREATE TABLE kept (i int, ssn text); INSERT INTO kept VALUES (1, 'x-secret')");

    [TearDown]
    public async Task DropDatabase() => await _database.DisposeAsync();

    [Test]
    public async Task SIGTERM_finishes_the_statement_in_flight_withdraws_the_held_and_says_goodbye_to_the_idle()
    {
        await using var proxy = await TestProxy.InFrontOfAsync(_database.Server, HoldDdl);
        await using var idle = await ConnectAsync(proxy);
        await using var busy = await ConnectAsync(proxy);
        await using var held = await ConnectAsync(proxy);
        await held.SendAsync(FrontendMessage.Query("CREATE TABLE never (i int)"));
        await held.ReadUntilAsync('N');
        await busy.SendAsync(FrontendMessage.Query("SELECT 'begun'; SELECT pg_sleep(2); SELECT 'finished'"));
        await UntilAsync("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()", 1);

        proxy.Process.Send(Signal.Terminate);
        Assert.That((await idle.ReadFrameAsync()).SqlState, Is.EqualTo("57P01"));
        Assert.That((await held.ReadUntilAsync('E'))[^1].SqlState, Is.EqualTo("57014"));
        var answer = await busy.ReadUntilAsync('Z');
        Assert.That(answer.Where(frame => frame.Type == 'D').Select(frame => frame.Texts[0]), Does.Contain("finished"));
        Assert.That(await proxy.Process.WaitForExitAsync(), Is.Zero);
        Assert.That(await _database.ScalarAsync("SELECT to_regclass('never')::text"), Is.Null);
    }

    [Test]
    public async Task A_second_SIGTERM_ends_at_once()
    {
        await using var proxy = await TestProxy.InFrontOfAsync(_database.Server);
        await using var busy = await ConnectAsync(proxy);
        await busy.SendAsync(FrontendMessage.Query("SELECT pg_sleep(600)"));
        await UntilAsync("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()", 1);
        await using var idle = await ConnectAsync(proxy);
        proxy.Process.Send(Signal.Terminate);
        Assert.That((await idle.ReadFrameAsync()).SqlState, Is.EqualTo("57P01"));
        Assert.That(proxy.Process.HasExited, Is.False, "it waits for the statement in flight");
        proxy.Process.Send(Signal.Terminate);
        await proxy.Process.WaitForExitAsync();
    }

    [Test]
    public async Task SIGHUP_puts_new_rules_in_force_for_open_sessions_and_refuses_a_bad_file_whole()
    {
        await using var proxy = await TestProxy.InFrontOfAsync(_database.Server);
        await using var client = await ConnectAsync(proxy);
        Assert.That((await client.QueryAsync("SELECT ssn FROM kept"))[1].Texts[0], Is.EqualTo("x-secret"));

        var good = await File.ReadAllTextAsync(proxy.ConfigurationPath) + "\nmasking:\n  - { name: identity, columns: [\"*.*.ssn\"], with: redact }\n";
        await proxy.ReloadAsync(good);
        await proxy.Process.WaitForErrorAsync(line => line.Contains("reload", StringComparison.OrdinalIgnoreCase));
        Assert.That((await client.QueryAsync("SELECT ssn FROM kept"))[1].Texts[0], Is.EqualTo("********"));

        await proxy.ReloadAsync(good.Replace("with: redact", "with: redakt", StringComparison.Ordinal));
        var refusal = await proxy.Process.WaitForErrorAsync(line => line.Contains("config.yaml:", StringComparison.Ordinal));
        Assert.That(refusal, Does.Match(@"config\.yaml:\d+:\d+"));
        Assert.That((await client.QueryAsync("SELECT ssn FROM kept"))[1].Texts[0], Is.EqualTo("********"), "the old configuration stays in force");
    }

    [Test]
    public async Task A_restart_leaves_nothing_pending()
    {
        const string Rules = HoldDdl + "\noperators:\n  - { name: dana, token: token-of-dana-0123456789 }";
        await using var proxy = await TestProxy.InFrontOfAsync(_database.Server, Rules);
        await using var client = await ConnectAsync(proxy);
        await client.SendAsync(FrontendMessage.Query("CREATE TABLE never (i int)"));
        var notice = (await client.ReadUntilAsync('N'))[^1].Message!;
        await proxy.StopAsync(Signal.Kill);
        await proxy.StartAgainAsync();
        var pending = await proxy.WgctlAsync("token-of-dana-0123456789", "pending", "--output", "json");
        Assert.That(pending.EnsureSuccess().Output.Trim(), Is.EqualTo("[]"));
        var id = notice[(notice.LastIndexOf(' ') + 1)..];
        Assert.That((await proxy.WgctlAsync("token-of-dana-0123456789", "approve", id)).ExitCode, Is.EqualTo(1));
        Assert.That((await proxy.WgctlAsync("token-of-dana-0123456789", "show", id)).EnsureSuccess().Output, Does.Contain("abandoned"));
        Assert.That(await _database.ScalarAsync("SELECT to_regclass('never')::text"), Is.Null);
    }

    private async Task<WireClient> ConnectAsync(TestProxy proxy)
    {
        var client = await WireClient.LogInAsync(proxy.Port, PostgresServer.Superuser, PostgresServer.SuperuserPassword, _database.Name);
        client.Timeout = TimeSpan.FromSeconds(30);
        return client;
    }

    private async Task UntilAsync(string sql, long value)
    {
        for (var attempt = 0; attempt < 1000 && (long)(await _database.ScalarAsync(sql))! != value; attempt++)
        {
        }
    }
}
