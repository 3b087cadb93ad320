using System.Text.Json;
using System.Text.RegularExpressions;
using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Processes;
using WireGuardian.Testing.Programs;
using WireGuardian.Testing.Wire;

namespace WireGuardian.IntegrationTests.Holding;

/// <summary>A proxy that holds changes of the schema, denies exports, and lets everyday statements pass; with four operators.</summary>
[SetUpFixture]
public sealed partial class HoldingShop
{
    public const string Requester = "hold_app";
    public const string Password = "hold-password";
    public const string Dana = "token-of-dana-0123456789";
    public const string Omar = "token-of-omar-0123456789";

    /// <summary>An operator in no group.</summary>
    public const string Eve = "token-of-eve-01234567890";

    /// <summary>An operator of the same name as the requester.</summary>
    public const string Same = "token-of-hold-app-012345";

    private const string Rules =
        """
        approvals:
          - { name: grants, kinds: [privilege], action: hold, minimum: 2, timeout: 10m }
          - { name: upkeep, kinds: [maintenance], action: hold, timeout: 1s }
          - { name: schema-changes, kinds: [ddl, code, delete], action: hold, timeout: 10m, approvers: [dba] }
          - { name: no-export, kinds: [export], action: deny }
          - { name: everyday, kinds: [select, insert, update, session, transaction, explain, import], action: allow }
        operators:
          - { name: dana, groups: [dba], token: token-of-dana-0123456789 }
          - { name: omar, groups: [dba], token: token-of-omar-0123456789 }
          - { name: eve, token: token-of-eve-01234567890 }
          - { name: hold_app, groups: [dba], token: token-of-hold-app-012345 }
        """;

    public static PostgresDatabase Database { get; private set; } = null!;

    public static TestProxy Proxy { get; private set; } = null!;

    public static string Configuration => Rules;

    public static Task<WireClient> ConnectAsync() => LogInAsync(Proxy.Port);

    public static Task<WireClient> DirectAsync() => LogInAsync(Database.Server.Port);

    public static async Task<WireClient> LogInAsync(int port)
    {
        var client = await WireClient.LogInAsync(port, Requester, Password, Database.Name);
        client.Timeout = TimeSpan.FromSeconds(30);
        return client;
    }

    /// <summary>Reads up to the notice that says a statement is held, and gives the request's id.</summary>
    public static async Task<string> ReadHeldAsync(WireClient client)
    {
        var frames = await client.ReadUntilAsync('N', 'Z');
        Assert.That(frames[^1].Type, Is.EqualTo('N'), () => string.Join('\n', frames));
        var id = RequestIn().Match(frames[^1].Message!);
        Assert.That(id.Success, Is.True, () => frames[^1].ToString());
        return id.Groups[1].Value;
    }

    public static Task<ProcessResult> ApproveAsync(string id, string token = Dana) => Proxy.WgctlAsync(token, "approve", id, "--output", "json");

    public static Task<ProcessResult> DenyAsync(string id, string token = Dana) => Proxy.WgctlAsync(token, "deny", id, "--reason", "not today");

    public static async Task<JsonElement> ShowAsync(string id) =>
        JsonDocument.Parse((await Proxy.WgctlAsync(Dana, "show", id, "--output", "json")).EnsureSuccess().Output).RootElement;

    /// <summary>The request's state once it is no longer pending: what ends a request may be a moment behind what the client sees.</summary>
    public static async Task<string> StateAfterPendingAsync(string id)
    {
        for (var attempt = 0; attempt < 30; attempt++)
        {
            if ((await ShowAsync(id)).GetProperty("state").GetString() is not "pending" and { } state)
                return state;
        }
        return "pending";
    }

    public static async Task<bool> ExistsAsync(string relation) => await Database.ScalarAsync($"SELECT to_regclass('{relation}')::text") is not null;

    [OneTimeSetUp]
    public async Task Start()
    {
        Database = await (await SharedPostgres.Version15).CreateDatabaseAsync(
            """
            CREATE ROLE hold_app LOGIN SUPERUSER PASSWORD 'hold-password';
            CREATE TABLE kept (i int PRIMARY KEY, note text);
            INSERT INTO kept VALUES (1, 'one');
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
