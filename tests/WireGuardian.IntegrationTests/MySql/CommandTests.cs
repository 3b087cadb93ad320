using System.Text;
using WireGuardian.Testing.MySql;

namespace WireGuardian.IntegrationTests.MySql;

/// <summary>The checklist's commands: through the proxy a client gets what the server itself answers.</summary>
[TestFixture]
public sealed class CommandTests
{
    private static readonly (string Name, byte[] Payload, int Answers)[] Simple =
    [
        ("COM_INIT_DB", [2, .. "information_schema"u8], 1), ("COM_INIT_DB of a database that is not there", [2, .. "nowhere"u8], 1), ("COM_SET_OPTION", [0x1B, 0, 0], 1), ("COM_PING", [0x0E], 1),
        ("COM_RESET_CONNECTION", [0x1F], 1), ("COM_STMT_RESET of none", [0x1A, 9, 0, 0, 0], 1), ("COM_PROCESS_KILL of none", [0x0C, 0xFF, 0xFF, 0xFF, 0x7F], 1),
    ];

    private static readonly string[] Texts =
    [
        "SELECT 1", "SELECT NULL, 'x', 1.5, date '2020-01-02'", "SELECT 1; SELECT 'two'; SELECT 3", "SELECT 1; SELECT nothing; SELECT 3", "SET @a = 5; SELECT @a", "SELECT item FROM orders", "UPDATE orders SET item = item",
        "SELECT nothing FROM orders", "SELEC 1", "SELECT $$", "SELECT 'open", "SELECT `open", "", "BEGIN; SELECT 1; ROLLBACK", "SHOW COLUMNS FROM orders", "DESCRIBE people", "SHOW CREATE TABLE people", "SELECT id, name FROM people", "SELECT count(*) FROM people",
        "SELECT p.name, o.item FROM people p JOIN orders o ON o.person_id = p.id ORDER BY o.id", "SELECT id AS ssn FROM orders", "SHOW TABLES", "SET NAMES latin1; SELECT 'é'", "SELECT \"double\", 'it\\'s'",
        "SET sql_mode = 'ANSI_QUOTES'; SELECT \"item\" FROM orders",
    ];

    [Test]
    public async Task The_answer_to_a_command_is_the_servers_own([Values] MySqlFlavour flavour, [Range(0, 6)] int index)
    {
        var (name, payload, answers) = Simple[index];
        await using var direct = await MySqlShop.DirectAsync(flavour);
        await using var proxied = await MySqlShop.ThroughProxyAsync(flavour);
        foreach (var _ in Enumerable.Range(0, answers))
            Assert.That(await AskAsync(proxied, payload), Is.EqualTo(await AskAsync(direct, payload)), name);
    }

    [Test]
    public async Task The_answer_to_a_text_is_the_servers_own(
        [Values] MySqlFlavour flavour, [ValueSource(nameof(Texts))] string sql, [Values(0u, MySqlCapabilities.DeprecateEof | MySqlCapabilities.SessionTrack, MySqlCapabilities.QueryAttributes)] uint capabilities)
    {
        await using var direct = await MySqlShop.DirectAsync(flavour, capabilities);
        await using var proxied = await MySqlShop.ThroughProxyAsync(flavour, capabilities);
        Assert.That(Show(await proxied.QueryAsync(sql)), Is.EqualTo(Show(await direct.QueryAsync(sql))));
    }

    [Test]
    public async Task Several_results_and_OUT_parameters_of_a_prepared_CALL([Values] MySqlFlavour flavour)
    {
        await MySqlShop.Database(flavour).ExecuteAsync("DROP PROCEDURE IF EXISTS two_results", "CREATE PROCEDURE two_results() BEGIN SELECT item FROM orders WHERE id = 1; SELECT 2; END");
        await MySqlShop.LookAsync(flavour);
        await using var client = await MySqlShop.ThroughProxyAsync(flavour);
        Assert.That((await PreparedQuery.RunAsync(client, "CALL two_results()")).Rows.Select(row => row[0]), Is.EqualTo(new[] { "keyboard", "2" }));
    }

