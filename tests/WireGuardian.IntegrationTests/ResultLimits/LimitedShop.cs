using System.Text.Json;
using System.Text.RegularExpressions;
using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Processes;
using WireGuardian.Testing.Programs;
using WireGuardian.Testing.Wire;

namespace WireGuardian.IntegrationTests.ResultLimits;

/// <summary>A proxy that lets reads and exports pass up to a size, and a table that has much more.</summary>
[SetUpFixture]
public sealed partial class LimitedShop
{
    public const int MaxRows = 100;
    public const int AllRows = 50_000;
    private const string User = "limit_app";
    private const string Password = "limit-password";
    private const string Dana = "token-of-dana-0123456789";

    private static readonly string Rules =
        $$"""
        approvals:
          - { name: removal, kinds: [delete], action: hold, timeout: 10m }
          - { name: short, kinds: [update], action: allow, maxRows: 3, timeout: 1s }
          - { name: exports, kinds: [export], action: allow, maxBytes: 64KiB, timeout: 10m }
          - { name: reads, kinds: [select], action: allow, maxRows: {{MaxRows}}, timeout: 10m }
        operators: [{ name: dana, token: {{Dana}} }]
        """;

    public static PostgresDatabase Database { get; private set; } = null!;

    public static TestProxy Proxy { get; private set; } = null!;

    public static async Task<WireClient> ConnectAsync()
    {
        var client = await WireClient.LogInAsync(Proxy.Port, User, Password, Database.Name);
        client.Timeout = TimeSpan.FromSeconds(30);
        return client;
    }

    /// <summary>Reads up to the notice that says the result is held.</summary>
    public static async Task<(string Id, IReadOnlyList<WireFrame> Before)> ReadHeldAsync(WireClient client)
    {
        var frames = await client.ReadUntilAsync('N', 'Z');
        Assert.That(frames[^1].Type, Is.EqualTo('N'), () => string.Join('\n', frames.TakeLast(5)));
        var id = RequestIn().Match(frames[^1].Message!).Groups[1].Value;
        return (id, frames);
    }

    public static Task<ProcessResult> WgctlAsync(params string[] arguments) => Proxy.WgctlAsync(Dana, arguments);

    public static async Task<string> StateOfAsync(string id)
    {
        for (var attempt = 0; attempt < 30; attempt++)
        {
            var shown = JsonDocument.Parse((await WgctlAsync("show", id, "--output", "json")).EnsureSuccess().Output).RootElement;
            if (shown.GetProperty("state").GetString() is not "pending" and { } state)
                return state;
        }
        return "pending";
    }

    /// <summary>What the backend of this client does.</summary>
    public static async Task<string?> ActivityOfAsync(WireClient client) =>
        (string?)await Database.ScalarAsync($"SELECT state FROM pg_stat_activity WHERE pid = {client.ProcessId}");

    [OneTimeSetUp]
    public async Task Start()
    {
        Database = await (await SharedPostgres.Version15).CreateDatabaseAsync(
            $"""
            CREATE ROLE limit_app LOGIN SUPERUSER PASSWORD 'limit-password';
            CREATE TABLE big AS SELECT i, repeat('x', 200) AS filler FROM generate_series(1, {AllRows}) AS i;
            CREATE TABLE small AS SELECT i FROM generate_series(1, 20) AS i;
            CREATE TABLE removed AS SELECT i FROM generate_series(1, 20) AS i;
            """);
        Proxy = await TestProxy.InFrontOfAsync(Database.Server, Rules);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (Proxy is not null)
            await Proxy.DisposeAsync();
        if (Database is not null)
            await Database.DisposeAsync();
    }

    [GeneratedRegex("request ([A-Za-z0-9-]+)")]
    private static partial Regex RequestIn();
}
