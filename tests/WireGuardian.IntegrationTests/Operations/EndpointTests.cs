using System.Net;
using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Processes;
using WireGuardian.Testing.Programs;
using WireGuardian.Testing.Wire;

namespace WireGuardian.IntegrationTests.Operations;

/// <summary>What monitoring reads.</summary>
[TestFixture]
public sealed class EndpointTests
{
    private static readonly string[] Names =
    [
        "connections_active", "connections_total", "statements_total", "masked_values_total", "approvals_pending", "approval_decisions_total",
        "approval_wait_seconds_bucket", "statement_overhead_seconds_bucket", "bytes_total", "protocol_errors_total", "audit_records_total", "audit_failures_total",
    ];

    [Test]
    public async Task Metrics_have_the_promised_names_and_promtool_accepts_them()
    {
        var server = await SharedPostgres.Version15;
        await using var database = await server.CreateDatabaseAsync("CREATE TABLE people (id int, ssn text); INSERT INTO people VALUES (1, 'secret-value')");
        await using var proxy = await TestProxy.InFrontOfAsync(
            server,
            """
            masking:
              - { name: identity, columns: ["*.*.ssn"], with: redact }
            approvals:
              - { name: upkeep, kinds: [maintenance], action: hold, timeout: 1s }
            """);
        await using (var client = await WireClient.LogInAsync(proxy.Port, PostgresServer.Superuser, PostgresServer.SuperuserPassword, database.Name))
        {
            await client.QueryAsync("SELECT * FROM people");
            await client.QueryAsync("VACUUM people");
            await client.SendAsync(FrontendMessage.Framed('Q', 2, []));
            await client.ReadToEndAsync();
        }

        var text = await proxy.ReadMetricsAsync();
        foreach (var name in Names)
            Assert.That(text, Does.Contain($"\nwireguardian_{name}"), name);
        Assert.That(text, Does.Match("wireguardian_masked_values_total\\{[^}]*rule=\"identity\"[^}]*\\} [1-9]"));
        Assert.That(text, Does.Contain("kind=\"maintenance\"").And.Contain("action=\"hold\""));
        Assert.That(text, Does.Not.Contain("secret-value"));
        var judged = await ProcessRunner.RunAsync("promtool", ["check", "metrics"], text);
        Assert.That(judged.ExitCode, Is.Zero, judged.Error + judged.Output);
    }

    [TestCase("/healthz")]
    [TestCase("/readyz")]
    public async Task A_healthy_proxy_says_so(string path)
    {
        await using var proxy = await TestProxy.InFrontOfAsync(await SharedPostgres.Version15);
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(proxy.Metrics, path));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }
}
