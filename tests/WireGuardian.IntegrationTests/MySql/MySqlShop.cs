using System.Text;
using WireGuardian.Testing.Leaks;
using WireGuardian.Testing.MySql;
using WireGuardian.Testing.Programs;

namespace WireGuardian.IntegrationTests.MySql;

/// <summary>
/// A database on each kind of server whose masked columns hold values that are found nowhere else (canaries), and a proxy in front of it that masks them and
/// holds what is dangerous. The login <c>app</c> is masked; <c>nopassword</c> is exempt by group.
/// </summary>
[SetUpFixture]
public sealed class MySqlShop
{
    public const string Token = "token-of-dana-0123456789";

    /// <summary>What every planted value begins with.</summary>
    public const string Canary = "canary";

    private static readonly PlantedValues Planted = new(
        ["canaryone-7391", "canarytwo-8264", "canarymail@quetzal.example", "canarypost@quetzal.example"], [], "example");

    private const string Rules =
        """
        limits: { catalogTimeout: 60s }
        masking:
          - { name: identity, columns: ["*.people.ssn", "*.wages.salary"], with: redact, exempt: [auditors] }
          - { name: contact, columns: ["*.people.email"], with: email, exempt: [auditors] }
          - { name: kinds, columns: ["*.kinds_*.m_*"], with: redact }
          - { name: kept, columns: ["*.kinds_*.p_*"], with: partial }
          - { name: keyed, columns: ["*.kinds_*.h_*"], with: hash }
          - { name: nothing, columns: ["*.kinds_*.n_*"], with: "null" }
        copies: deny
        approvals:
          - { name: schema-changes, kinds: [ddl, privilege], action: hold, timeout: 5m }
          - { name: upkeep, kinds: [import], action: hold, timeout: 1s }
          - { name: unknown, kinds: [unclassified], action: deny }
          - { name: no-export, kinds: [export], action: deny }
        groups: { auditors: [nopassword] }
        operators: [{ name: dana, token: token-of-dana-0123456789 }]
        """;

    private static readonly string[] Schema =
    [
        "CREATE TABLE people (id int PRIMARY KEY, name varchar(40), ssn varchar(40) UNIQUE, email varchar(60))",
        "INSERT INTO people VALUES (1, 'Ada', 'canaryone-7391', 'canarymail@quetzal.example'), (2, 'Ben', 'canarytwo-8264', 'canarypost@quetzal.example')",
        "CREATE TABLE orders (id int PRIMARY KEY, person_id int, item varchar(40))",
        "INSERT INTO orders VALUES (1, 1, 'keyboard'), (2, 2, 'desk')",
        "CREATE TABLE wages (id int PRIMARY KEY, person_id int, salary int)",
        "INSERT INTO wages VALUES (1, 1, 73910264), (2, 2, 82640591)",
        "CREATE FUNCTION salary_of(i int) RETURNS int READS SQL DATA RETURN (SELECT salary FROM wages WHERE person_id = i)",
        "CREATE FUNCTION shadow(t varchar(40)) RETURNS varchar(40) DETERMINISTIC RETURN t",
        "CREATE VIEW contacts AS SELECT id, name, ssn AS number FROM people",
        "CREATE VIEW shouted AS SELECT id, upper(ssn) AS loud FROM people",
        "CREATE VIEW nested AS SELECT id, number AS again FROM contacts",
        "CREATE PROCEDURE read_ssn() SELECT ssn FROM people",
        "CREATE PROCEDURE out_ssn(OUT result varchar(40)) SELECT ssn INTO result FROM people WHERE id = 1",
        "CREATE FUNCTION ssn_of(i int) RETURNS varchar(40) READS SQL DATA RETURN (SELECT ssn FROM people WHERE id = i)",
    ];

    private static readonly Dictionary<MySqlFlavour, (MySqlDatabase Database, TestProxy Proxy)> Shops = [];

    public static MySqlDatabase Database(MySqlFlavour flavour) => Shops[flavour].Database;

    public static TestProxy Proxy(MySqlFlavour flavour) => Shops[flavour].Proxy;

    /// <summary>A masked login's client, of the capabilities that a test wants.</summary>
    public static Task<MySqlWireClient> ThroughProxyAsync(MySqlFlavour flavour, uint capabilities = 0, MySqlAccount? account = null) =>
        LogInAsync(Proxy(flavour).Port, flavour, capabilities, account);

    public static Task<MySqlWireClient> DirectAsync(MySqlFlavour flavour, uint capabilities = 0, MySqlAccount? account = null) =>
        LogInAsync(Database(flavour).Server.Port, flavour, capabilities, account);

    /// <summary>The id of the one request that waits, once there is one.</summary>
    public static async Task<string> PendingAsync(MySqlFlavour flavour)
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            var pending = await Proxy(flavour).WgctlAsync(Token, "pending", "--output", "json");
            using var requests = System.Text.Json.JsonDocument.Parse(pending.Output);
            if (requests.RootElement.GetArrayLength() > 0)
                return requests.RootElement[0].GetProperty("id").GetString()!;
        }
        throw new TimeoutException("no statement came to be held");
    }

    /// <summary>DDL around the proxy is noticed by its next look; DDL through it, at once. So a change of nothing makes it look.</summary>
    public static async Task LookAsync(MySqlFlavour flavour)
    {
        await using var client = await ThroughProxyAsync(flavour);
        var held = client.QueryAsync("DROP TABLE IF EXISTS never_was");
        await Proxy(flavour).WgctlAsync(Token, "approve", await PendingAsync(flavour));
        Assert.That((await held)[^1].IsOk);
    }

    /// <summary>True when a planted value shows in these packets, whole or in part, in whatever disguise.</summary>
    public static bool Shows(IEnumerable<MySqlPacket> packets) => Planted.FoundIn([.. packets.SelectMany(packet => packet.Payload)]).Count > 0;

    public static bool Shows(string text) => Planted.FoundIn(Encoding.UTF8.GetBytes(text)).Count > 0;

    [OneTimeSetUp]
    public async Task Start()
    {
        foreach (var flavour in Enum.GetValues<MySqlFlavour>())
        {
            var server = await SharedMySql.Get(flavour);
            var database = await server.CreateDatabaseAsync(Schema);
            var proxy = await TestProxy.StartAsync(
                $$$"""
                listeners:
                  - name: app
                    protocol: mysql
                    listen: "{{listen}}"
                    upstream: "{{{server.Endpoint}}}"
                    upstreamTls: { mode: prefer }
                    catalog: { username: {{{MySqlAccounts.Root.User}}}, password: {{{MySqlAccounts.Root.Password}}} }
                {{{Rules}}}
                """);
            Shops[flavour] = (database, proxy);
        }
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        foreach (var (database, proxy) in Shops.Values)
        {
            await proxy.DisposeAsync();
            await database.DisposeAsync();
        }
    }

    private static async Task<MySqlWireClient> LogInAsync(int port, MySqlFlavour flavour, uint capabilities, MySqlAccount? account)
    {
        var client = await MySqlWireClient.LogInAsync(port, new MySqlLogin(account ?? MySqlAccounts.App, Database(flavour).Name)
        {
            Capabilities = MySqlCapabilities.Plain | MySqlCapabilities.MultiStatements | capabilities,
        });
        client.Timeout = TimeSpan.FromSeconds(60);
        return client;
    }
}
