using System.Text.Json;
using WireGuardian.Cli.Auditing;
using WireGuardian.ControlPlane.Tests.Hosting;
using WireGuardian.Core.Audit;
using WireGuardian.Server.ControlPlane;

namespace WireGuardian.Cli.Tests.Auditing;

public sealed class ExportTests
{
    [Test]
    public async Task Everything_comes_in_the_order_of_the_trail_over_many_pages()
    {
        await using var server = await AuditedServer.StartAsync(new ControlPlaneOptions { ExportPage = 3, ExportSize = 500 });
        for (var index = 0; index < 25; index++)
            await server.AppendAsync(Samples.Record(AuditEvents.Statement) with { Statement = $"s{index}" });
        var run = await server.RunAsync("audit", "export");
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "wgctl: 26 records.\n")));
        var records = run.Out.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.That(records.Select(record => record.GetProperty("sequence").GetInt64()), Is.EqualTo(Enumerable.Range(1, 26)));
        Assert.That(records.Skip(1).Select(record => record.GetProperty("statement").GetString()), Is.EqualTo(Enumerable.Range(0, 25).Select(index => $"s{index}")));
    }

    [Test]
    public async Task A_statement_that_is_larger_than_a_message_comes_whole()
    {
        await using var server = await AuditedServer.StartAsync(new ControlPlaneOptions { ExportedStatementLength = 10, ExportSize = 100 });
        var statements = new[] { "short", new string('x', 9) + "😀" + new string('y', 14), new string('z', 20), "", new string('w', 11) };
        foreach (var statement in statements)
            await server.AppendAsync(Samples.Record(AuditEvents.Statement) with { Statement = statement });
        var lines = (await server.RunAsync("audit", "export", "--event", "statement")).Out.TrimEnd().Split('\n');
        Assert.That(lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("statement").GetString()), Is.EqualTo(statements));
    }

    [TestCase(new[] { "--operator", "dana" }, 1)]
    [TestCase(new[] { "--request", "R7K2" }, 3)]
    [TestCase(new[] { "--principal", "ana", "--event", "hold" }, 2)]
    [TestCase(new[] { "--principal", "nobody" }, 0)]
    [TestCase(new[] { "--since", "2025-06-01T12:01:00Z" }, 3)]
    [TestCase(new[] { "--until", "2025-06-01T12:01:00Z" }, 4)]
    [TestCase(new[] { "--since", "2025-06-01T12:01:00Z", "--until", "2025-06-01T12:03:00Z" }, 2)]
    public async Task It_is_narrowed(string[] options, int records)
    {
        await using var server = await AuditedServer.StartAsync();
        await server.DecideAsync();
        var run = await server.RunAsync(["audit", "export", .. options]);
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(records));
    }

    [Test]
    public async Task Csv_has_a_head_and_every_record_a_line()
    {
        await using var server = await AuditedServer.StartAsync();
        await server.DecideAsync();
        var lines = (await server.RunAsync("audit", "export", "--format", "csv", "--operator", "dana")).Out.TrimEnd().Split('\n');
        Assert.That(lines, Has.Length.EqualTo(2));
        Assert.That(lines[0], Does.StartWith("sequence,time,event,requestId,principal,person,client,operator,channel,method,"));
        Assert.That(lines[1], Does.StartWith("3,2025-06-01T12:02:00Z,approve,R7K2,ana,,192.0.2.7,dana,grpc,,app-pg,shop,delete,approved,writes,3,00ff,DROP TABLE people,,1,3,"));
    }

    [TestCase("plain", "plain")]
    [TestCase("a,b", "\"a,b\"")]
    [TestCase("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [TestCase("two\nlines", "\"two\nlines\"")]
    [TestCase("=1+1", "\"'=1+1\"")]
    [TestCase("+1", "\"'+1\"")]
    [TestCase("-1", "\"'-1\"")]
    [TestCase("@SUM(A1)", "\"'@SUM(A1)\"")]
    [TestCase("\t=1", "\"'\t=1\"")]
    [TestCase("\r=1", "\"'\\u000d=1\"")]
    [TestCase("\n=1", "\"'\n=1\"")]
    [TestCase("＝1", "\"'＝1\"")]
    [TestCase("a=1", "a=1")]
    [TestCase("\u001b[2J", "\\u001b[2J")]
    public void A_field_of_csv_is_no_formula_and_no_terminals_command(string text, string field) => Assert.That(CsvWriter.Field(text), Is.EqualTo(field));

    [Test]
    public async Task A_server_without_an_archive_says_so()
    {
        await using var host = await ControlPlaneHost.StartAsync();
        var run = await Commands.Run.AgainstAsync(host, "audit", "export");
        Assert.That((run.ExitCode, run.Out), Is.EqualTo((1, "")));
        Assert.That(run.Error, Does.Contain("keeps no audit archive"));
    }
}
