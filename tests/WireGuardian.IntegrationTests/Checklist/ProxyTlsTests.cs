using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Programs;
using WireGuardian.Testing.Tls;
using WireGuardian.Testing.Wire;
using static WireGuardian.Testing.Wire.FrontendMessage;

namespace WireGuardian.IntegrationTests.Checklist;

/// <summary>TLS on both legs, with SCRAM bound to the proxy's own certificate, through the real program.</summary>
public sealed class ProxyTlsTests
{
    [Test]
    public async Task SCRAM_PLUS_on_both_legs_then_masked_rows_and_a_cancelled_hold()
    {
        using var certificates = new Certificates();
        await using var server = await PostgresServer.StartAsync(
            PostgresVersion.Version15, new PostgresServerOptions { Certificates = certificates, HostBasedAuthentication = ["hostssl all all 127.0.0.1/32 scram-sha-256"] });
        (await server.PsqlAsync(ChecklistDatabase.People)).EnsureSuccess();
        await using var proxy = await TestProxy.InFrontOfAsync(
            server,
            ChecklistProxy.Rules,
            $"tls: {{ mode: require, certificate: {certificates.Server.CertificatePath}, key: {certificates.Server.KeyPath} }}",
            $"upstreamTls: {{ mode: require, ca: {certificates.AuthorityPath} }}");
        await using var client = await WireClient.ConnectAsync(proxy.Port);
        client.Timeout = TimeSpan.FromSeconds(60);
        Assert.That(await client.RequestTlsAsync(), Is.EqualTo('S'));
        await client.StartTlsAsync();
        await client.SendAsync(Startup(Protocol30, [("user", PostgresServer.Superuser), ("database", "postgres")]));
        var login = await client.AuthenticateAsync(PostgresServer.Superuser, PostgresServer.SuperuserPassword);
        Assert.That(System.Text.Encoding.ASCII.GetString(login[0].Body), Does.Contain("SCRAM-SHA-256-PLUS"));

        var frames = await client.QueryAsync("select ssn from people");
        Assert.That(frames.Types(), Is.EqualTo("TDDDCZ"));
        frames.AssertNothingSecret();
        await client.SendAsync(Query("drop table plain"));
        await client.ReadUntilAsync('N');
        await using var cancel = await WireClient.ConnectAsync(proxy.Port);
        await cancel.SendAsync(CancelRequest(client.ProcessId, client.CancelKey));
        Assert.That((await client.ReadReadyAsync()).Error().SqlState, Is.EqualTo("57014"));
    }
}
