using System.Text.Json;
using System.Text.Json.Nodes;
using WireGuardian.Cli.Tests.Commands;
using WireGuardian.ControlPlane.Tests.Hosting;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Audit.Evidence;

namespace WireGuardian.Cli.Tests.Auditing;

/// <summary>What an auditor verifies without a server: a store, an export, receipts.</summary>
public sealed class VerifyTests
{
    private AuditedServer _server = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _server = await AuditedServer.StartAsync();
        await _server.DecideAsync();
        await _server.AppendAsync(Samples.Record(AuditEvents.Statement) with { Statement = "SELECT 'é€😀', \u202e\n1", FormatVersion = 1, PolicyVersion = "" });
        for (var index = 0; index < 4; index++)
            await _server.AppendAsync(Samples.Record(AuditEvents.Statement) with { Time = Samples.Noon.AddTicks(index) });
    }

    [TearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [Test]
    public async Task A_store_is_verified_by_the_key_that_the_auditor_kept()
    {
        var run = await VerifyAsync("--data", _server.Data, "--key", await _server.KeepKeyAsync(), "--checkpoints", _server.KeepCheckpoints());
        Assert.That(run.ExitCode, Is.Zero, run.Out + run.Error);
        Assert.That(run.Out, Does.StartWith("Intact: 12 records, 1 to 12.\n").And.Contain("Checkpoints  4 good, up to record 10").And.Contain("Receipts     3 good"));
        Assert.That(run.Out, Does.Not.Contain("trust"));
    }

    [Test]
    public async Task Without_a_key_it_says_that_the_store_vouches_for_itself() =>
        Assert.That((await VerifyAsync("--data", _server.Data)).Out, Does.Contain("--key FILE checks against a key that you trust"));

    [Test]
    public async Task An_export_is_verified_like_the_store()
    {
        var run = await VerifyAsync("--file", await ExportAsync(), "--key", await _server.KeepKeyAsync(), "--checkpoints", _server.KeepCheckpoints());
        Assert.That(run.ExitCode, Is.Zero, run.Out + run.Error);
        Assert.That(run.Out, Does.StartWith("Intact: 12 records, 1 to 12.\n").And.Contain("2 good, up to record 10"));
    }

    [Test]
    public async Task Any_field_of_an_export_that_is_altered_is_found_at_its_record()
    {
        var lines = File.ReadAllLines(await ExportAsync());
        var fields = JsonNode.Parse(lines[2])!.AsObject().Select(field => field.Key).ToList();
        Assert.That(fields, Has.Count.EqualTo(23));
        foreach (var field in fields)
        {
            var altered = JsonNode.Parse(lines[2])!.AsObject();
            altered[field] = field switch
            {
                "kinds" => new JsonArray("select"),
                "time" => "2030-01-01T12:00:00.0000001Z",
                "hash" or "previousHash" => new string('0', 64),
                _ when altered[field]!.GetValueKind() == JsonValueKind.Number => 4,
                _ => "x",
            };
            var run = await VerifyAsync("--file", _server.Keep("altered.jsonl", string.Join('\n', [.. lines[..2], altered.ToJsonString(), .. lines[3..]])), "--output", "json");
            Assert.That(run.ExitCode, Is.EqualTo(1), field);
            var found = JsonDocument.Parse(run.Out).RootElement;
            Assert.That(found.GetProperty("firstBadSequence").GetInt64(), Is.EqualTo(3), field);
        }
    }

    [TestCase(0, null, 1)]
    [TestCase(2, "x", 3)]
    [TestCase(2, "{}", 3)]
    [TestCase(2, null, 3)]
    [TestCase(6, null, 7)]
    public async Task A_line_that_is_no_record_or_is_missing_is_found(int line, string? content, int sequence)
    {
        var lines = File.ReadAllLines(await ExportAsync()).ToList();
        lines.RemoveAt(line);
        if (content is not null)
            lines.Insert(line, content);
        var run = await VerifyAsync("--file", _server.Keep("altered.jsonl", string.Join('\n', lines)));
        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Out, Does.StartWith($"Broken at record {sequence}. "));
    }

    [Test]
    public async Task An_export_cut_short_shows_against_the_checkpoints()
    {
        var lines = File.ReadAllLines(await ExportAsync());
        var cut = _server.Keep("cut.jsonl", string.Join('\n', lines[..8]));
        Assert.That((await VerifyAsync("--file", cut)).ExitCode, Is.Zero);
        var run = await VerifyAsync("--file", cut, "--key", await _server.KeepKeyAsync(), "--checkpoints", _server.KeepCheckpoints());
        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Out, Does.StartWith("Broken at record 9. The trail ends at record 8, but a checkpoint of the checkpoint file"));
    }

    [Test]
    public async Task A_store_that_cannot_be_read_does_not_hold()
    {
        var damaged = _server.Keep("audit.db", "SQLite format 3\0" + new string('x', 5000));
        var run = await VerifyAsync("--file", damaged);
        Assert.That(run.ExitCode, Is.EqualTo(1), run.Error);
        Assert.That(run.Out, Does.StartWith("Broken. The audit store cannot be read"));
    }

    [Test]
    public async Task A_key_without_anything_that_is_signed_is_wrong_usage() =>
        Assert.That((await VerifyAsync("--file", await ExportAsync(), "--key", await _server.KeepKeyAsync())).ExitCode, Is.EqualTo(2));

    [Test]
    public async Task An_export_that_lacks_records_on_purpose_is_verified_record_by_record()
    {
        var path = _server.Keep("some.jsonl", (await _server.RunAsync("audit", "export", "--event", "approve", "--event", "statement")).Out);
        Assert.That((await VerifyAsync("--file", path)).ExitCode, Is.EqualTo(1));
        Assert.That((await VerifyAsync("--file", path, "--filtered")).Out, Does.StartWith("Intact: 6 records"));
        var altered = _server.Keep("altered.jsonl", File.ReadAllText(path).Replace("dana", "eve", StringComparison.Ordinal));
        var run = await VerifyAsync("--file", altered, "--filtered");
        Assert.That((run.ExitCode, run.Out.Split('.')[0]), Is.EqualTo((1, "Broken at record 3")));
    }

    [Test]
    public async Task Receipts_are_verified_by_the_key_that_the_auditor_kept()
    {
        var receipts = (await _server.RunAsync("audit", "receipt", "R7K2")).Out;
        Assert.That((await _server.RunAsync("show", "R7K2", "--receipt")).Out, Is.EqualTo(receipts));
        var key = await _server.KeepKeyAsync();
        var good = await VerifyAsync("--receipt", _server.Keep("receipts.json", receipts), "--key", key);
        Assert.That(good, Is.EqualTo(new Run(0, "Good: approve of R7K2 by dana, record 3, policy 3.\nGood: release of R7K2, record 4, policy 3.\n", "")));
        var forged = await VerifyAsync("--receipt", _server.Keep("forged.json", receipts.Replace("dana", "eve", StringComparison.Ordinal)), "--key", key);
        Assert.That(forged.ExitCode, Is.EqualTo(1));
        Assert.That(forged.Out, Does.Contain("Bad: approve of R7K2 by eve, record 3. Its signature is not that of the key"));
        using var other = AuditSigningKey.Create();
        var unknown = await VerifyAsync("--receipt", _server.Keep("receipts.json", receipts), "--key", _server.Keep("other.pub", other.Public.Pem));
        Assert.That(unknown.ExitCode, Is.EqualTo(1));
        Assert.That(unknown.Out, Does.Contain("not among those that are trusted"));
    }

    [Test]
    public async Task A_request_without_a_decision_has_no_receipt() =>
        Assert.That(await _server.RunAsync("audit", "receipt", "none"), Is.EqualTo(new Run(1, "", "wgctl: There is no receipt of a request with this id.\n")));

    private async Task<string> ExportAsync() => _server.Keep("export.jsonl", (await _server.RunAsync("audit", "export")).Out);

    /// <summary>Without a server or a token in the environment.</summary>
    private static Task<Run> VerifyAsync(params string[] args) => Run.WithAsync([], ["audit", "verify", .. args]);
}
