using System.Text;
using WireGuardian.Testing.MySql;
using WireGuardian.Testing.Programs;

namespace WireGuardian.IntegrationTests.MySql.Checklist;

/// <summary>The checklist's LOCAL INFILE: a client's file goes to the server only where the listener allows it, and after whatever a rule for <c>import</c> says.</summary>
[TestFixture(MySqlFlavour.MariaDb)]
[TestFixture(MySqlFlavour.MySql)]
public sealed class ImportTests(MySqlFlavour flavour)
{
    private const string Load = "LOAD DATA LOCAL INFILE 'mine.csv' INTO TABLE loaded FIELDS TERMINATED BY ','";

    private MySqlDatabase _database = null!;
    private TestProxy _proxy = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        var server = await SharedMySql.Get(flavour);
        _database = await server.CreateDatabaseAsync("CREATE TABLE loaded (id int, item varchar(40))", "CREATE TABLE people (id int, ssn varchar(40))", "INSERT INTO people VALUES (1, 'canaryimport')");
        _proxy = await TestProxy.StartAsync(
            $$$"""
            listeners:
              - name: app
                protocol: mysql
                listen: "{{listen}}"
                upstream: "{{{server.Endpoint}}}"
                upstreamTls: { mode: off }
                localInfile: true
                catalog: { username: {{{MySqlAccounts.Root.User}}}, password: {{{MySqlAccounts.Root.Password}}} }
            limits: { catalogTimeout: 60s }
            masking: [{ name: identity, columns: ["*.people.ssn"], with: redact }]
            approvals: [{ name: files, kinds: [import], action: hold, timeout: 5m }]
            operators: [{ name: dana, token: token-of-dana-0123456789 }]
            """);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_proxy is not null)
            await _proxy.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }

    [SetUp]
    public Task Empty() => _database.ExecuteAsync("DELETE FROM loaded");

    [Test]
    public async Task LOCAL_INFILE_is_cleared_where_the_listener_does_not_allow_it()
    {
        await using var client = await MySqlShop.ThroughProxyAsync(flavour, MySqlCapabilities.LocalFiles);
        Assert.That(client.Greeting!.Capabilities & MySqlCapabilities.LocalFiles, Is.Zero);
        var refused = (await client.QueryAsync("LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE orders")).Single();
        Assert.That(refused.ErrorCode, Is.EqualTo(1142));
        Assert.That(refused.ErrorMessage, Does.Contain("localInfile"));
    }

    [Test]
    public async Task LOCAL_INFILE_waits_for_the_rule_and_then_the_file_flows([Values] bool compressed)
    {
        await using var client = await LogInAsync(compressed);
        await client.SendCommandAsync(MySqlMessage.Query(Load));
        await DecideAsync("approve");
        Assert.That((await client.ReadPacketAsync()).Payload, Is.EqualTo(new byte[] { 0xFB }.Concat(Encoding.ASCII.GetBytes("mine.csv"))));
        await client.SendPacketAsync("1,first\n2,sec"u8.ToArray());
        // What looks like a command in a file is the file's.
        await client.SendPacketAsync("\u0003DROP TABLE loaded\n"u8.ToArray());
        await client.SendPacketAsync([]);
        var end = await client.ReadPacketAsync();
        Assert.That(end.IsOk, end.ToString);
        Assert.That(await client.RowsAsync("SELECT * FROM loaded ORDER BY id"), Is.EqualTo(new[] { new[] { "1", "first" }, ["2", "sec\u0003DROP TABLE loaded"] }));
    }

    [Test]
    public async Task LOCAL_INFILE_that_a_rule_denies_is_never_asked_for()
    {
        await using var client = await LogInAsync();
        await client.SendCommandAsync(MySqlMessage.Query(Load));
        await DecideAsync("deny");
        Assert.That((await client.ReadPacketAsync()).ErrorCode, Is.EqualTo(1142));
        Assert.That(await client.RowsAsync("SELECT * FROM loaded"), Is.Empty);
    }

    [Test]
    public async Task A_statement_behind_a_file_is_judged_and_masked()
    {
        await using var client = await LogInAsync();
        await client.SendCommandAsync(MySqlMessage.Query($"{Load}; SELECT ssn FROM people"));
        await DecideAsync("approve");
        Assert.That((await client.ReadPacketAsync()).First, Is.EqualTo(0xFB));
        await client.SendPacketAsync("1,first\n"u8.ToArray());
        await client.SendPacketAsync([]);
        var packets = await client.ReadResultsAsync();
        Assert.That(packets[^1].IsError, Is.False, packets[^1].ToString);
        Assert.That(MySqlShop.Shows(packets), Is.False);
    }

    [Test]
    public async Task The_audit_trail_has_the_import()
    {
        await using var client = await LogInAsync();
        await client.SendCommandAsync(MySqlMessage.Query(Load));
        await DecideAsync("deny");
        await client.ReadPacketAsync();
        var trail = await _proxy.WgctlAsync(MySqlShop.Token, "audit", "--output", "json");
        Assert.That(trail.Output, Does.Contain("\"import\"").And.Contain("LOAD DATA LOCAL INFILE").And.Not.Contain("mine.csv"));
    }

    /// <summary>MySQL's and MariaDB's libraries number what stands in compressed packets as they like, and a file takes many packets.</summary>
    [Test]
    public async Task LOCAL_INFILE_of_the_command_line_flows_behind_a_result_also_compressed([Values] bool compressed)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(file, Enumerable.Range(0, 200_000).Select(number => $"{number},item {number} of many more"));
            string[] compression = flavour == MySqlFlavour.MariaDb ? ["--compress"] : ["--compression-algorithms=zlib"];
            var loading = _database.Server.CommandLineAsync(
                _proxy.Port,
                $"""
                DELIMITER //
                SELECT 1; LOAD DATA LOCAL INFILE '{file}' INTO TABLE loaded FIELDS TERMINATED BY ','//
                SELECT COUNT(*), MAX(id) FROM loaded//

                """,
                MySqlAccounts.App, _database.Name,
                ["--local-infile=1", .. compressed ? compression : [], .. flavour == MySqlFlavour.MySql ? ["--get-server-public-key"] : Array.Empty<string>()]);
            await DecideAsync("approve");
            Assert.That((await loading).EnsureSuccess().Output, Is.EqualTo("1\n200000\t199999\n"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private Task<MySqlWireClient> LogInAsync(bool compressed = false) => MySqlWireClient.LogInAsync(_proxy.Port, new MySqlLogin(MySqlAccounts.App, _database.Name)
    {
        Capabilities = MySqlCapabilities.Plain | MySqlCapabilities.MultiStatements | MySqlCapabilities.LocalFiles | (compressed ? MySqlCapabilities.Compress : 0),
    });

    private async Task DecideAsync(string decision)
    {
        string[] reason = decision == "deny" ? ["--reason", "no"] : [];
        for (var attempt = 0; attempt < 200; attempt++)
        {
            var pending = await _proxy.WgctlAsync(MySqlShop.Token, "pending", "--output", "json");
            using var requests = System.Text.Json.JsonDocument.Parse(pending.Output);
            if (requests.RootElement.GetArrayLength() == 0)
                continue;
            await _proxy.WgctlAsync(MySqlShop.Token, [decision, requests.RootElement[0].GetProperty("id").GetString()!, .. reason]);
            return;
        }
        throw new TimeoutException("no statement came to be held");
    }
}
