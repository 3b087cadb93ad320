using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Processes;
using WireGuardian.Testing.Programs;
using WireGuardian.Testing.Wire;

namespace WireGuardian.IntegrationTests.Audit;

/// <summary>From a held statement to what an auditor has in hand, with the real programs.</summary>
[TestFixture]
public sealed partial class EvidenceTests
{
    private const string Dana = "token-of-dana-0123456789";

    private const string Rules =
        """
        audit:
          checkpoints: { records: 3, file: "{{folder}}/checkpoints.jsonl", stdout: true }
        approvals:
          - { name: schema-changes, kinds: [ddl], action: hold }
          - { name: everyday, kinds: [select, insert, update, transaction, session, unclassified], action: allow }
        operators:
          - { name: dana, token: token-of-dana-0123456789 }
        """;

    private PostgresDatabase _database = null!;
    private TestProxy _proxy = null!;

    private string Folder => Path.GetDirectoryName(_proxy.DataDirectory)!;

    [SetUp]
    public async Task Start()
    {
        _database = await (await SharedPostgres.Version15).CreateDatabaseAsync("CREATE TABLE kept (i int)");
        _proxy = await TestProxy.InFrontOfAsync(_database.Server, Rules);
    }

    [TearDown]
    public async Task Stop()
    {
        await _proxy.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Test]
    public async Task A_decision_leaves_a_receipt_and_a_trail_that_can_be_verified_without_the_server()
    {
        var id = await DecideAsync();
        var key = await KeepAsync("audit.pub", "audit", "key");
        var receipts = await KeepAsync("receipts.json", "audit", "receipt", id);
        var export = await KeepAsync("export.jsonl", "audit", "export");
        var policy = JsonDocument.Parse(await File.ReadAllTextAsync(receipts)).RootElement[0].GetProperty("policyVersion").GetString();
        Assert.That(policy, Is.EqualTo("1"));
        Assert.That(await OutputAsync("audit", "report"), Does.Contain("dana").And.Contain("1 approvals"));

        var check = await ProcessRunner.RunAsync(Testing.Programs.Program.Dotnet, [Testing.Programs.Program.Wireguardian.Assembly, "check", "--config", _proxy.ConfigurationPath, "--output", "json"]);
        var start = (await File.ReadAllLinesAsync(export)).Select(line => JsonDocument.Parse(line).RootElement).Single(record => record.GetProperty("event").GetString() == "start");
        Assert.That(start.GetProperty("digest").GetString(), Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(check.EnsureSuccess().Output)))));

        var process = _proxy.Process;
        Assert.That(await _proxy.StopAsync(), Is.Zero);
        var printed = process.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var checkpoints = Path.Combine(Folder, "checkpoints.jsonl");
        Assert.That(printed[0], Is.EqualTo("ready"));
        Assert.That(printed[1..], Is.EqualTo(await File.ReadAllLinesAsync(checkpoints)).And.Length.GreaterThan(1));

        Assert.That(await VerifyAsync("--receipt", receipts, "--key", key), Does.StartWith($"0 Good: approve of {id} by dana"));
        Assert.That(await VerifyAsync("--file", export), Does.StartWith("0 Intact"));
        var whole = await VerifyAsync("--data", _proxy.DataDirectory, "--key", key, "--checkpoints", checkpoints);
        Assert.That(whole, Does.StartWith("0 Intact"));
        // The last record of all, the stop's, is covered by the checkpoint of the end.
        Assert.That(Number(whole, "to ([0-9]+)"), Is.EqualTo(Number(whole, "up to record ([0-9]+)")));

        Run("DELETE FROM audit WHERE sequence > 4; DELETE FROM audit_checkpoint WHERE sequence > 4; DELETE FROM audit_receipt WHERE sequence > 4");
        Assert.That(await VerifyAsync("--data", _proxy.DataDirectory, "--key", key), Does.StartWith("0 Intact"));
        Assert.That(await VerifyAsync("--data", _proxy.DataDirectory, "--key", key, "--checkpoints", checkpoints), Does.StartWith("1 Broken at record 5. The trail ends at record 4"));
    }

    [Test]
    public async Task After_a_kill_the_key_is_the_same_and_every_decision_has_its_receipt()
    {
        var id = await DecideAsync();
        var key = await KeepAsync("audit.pub", "audit", "key");
        await _proxy.StopAsync(Signal.Kill);
        await _proxy.StartAgainAsync();
        Assert.That(await OutputAsync("audit", "key"), Is.EqualTo(await File.ReadAllTextAsync(key)));
        var receipts = await KeepAsync("receipts.json", "audit", "receipt", id);
        await _proxy.StopAsync();
        Assert.That(await VerifyAsync("--receipt", receipts, "--key", key), Does.StartWith("0 Good").And.Contain("release"));
        Assert.That(await VerifyAsync("--data", _proxy.DataDirectory, "--key", key), Does.StartWith("0 Intact"));
    }

    /// <summary>A statement is held, approved by dana, and runs. Gives the request's id.</summary>
    private async Task<string> DecideAsync()
    {
        await using var client = await WireClient.LogInAsync(_proxy.Port, PostgresServer.Superuser, PostgresServer.SuperuserPassword, _database.Name);
        client.Timeout = TimeSpan.FromSeconds(40);
        await client.SendAsync(FrontendMessage.Query("DROP TABLE kept"));
        var held = await client.ReadUntilAsync('N', 'Z');
        var id = RequestIn().Match(held[^1].Message!).Groups[1].Value;
        await OutputAsync("approve", id);
        Assert.That((await client.ReadUntilAsync('Z')).Select(frame => frame.Type), Is.EqualTo("CZ"));
        return id;
    }

    private async Task<string> OutputAsync(params string[] arguments) => (await _proxy.WgctlAsync(Dana, arguments)).EnsureSuccess().Output;

    private async Task<string> KeepAsync(string name, params string[] arguments)
    {
        var path = Path.Combine(Folder, name);
        await File.WriteAllTextAsync(path, await OutputAsync(arguments));
        return path;
    }

    /// <summary>The exit code and what was printed; there is no server to ask.</summary>
    private static async Task<string> VerifyAsync(params string[] arguments)
    {
        var result = await Wgctl.RunAsync("127.0.0.1:1", null, ["audit", "verify", .. arguments]);
        return $"{result.ExitCode} {result.Output}{result.Error}";
    }

    private void Run(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_proxy.DataDirectory, "audit.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"DROP TRIGGER audit_never_shrinks; {sql}";
        command.ExecuteNonQuery();
    }

    private static int Number(string text, string pattern) => int.Parse(Regex.Match(text, pattern).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex("request ([A-Za-z0-9-]+)")]
    private static partial Regex RequestIn();
}