    [Test]
    public async Task Cursors_keep_CURSOR_EXISTS_and_their_rows_are_fetched([Values] MySqlFlavour flavour)
    {
        await using var client = await MySqlShop.ThroughProxyAsync(flavour);
        var query = await PreparedQuery.RunAsync(client, "SELECT id, ssn FROM people ORDER BY id", cursor: true);
        Assert.That(query.Rows.Select(row => row[1]), Is.EqualTo(new[] { "**************", "**************" }));
    }

    [Test]
    public async Task RESET_CONNECTION_drops_variables([Values] MySqlFlavour flavour)
    {
        await using var client = await MySqlShop.ThroughProxyAsync(flavour);
        await client.QueryAsync("SET @a = 5");
        await AskAsync(client, [0x1F]);
        Assert.That((await client.RowsAsync("SELECT @a"))[0][0], Is.Null);
    }

    [TestCase(0x12)]
    [TestCase(0x1E)]
    [TestCase(0x15)]
    public async Task The_binary_log_is_export(byte command)
    {
        await using var client = await MySqlShop.ThroughProxyAsync(MySqlFlavour.MariaDb);
        await client.SendCommandAsync([command, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
        Assert.That((await client.ReadPacketAsync()).ErrorCode, Is.EqualTo(1142));
    }

    [Test]
    public async Task What_is_unknown_is_refused([Values(0x00, 0x21, 0x7E, 0xFA)] int command)
    {
        await using var client = await MySqlShop.ThroughProxyAsync(MySqlFlavour.MySql);
        await client.SendCommandAsync([(byte)command, 1, 2, 3, 4]);
        Assert.That((await client.ReadPacketAsync()).ErrorCode, Is.EqualTo(1047));
        Assert.That(await client.RowsAsync("SELECT 1"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task SEND_LONG_DATA_has_no_answer_and_a_parameter_of_many_packets_arrives([Values] MySqlFlavour flavour)
    {
        await using var client = await MySqlShop.ThroughProxyAsync(flavour);
        await client.SendCommandAsync([0x16, .. "SELECT length(?)"u8]);
        var id = (await client.ReadPacketAsync()).Payload[1..5];
        for (var left = 4; left > 0; left--)
            await client.ReadPacketAsync();
        foreach (var _ in Enumerable.Range(0, 3))
            await client.SendCommandAsync([0x18, .. id, 0, 0, .. new byte[9_000_000]]);
        await client.SendCommandAsync([0x17, .. id, 0, 1, 0, 0, 0, 0, 1, 0xFC, 0]);
        for (var left = 3; left > 0; left--)
            await client.ReadPacketAsync();
        Assert.That(Encoding.ASCII.GetString((await client.ReadPacketAsync()).Payload[2..]), Is.Not.Empty);
        await client.ReadPacketAsync();
        Assert.That(await client.RowsAsync("SELECT 1"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_statement_of_more_than_16_MB_and_its_row_pass([Values] MySqlFlavour flavour)
    {
        await using var client = await MySqlShop.ThroughProxyAsync(flavour);
        var row = (await client.RowsAsync($"SELECT '{new string('y', 17_000_000)}', 7")).Single();
        Assert.That((row[0]?.Length, row[1]), Is.EqualTo((17_000_000, "7")));
    }

    [Test]
    public async Task Commands_may_be_sent_ahead_of_the_answers([Values] MySqlFlavour flavour)
    {
        await using var client = await MySqlShop.ThroughProxyAsync(flavour);
        await client.SendAsync([.. MySqlMessage.Framed(MySqlMessage.Query("SELECT 1")), .. MySqlMessage.Framed([0x0E]), .. MySqlMessage.Framed(MySqlMessage.Query("SELECT ssn FROM people"))]);
        await client.ReadResultsAsync();
        Assert.That((await client.ReadPacketAsync()).IsOk);
        Assert.That(MySqlShop.Shows(await client.ReadResultsAsync()), Is.False);
    }

    private static async Task<string> AskAsync(MySqlWireClient client, byte[] payload)
    {
        await client.SendCommandAsync(payload);
        return Show([await client.ReadPacketAsync()]);
    }

    private static string Show(IEnumerable<MySqlPacket> packets) => string.Join('\n', packets.Select(packet => $"{packet.Sequence} {Convert.ToHexString(packet.Payload)}"));
}
