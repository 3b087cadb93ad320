using System.Text.Json;
using WireGuardian.Testing.MySql;
using WireGuardian.Testing.Processes;
using WireGuardian.Testing.Programs;

namespace WireGuardian.IntegrationTests.MySql.Limits;

/// <summary>A proxy in front of each kind of server that lets reads pass up to a size, and a table that has much more.</summary>
[SetUpFixture]
public sealed class LimitedShop
{
    public const int MaxRows = 100;
    public const int AllRows = 50_000;
    public const string Dana = "token-of-dana-0123456789";

    private static readonly string Rules =
        $$"""
        limits: { catalogTimeout: 60s }
        approvals:
          - { name: removal, kinds: [delete], action: hold, timeout: 10m }
          - { name: short, kinds: [code], action: allow, maxRows: 3, timeout: 1s }
          - { name: reads, kinds: [select, session, export], action: allow, maxRows: {{MaxRows}}, maxBytes: 128KiB, timeout: 10m }
        operators: [{ name: dana, token: {{Dana}} }]
        """;

    private static readonly string[] Schema =
    [
        "CREATE TABLE numbers AS WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 500) SELECT i FROM s",
        "CREATE TABLE big (i int PRIMARY KEY, filler varchar(600))",
        $"INSERT INTO big SELECT (a.i - 1) * 100 + b.i, repeat('x', 500) FROM numbers a JOIN numbers b ON b.i <= {AllRows / 500}",
        "CREATE TABLE small AS SELECT i FROM numbers WHERE i <= 20",
        "CREATE PROCEDURE ten() SELECT i FROM numbers WHERE i <= 10",
    ];

    private static readonly Dictionary<MySqlFlavour, (MySqlDatabase Database, TestProxy Proxy)> Shops = [];

    public static MySqlDatabase Database(MySqlFlavour flavour) => Shops[flavour].Database;

    public static TestProxy Proxy(MySqlFlavour flavour) => Shops[flavour].Proxy;

    /// <summary>Another proxy in front of the same database.</summary>
    /// <param name="flavour">Which server.</param>
    /// <param name="catalog">The catalog login; null for none.</param>
    public static Task<TestProxy> StartAsync(MySqlFlavour flavour, MySqlAccount? catalog)
    {
        var certificate = SharedMySql.Certificates.Server;
        return TestProxy.StartAsync(
            $$$"""
            listeners:
              - name: app
                protocol: mysql
                listen: "{{listen}}"
                upstream: "{{{Database(flavour).Server.Endpoint}}}"
                upstreamTls: { mode: prefer }
                tls: { mode: prefer, certificate: {{{certificate.CertificatePath}}}, key: {{{certificate.KeyPath}}} }
                {{{(catalog is null ? "" : $"catalog: {{ username: {catalog.User}, password: {catalog.Password} }}")}}}
            {{{Rules}}}
            """);
    }

    /// <summary>A client of the capabilities that a test wants.</summary>
    public static async Task<MySqlWireClient> ConnectAsync(MySqlFlavour flavour, uint capabilities = 0, bool tls = false, TestProxy? proxy = null, MySqlAccount? account = null)
    {
        var client = await MySqlWireClient.LogInAsync((proxy ?? Proxy(flavour)).Port, new MySqlLogin(account ?? MySqlAccounts.App, Database(flavour).Name)
        {
            Capabilities = MySqlCapabilities.Plain | MySqlCapabilities.MultiStatements | capabilities,
            Tls = tls,
        });
        client.Timeout = TimeSpan.FromSeconds(60);
        return client;
    }

    public static Task<ProcessResult> WgctlAsync(MySqlFlavour flavour, params string[] arguments) => Proxy(flavour).WgctlAsync(Dana, arguments);

    /// <summary>The one request that waits, once there is one.</summary>
    public static async Task<JsonElement> PendingAsync(TestProxy proxy)
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            var requests = JsonDocument.Parse((await proxy.WgctlAsync(Dana, "pending", "--output", "json")).Output).RootElement;
            if (requests.GetArrayLength() > 0)
                return requests[0];
        }
        throw new TimeoutException("nothing came to be held");
    }

    public static async Task<string> PendingIdAsync(MySqlFlavour flavour) => (await PendingAsync(Proxy(flavour))).GetProperty("id").GetString()!;

    public static async Task<string?> StateOfAsync(TestProxy proxy, string id)
    {
        for (var attempt = 0; attempt < 50; attempt++)
        {
            var shown = JsonDocument.Parse((await proxy.WgctlAsync(Dana, "show", id, "--output", "json")).EnsureSuccess().Output).RootElement;
            if (shown.GetProperty("state").GetString() is not "pending" and { } state)
                return state;
        }
        return "pending";
    }

    /// <summary>What the server's thread of this client runs; null for nothing, and empty for a thread that is gone.</summary>
    public static async Task<string?> RunsAsync(MySqlFlavour flavour, MySqlWireClient client)
    {
        await using var root = await Database(flavour).OpenAsync();
        var rows = await root.RowsAsync($"SELECT info FROM information_schema.processlist WHERE id = {client.Greeting!.ConnectionId}");
        return rows.Count == 0 ? "" : rows[0][0];
    }

    /// <summary>Waits until the server has ended this client's connection.</summary>
    public static async Task UntilGoneAsync(MySqlFlavour flavour, MySqlWireClient client)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await RunsAsync(flavour, client) != "")
            Assert.That(limit.IsCancellationRequested, Is.False, "the server still runs it");
    }

    [OneTimeSetUp]
    public async Task Start()
    {
        foreach (var flavour in Enum.GetValues<MySqlFlavour>())
        {
            var database = await (await SharedMySql.Get(flavour)).CreateDatabaseAsync(Schema);
            Shops[flavour] = (database, null!);
            Shops[flavour] = (database, await StartAsync(flavour, MySqlAccounts.Root));
        }
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        foreach (var (database, proxy) in Shops.Values)
        {
            if (proxy is not null)
                await proxy.DisposeAsync();
            await database.DisposeAsync();
        }
    }
}
