using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Tls;
using WireGuardian.Testing.Wire;

namespace WireGuardian.IntegrationTests.Fixtures;

/// <summary>The client that judges the proxy is itself judged by real servers.</summary>
public sealed class WireClientTests
{
    [TestCase("trust")]
    [TestCase("password")]
    [TestCase("md5")]
    [TestCase("scram-sha-256")]
    public async Task Logs_in_by_every_method(string method)
    {
        await using var server = await StartAsync(PostgresVersion.Version15, method, certificates: null);
        await using var client = await WireClient.LogInAsync(server.Port, "app", "pass word", "postgres");
        var answer = await client.QueryAsync("select 'x' || 1, null");
        Assert.That(answer.Select(frame => frame.Type), Is.EqualTo("TDCZ"));
        Assert.That(answer[1].Texts, Is.EqualTo(new[] { "x1", null }));
    }

    [Test]
    public async Task A_wrong_password_is_refused_by_the_server()
    {
        await using var server = await StartAsync(PostgresVersion.Version15, "scram-sha-256", certificates: null);
        Assert.That(
            async () => await WireClient.LogInAsync(server.Port, "app", "wrong", "postgres"),
            Throws.InvalidOperationException.With.Message.Contains("28P01"));
    }

    [TestCase("SHA256", false)]
    [TestCase("SHA384", false)]
    [TestCase("SHA512", true)]
    public async Task Channel_binding_holds_for_every_signature_hash(string hash, bool rsa)
    {
        using var certificates = new Certificates();
        await using var server = await StartAsync(
            PostgresVersion.Version15, "scram-sha-256", certificates, certificates.CreateServer(signatureHash: new(hash), rsa: rsa));
        await using var client = await WireClient.ConnectAsync(server.Port);
        Assert.That(await client.RequestTlsAsync(), Is.EqualTo('S'));
        await client.StartTlsAsync(authority: certificates.Authority);
        await client.SendAsync(FrontendMessage.Startup(FrontendMessage.Protocol30, ("user", "app"), ("database", "postgres")));
        var frames = await client.AuthenticateAsync("app", "pass word");
        Assert.That(frames[^1].Type, Is.EqualTo('Z'));
    }

    [Test]
    public async Task Direct_tls_and_protocol_3_2_reach_version_18()
    {
        using var certificates = new Certificates();
        await using var server = await StartAsync(PostgresVersion.Version18, "scram-sha-256", certificates);
        await using var client = await WireClient.ConnectAsync(server.Port);
        await client.StartTlsAsync("postgresql", certificates.Authority);
        await client.SendAsync(FrontendMessage.Startup(FrontendMessage.Protocol32, ("user", "app"), ("database", "postgres")));
        await client.AuthenticateAsync("app", "pass word");
        Assert.That(client.CancelKey, Has.Length.EqualTo(32));
    }

    [Test]
    public async Task A_client_certificate_logs_in()
    {
        using var certificates = new Certificates();
        await using var server = await PostgresServer.StartAsync(PostgresVersion.Version15, new PostgresServerOptions
        {
            Certificates = certificates,
            HostBasedAuthentication = ["hostssl all app 127.0.0.1/32 cert", "host all all 127.0.0.1/32 scram-sha-256"],
            Sql = "create role app login",
        });
        await using var client = await WireClient.ConnectAsync(server.Port);
        await client.RequestTlsAsync();
        await client.StartTlsAsync(clientCertificate: certificates.CreateClient("app").Load());
        await client.SendAsync(FrontendMessage.Startup(FrontendMessage.Protocol30, ("user", "app"), ("database", "postgres")));
        Assert.That((await client.AuthenticateAsync("app", ""))[^1].Type, Is.EqualTo('Z'));
    }

    [Test]
    public async Task A_cancel_request_with_the_key_ends_a_query()
    {
        var server = await SharedPostgres.Version15;
        await using var client = await WireClient.LogInAsync(server.Port, PostgresServer.Superuser, PostgresServer.SuperuserPassword, "postgres");
        await client.SendAsync(FrontendMessage.Query("select pg_sleep(60)"));
        // A cancel request that comes before the query does nothing.
        while (await server.ScalarAsync($"select state from pg_stat_activity where pid = {client.ProcessId}") is not "active")
            await Task.Delay(20);
        await using (var canceller = await WireClient.ConnectAsync(server.Port))
        {
            await canceller.SendAsync(FrontendMessage.CancelRequest(client.ProcessId, client.CancelKey));
            Assert.That(await canceller.ReadToEndAsync(), Is.Empty);
        }

        var answer = await client.ReadUntilAsync('Z');
        Assert.That(answer.Single(frame => frame.Type == 'E').SqlState, Is.EqualTo("57014"));
    }

    [Test]
    public async Task Bytes_that_are_no_message_end_the_connection_with_an_error()
    {
        var server = await SharedPostgres.Version15;
        await using var client = await WireClient.LogInAsync(server.Port, PostgresServer.Superuser, PostgresServer.SuperuserPassword, "postgres");
        await client.SendAsync(FrontendMessage.Typed('y', []));
        Assert.That((await client.ReadFrameAsync()).SqlState, Is.EqualTo("08P01"));
        Assert.That(await client.ReadToEndAsync(), Is.Empty);
    }

    private static Task<PostgresServer> StartAsync(
        PostgresVersion version, string method, Certificates? certificates, CertificateFiles? serverCertificate = null) =>
        PostgresServer.StartAsync(version, new PostgresServerOptions
        {
            Certificates = certificates,
            ServerCertificate = serverCertificate,
            HostBasedAuthentication = [$"host all app 127.0.0.1/32 {method}", "host all all 127.0.0.1/32 scram-sha-256"],
            Sql = $"set password_encryption = '{(method == "md5" ? "md5" : "scram-sha-256")}'; create role app login password 'pass word';",
        });
}
