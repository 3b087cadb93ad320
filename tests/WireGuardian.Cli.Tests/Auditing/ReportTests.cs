using System.Text.Json;
using WireGuardian.ControlPlane.Tests.Hosting;
using WireGuardian.Core.Audit;

namespace WireGuardian.Cli.Tests.Auditing;

public sealed class ReportTests
{
    private AuditedServer _server = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _server = await AuditedServer.StartAsync();
        await _server.DecideAsync();
    }

    [TearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [Test]
    public async Task It_fits_80_columns_and_says_who_approved_what_and_how_fast()
    {
        await _server.AppendAsync(Samples.Record(AuditEvents.BreakGlass, "G1") with
        {
            Operator = "an_operator_with_a_long_name",
            Person = "somebody.with.a.long.name",
            Method = "oidc",
            Rule = "a-rule-whose-name-is-really-rather-long",
            Detail = "the shop is down, all of it, and nobody answers",
        });
        await _server.AppendAsync(new AuditRecord { Time = Samples.Noon, Event = AuditEvents.OperatorRefused, Client = "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff" });
        var run = await _server.RunAsync("audit", "report");
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        var lines = run.Out.Split('\n');
        Assert.That(lines, Has.All.Length.LessThanOrEqualTo(80));
        Assert.That(run.Out, Does.Contain("Decided in   median 2m00s, 95 % within 4m00s"));
        Assert.That(lines, Has.Some.Matches(@"^writes +2 +1 +1 +0 +0 +1 +2m00s +4m00s$"));
        Assert.That(lines, Has.Some.Matches(@"^dana +1 +0 +0 +0 +0 +2m00s +2m00s$"));
        Assert.That(lines, Has.Some.Matches(@"^ana +0 +0 +0 +1 +1 +- +-$"));
        Assert.That(lines, Has.Some.Matches(@"^2025-06-01 12:02:00Z +dana +approve +R7K2 +ana +2m00s +DROP TABLE"));
        Assert.That(run.Out, Does.Contain("\nBreak-glass\n").And.Contain("\nVerified by  oidc 1").And.Contain("\nSelf-approval attempts\n").And.Contain("\nCalls without valid credentials\n"));
    }

    [Test]
    public async Task As_json_it_has_everything()
    {
        var report = JsonDocument.Parse((await _server.RunAsync("audit", "report", "--output", "json")).Out).RootElement;
        var total = report.GetProperty("total");
        Assert.That((total.GetProperty("held").GetInt64(), total.GetProperty("approvals").GetInt64(), total.GetProperty("selfApprovals").GetInt64()), Is.EqualTo((2L, 1L, 1L)));
        Assert.That(total.GetProperty("medianWaitSeconds").GetDouble(), Is.EqualTo(120));
        Assert.That(report.GetProperty("decisions").EnumerateArray().Select(decision => decision.GetProperty("event").GetString()), Is.EqualTo(new[] { "approve", "decision-refused", "deny" }));
        Assert.That(report.GetProperty("byOperator").EnumerateArray().Select(one => one.GetProperty("name").GetString()), Is.EqualTo(new[] { "ana", "dana", "erin" }));
    }

    [Test]
    public async Task It_is_narrowed_to_a_period_and_knows_waits_that_began_before()
    {
        var run = await _server.RunAsync("audit", "report", "--since", "2025-06-01T12:01:00Z", "--until", "2025-06-01T12:03:00Z", "--output", "json");
        var total = JsonDocument.Parse(run.Out).RootElement.GetProperty("total");
        Assert.That((total.GetProperty("held").GetInt64(), total.GetProperty("approvals").GetInt64(), total.GetProperty("denials").GetInt64()), Is.EqualTo((0L, 1L, 0L)));
        Assert.That(total.GetProperty("medianWaitSeconds").GetDouble(), Is.EqualTo(120));
    }

    [Test]
    public async Task An_empty_trail_is_a_report_too()
    {
        await using var server = await AuditedServer.StartAsync();
        Assert.That((await server.RunAsync("audit", "report")).Out, Does.Contain("0 statements").And.Contain("nothing was decided"));
    }
}
