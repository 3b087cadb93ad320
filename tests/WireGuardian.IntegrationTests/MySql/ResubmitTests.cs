using System.Text;
using System.Text.RegularExpressions;
using WireGuardian.Testing.MySql;
using WireGuardian.Testing.Programs;

namespace WireGuardian.IntegrationTests.MySql;

/// <summary>Statements whose connections do not wait: refused at once, and let pass once when they come back after their approval.</summary>
[TestFixture]
public sealed partial class ResubmitTests
{
    private const byte Int = 3;

    private readonly Dictionary<MySqlFlavour, TestProxy> _proxies = [];

    [OneTimeSetUp]
    public async Task Start()
    {
        foreach (var flavour in Enum.GetValues<MySqlFlavour>())
        {
            _proxies[flavour] = await TestProxy.StartAsync(
                $$$"""
                limits: { catalogTimeout: 60s }
                listeners:
                  - name: app
                    protocol: mysql
                    listen: "{{listen}}"
                    upstream: "{{{MySqlShop.Database(flavour).Server.Endpoint}}}"
                    upstreamTls: { mode: prefer }
                    catalog: { username: {{{MySqlAccounts.Root.User}}}, password: {{{MySqlAccounts.Root.Password}}} }
                approvals: [{ name: changes, kinds: [ddl, delete], action: hold, mode: resubmit, validity: 5m }]
                operators: [{ name: dana, token: token-of-dana-0123456789 }]
                """);
        }
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        foreach (var proxy in _proxies.Values)
            await proxy.DisposeAsync();
    }

    [Test]
    public async Task It_is_refused_at_once_and_passes_once_in_another_session_after_its_approval([Values] MySqlFlavour flavour)
    {
        const string Sql = "CREATE TABLE came_back (a int)";
        string id;
        await using (var first = await ConnectAsync(flavour))
        {
            var refused = (await first.QueryAsync(Sql)).Single();
            Assert.That((refused.ErrorCode, refused.SqlState), Is.EqualTo((1142, "42000")));
            id = RequestOf(refused);
            Assert.That(RequestOf((await first.QueryAsync(Sql)).Single()), Is.EqualTo(id), "the same request while it is pending");
        }
        await ApproveAsync(flavour, id);
        await using var second = await ConnectAsync(flavour);
        Assert.That((await second.QueryAsync(Sql)).Single().IsOk);
        var again = (await second.QueryAsync("DROP TABLE came_back")).Single();
        Assert.That(RequestOf(again), Is.Not.EqualTo(id));
        await ApproveAsync(flavour, RequestOf(again));
        Assert.That((await second.QueryAsync("DROP TABLE came_back")).Single().IsOk);
    }

    [Test]
    public async Task It_is_bound_to_its_values_and_not_to_the_number_of_its_statement([Values] MySqlFlavour flavour)
    {
        await using var first = await ConnectAsync(flavour);
        var id = RequestOf(await DeleteAsync(first, 7001));
        await ApproveAsync(flavour, id);
        await using var second = await ConnectAsync(flavour);
        await second.SendCommandAsync([0x16, .. "SELECT 1"u8]);
        await ReadPreparedAsync(second);
        Assert.That(RequestOf(await DeleteAsync(second, 7002)), Is.Not.EqualTo(id), "other values are another statement");
        Assert.That((await DeleteAsync(second, 7001)).IsOk, "as the third statement of its connection");
    }

    [Test]
    public async Task It_is_bound_to_the_variables_that_were_set_before([Values] MySqlFlavour flavour)
    {
        const string Sql = "DELETE FROM orders WHERE id = @id";
        await using var first = await ConnectAsync(flavour);
        await first.QueryAsync("SET @id = 7003");
        var id = RequestOf((await first.QueryAsync(Sql)).Single());
        await using var second = await ConnectAsync(flavour);
        await second.QueryAsync("SET @id = 1");
        Assert.That(RequestOf((await second.QueryAsync(Sql)).Single()), Is.Not.EqualTo(id));
        await second.SendCommandAsync([0x1F]);
        Assert.That((await second.ReadPacketAsync()).IsOk, "COM_RESET_CONNECTION");
        await second.QueryAsync("SHOW VARIABLES LIKE 'port'");
        await second.QueryAsync("SET @id = 7003");
        Assert.That(RequestOf((await second.QueryAsync(Sql)).Single()), Is.EqualTo(id));
        await second.QueryAsync("SET @id = (SELECT max(id) FROM orders)");
        Assert.That(RequestOf((await second.QueryAsync(Sql)).Single()), Is.Not.EqualTo(id), "what it set cannot be told");
    }

    private async Task<MySqlWireClient> ConnectAsync(MySqlFlavour flavour)
    {
        var login = new MySqlLogin(MySqlAccounts.App, MySqlShop.Database(flavour).Name) { Capabilities = MySqlCapabilities.Plain };
        var client = await MySqlWireClient.LogInAsync(_proxies[flavour].Port, login);
        client.Timeout = TimeSpan.FromSeconds(60);
        return client;
    }

    private async Task ApproveAsync(MySqlFlavour flavour, string id) => (await _proxies[flavour].WgctlAsync(MySqlShop.Token, "approve", id)).EnsureSuccess();

    /// <summary>Prepares, and executes with one value; gives what ends it.</summary>
    private static async Task<MySqlPacket> DeleteAsync(MySqlWireClient client, int value)
    {
        await client.SendCommandAsync([0x16, .. "DELETE FROM orders WHERE id = ? AND item = 'nothing'"u8]);
        var prepared = await ReadPreparedAsync(client);
        await client.SendCommandAsync([0x17, .. prepared[1..5], 0, 1, 0, 0, 0, 0, 1, Int, 0, .. BitConverter.GetBytes(value)]);
        return await client.ReadPacketAsync();
    }

    private static async Task<byte[]> ReadPreparedAsync(MySqlWireClient client)
    {
        var prepared = (await client.ReadPacketAsync()).Payload;
        Assert.That(prepared[0], Is.Zero, Encoding.UTF8.GetString(prepared));
        foreach (var count in new[] { BitConverter.ToUInt16(prepared, 7), BitConverter.ToUInt16(prepared, 5) })
        {
            for (var left = count == 0 ? 0 : count + 1; left > 0; left--)
                await client.ReadPacketAsync();
        }
        return prepared;
    }

    private static string RequestOf(MySqlPacket refused)
    {
        Assert.That(refused.IsError, refused.ToString);
        var id = RequestIn().Match(refused.ErrorMessage);
        Assert.That(id.Success, refused.ErrorMessage);
        return id.Groups[1].Value;
    }

    [GeneratedRegex("Request ([a-z0-9]+)")]
    private static partial Regex RequestIn();
}
