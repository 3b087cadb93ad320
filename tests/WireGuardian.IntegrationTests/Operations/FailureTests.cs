using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Processes;
using WireGuardian.Testing.Programs;
using WireGuardian.Testing.Wire;

namespace WireGuardian.IntegrationTests.Operations;

/// <summary>What a client is told when something around it is wrong.</summary>
[TestFixture]
public sealed class FailureTests
{
    [Test]
    public async Task A_wrong_password_gets_the_servers_own_words()
    {
        var server = await SharedPostgres.Version15;
        await using var proxy = await TestProxy.InFrontOfAsync(server);
        var (through, direct) = (await RefusalAsync(proxy.Port, "wrong"), await RefusalAsync(server.Port, "wrong"));
        Assert.That(through.SqlState, Is.EqualTo("28P01"));
        Assert.That(through.Message, Is.EqualTo(direct.Message));
    }

    [Test]
    public async Task With_the_server_down_a_client_gets_a_clear_fatal_error()
    {
        await using var proxy = await TestProxy.StartAsync(
            $$$"""
            listeners:
              - { name: app, protocol: postgres, listen: "{{listen}}", upstream: "127.0.0.1:{{{FreePort.Next()}}}" }
            """);
        var refusal = await RefusalAsync(proxy.Port, "any");
        Assert.That(refusal.Fields['S'], Is.EqualTo("FATAL"));
        Assert.That(refusal.SqlState, Does.StartWith("08").Or.StartWith("57P"));
    }

    [Test]
    public async Task Too_many_connections_are_refused_and_a_place_is_free_again_afterwards()
    {
        var server = await SharedPostgres.Version15;
        await using var proxy = await TestProxy.InFrontOfAsync(server, "limits: { maxConnections: 2 }");
        var first = await LogInAsync(proxy.Port);
        await using var second = await LogInAsync(proxy.Port);
        Assert.That((await RefusalAsync(proxy.Port, PostgresServer.SuperuserPassword)).SqlState, Is.EqualTo("53300"));
        await first.SendAsync(FrontendMessage.Terminate);
        await first.ReadToEndAsync();
        await first.DisposeAsync();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await (await LogInAsync(proxy.Port)).DisposeAsync();
                break;
            }
            catch (InvalidOperationException) when (attempt < 50)
            {
                // The proxy has not noticed yet.
            }
        }
    }

    [Test]
    public async Task With_the_catalog_login_refused_statements_fail_closed_and_recover()
    {
        var server = await SharedPostgres.Version15;
        await using var database = await server.CreateDatabaseAsync(
            "CREATE ROLE fail_guardian LOGIN PASSWORD 'another'; CREATE TABLE people (ssn text); INSERT INTO people VALUES ('plain-value')");
        await using var proxy = await TestProxy.StartAsync(
            $$$"""
            listeners:
              - name: app
                protocol: postgres
                listen: "{{listen}}"
                upstream: "{{{server.Endpoint}}}"
                catalog: { username: fail_guardian, password: right-password }
            masking:
              - { name: identity, columns: ["*.*.ssn"], with: redact }
            limits: { catalogTimeout: 2s }
            """);
        await using var client = await WireClient.LogInAsync(proxy.Port, PostgresServer.Superuser, PostgresServer.SuperuserPassword, database.Name);
        client.Timeout = TimeSpan.FromSeconds(30);
        var refused = await client.QueryAsync("SELECT ssn FROM people");
        Assert.That(refused.Select(frame => frame.Type), Is.EqualTo("EZ"), () => string.Join('\n', refused));
        Assert.That(refused[0].SqlState, Is.EqualTo("58000"));
        Assert.That(refused[0].ToString(), Does.Not.Contain("right-password").And.Not.Contain("plain-value"));

        await database.ExecuteAsync("ALTER ROLE fail_guardian PASSWORD 'right-password'");
        IReadOnlyList<WireFrame> answer;
        var attempts = 0;
        do
            answer = await client.QueryAsync("SELECT ssn FROM people");
        while (answer[0].Type == 'E' && ++attempts < 10_000);
        Assert.That(answer[1].Texts[0], Is.EqualTo("***********"));
    }

    [Test]
    public async Task Replication_is_refused_where_columns_are_masked_and_that_is_on_record_once()
    {
        await using var proxy = await TestProxy.InFrontOfAsync(
            await SharedPostgres.Version15, """
            masking:
              - { name: identity, columns: ["*.*.ssn"], with: redact }
            operators:
              - { name: dana, token: operator-token-of-replication }
            """);
        var refusal = await RefusalAsync(proxy.Port, PostgresServer.SuperuserPassword, ("replication", "database"));
        Assert.That((refusal.Fields['S'], refusal.SqlState), Is.EqualTo(("FATAL", "42501")));
        await proxy.StopAsync();
        await proxy.StartAgainAsync();
        var trail = (await proxy.WgctlAsync("operator-token-of-replication", "audit", "--output", "json")).EnsureSuccess().Output;
        Assert.That(trail.Split("login-failed"), Has.Length.EqualTo(2), trail);
    }

    private static async Task<WireClient> LogInAsync(int port) =>
        await WireClient.LogInAsync(port, PostgresServer.Superuser, PostgresServer.SuperuserPassword, "postgres");

    private static async Task<WireFrame> RefusalAsync(int port, string password, params (string Name, string Value)[] parameters)
    {
        await using var client = await WireClient.ConnectAsync(port);
        await client.SendAsync(
            FrontendMessage.Startup(FrontendMessage.Protocol30, [("user", PostgresServer.Superuser), ("database", "postgres"), .. parameters]));
        var frames = await client.TryAuthenticateAsync(PostgresServer.Superuser, password);
        Assert.That(frames[^1].Type, Is.EqualTo('E'));
        return frames[^1];
    }
}
