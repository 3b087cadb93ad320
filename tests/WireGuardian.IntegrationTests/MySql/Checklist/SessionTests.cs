using WireGuardian.Testing.MySql;

namespace WireGuardian.IntegrationTests.MySql.Checklist;

/// <summary>The checklist's lines on commands and packets, where masks, holds and a session's state come together.</summary>
[TestFixture]
public sealed class SessionTests
{
    [Test]
    public async Task Nothing_is_injected_without_renumbering([Values] MySqlFlavour flavour)
    {
        await using var client = await MySqlShop.ThroughProxyAsync(flavour);
        // The command takes two packets, 0 and 1, so the answer is number 2; the refusal is the proxy's own.
        var refused = (await client.QueryAsync($"SELECT '{new string('y', 17_000_000)}' INTO OUTFILE '/tmp/never'")).Single();
        Assert.That((refused.Sequence, refused.ErrorCode), Is.EqualTo(((byte)2, 1142)));
        // Asked for the session's settings behind the client's back, the server's answer to that is number 1 to 5 of another exchange.
        await client.QueryAsync("SET sql_mode = 'ANSI_QUOTES'");
        var rows = await client.QueryAsync("SELECT \"ssn\", 'a\"b' FROM people WHERE id = 1");
        Assert.That(rows.Select(packet => (int)packet.Sequence), Is.EqualTo(Enumerable.Range(1, rows.Count)));
        Assert.That(MySqlShop.Shows(rows), Is.False);
        // An error whose text is replaced keeps its number behind the rows before it.
        var broken = await client.QueryAsync("SELECT ssn FROM people UNION ALL SELECT extractvalue(1, concat('~', ssn)) FROM people");
        Assert.That(broken.Select(packet => (int)packet.Sequence), Is.EqualTo(Enumerable.Range(1, broken.Count)));
        Assert.That(broken[^1].IsError);
        Assert.That(MySqlShop.Shows(broken), Is.False);
    }

    [Test]
    public async Task A_sequence_number_that_wraps_is_followed_in_masked_rows([Values] MySqlFlavour flavour)
    {
        await using var client = await MySqlShop.ThroughProxyAsync(flavour);
        var packets = await client.QueryAsync("SELECT a.ssn, b.id FROM people a, people b, people c, people d, people e, people f, people g, people h, people i");
        Assert.That(packets, Has.Count.EqualTo(512 + 5));
        Assert.That(packets.Select((packet, index) => packet.Sequence == (byte)(index + 1)), Is.All.True);
        Assert.That(MySqlShop.Shows(packets), Is.False);
        Assert.That((await client.QueryAsync("SELECT 1"))[0].Sequence, Is.EqualTo(1));
    }

    [Test]
    public async Task OUT_parameters_come_as_a_result_of_their_own_and_are_masked([Values] MySqlFlavour flavour)
    {
        await MySqlShop.Database(flavour).ExecuteAsync(
            "DROP PROCEDURE IF EXISTS out_and_rows", "CREATE PROCEDURE out_and_rows(IN a int, OUT b varchar(40), INOUT c int) BEGIN SELECT item FROM orders WHERE id = a; SET b = 'plain'; SET c = c + 1; END",
            "DROP PROCEDURE IF EXISTS out_masked", "CREATE PROCEDURE out_masked(OUT b varchar(40)) BEGIN SELECT ssn INTO b FROM people WHERE id = 1; END");
        await MySqlShop.LookAsync(flavour);
        await using var client = await MySqlShop.ThroughProxyAsync(flavour);
        Assert.That(await ExecuteAsync(client, "CALL out_and_rows(1, ?, ?)", [0xFE, 0, 3, 0], [.. MySqlMessage.LengthEncoded("x"), 7, 0, 0, 0]), Does.Contain("keyboard").And.Contain("plain"));
        var masked = await ExecuteAsync(client, "CALL out_masked(?)", [0xFE, 0], MySqlMessage.LengthEncoded("x"));
        Assert.That(masked, Does.Not.Contain(MySqlShop.Canary));
    }

    [Test]
    public async Task The_first_error_ends_several_results_and_each_is_masked_by_its_own_plan([Values] MySqlFlavour flavour)
    {
        await using var client = await MySqlShop.ThroughProxyAsync(flavour);
        var results = await client.QueryAsync("SELECT item FROM orders WHERE id = 1; SELECT ssn FROM people WHERE id = 1; SELECT nothing; SELECT 'never'");
        Assert.That(results[^1].ErrorCode, Is.EqualTo(1054));
        var text = string.Concat(results.Select(packet => System.Text.Encoding.Latin1.GetString(packet.Payload)));
        Assert.That(text, Does.Contain("keyboard").And.Contain("**************").And.Not.Contain("never").And.Not.Contain(MySqlShop.Canary));
    }

    [Test]
    public async Task Rows_of_COM_STMT_FETCH_are_masked_also_after_other_statements([Values] MySqlFlavour flavour)
    {
        await using var client = await MySqlShop.ThroughProxyAsync(flavour);
        await client.SendCommandAsync([0x16, .. "SELECT id, ssn FROM people ORDER BY id"u8]);
        var id = (await client.ReadPacketAsync()).Payload[1..5];
        await ReadAsync(client, 3);
        await client.SendCommandAsync([0x17, .. id, 1, 1, 0, 0, 0]);
        var end = (await ReadAsync(client, 4))[^1];
        Assert.That(end.Payload[3] & 0x40, Is.Not.Zero, "CURSOR_EXISTS");
        Assert.That((await client.RowsAsync("SELECT item FROM orders WHERE id = 1"))[0][0], Is.EqualTo("keyboard"));
        foreach (var _ in Enumerable.Range(0, 2))
        {
            await client.SendCommandAsync([0x1C, .. id, 1, 0, 0, 0]);
            var row = await client.ReadPacketAsync();
            Assert.That(System.Text.Encoding.Latin1.GetString(row.Payload), Does.Contain("**************").And.Not.Contain(MySqlShop.Canary));
            await client.ReadPacketAsync();
        }
    }

    [Test]
    public async Task RESET_CONNECTION_drops_statements_temporary_tables_and_variables([Values] MySqlFlavour flavour)
    {
        await using var client = await MySqlShop.ThroughProxyAsync(flavour);
        await client.SendCommandAsync([0x16, .. "SELECT 1"u8]);
        var id = (await client.ReadPacketAsync()).Payload[1..5];
        await ReadAsync(client, 2);
        await client.RowsAsync("SET @a = 5; PREPARE p FROM 'SELECT 1'");
        await client.SendCommandAsync([0x1F]);
        Assert.That((await client.ReadPacketAsync()).IsOk);
        await client.SendCommandAsync([0x17, .. id, 0, 1, 0, 0, 0]);
        Assert.That((await client.ReadPacketAsync()).ErrorCode, Is.EqualTo(1243));
        Assert.That((await client.RowsAsync("SELECT @a"))[0][0], Is.Null);
        Assert.That((await client.QueryAsync("EXECUTE p"))[0].IsError);
        // What the session knew of the database it is in is asked for anew.
        Assert.That((await client.RowsAsync("SELECT name, ssn FROM people WHERE id = 1"))[0], Is.EqualTo(new[] { "Ada", "**************" }));
    }

    [Test]
    public async Task CHANGE_USER_is_judged_anew_by_the_new_login_and_forgets_prepared_statements([Values] MySqlFlavour flavour)
    {
        await using var client = await MySqlShop.ThroughProxyAsync(flavour, account: MySqlAccounts.Empty);
        await client.SendCommandAsync([0x16, .. "SELECT ssn FROM people WHERE id = 1"u8]);
        var id = (await client.ReadPacketAsync()).Payload[1..5];
        await ReadAsync(client, 2);
        var plugin = client.Greeting!.Plugin;
        await client.SendCommandAsync(MySqlMessage.ChangeUser(
            MySqlAccounts.App.User, MySqlPassword.Answer(plugin, MySqlAccounts.App.Password, client.Greeting.Scramble, tls: false), MySqlShop.Database(flavour).Name, plugin));
        var answer = await client.AnswerAsync(plugin, client.Greeting.Scramble, MySqlAccounts.App.Password);
        Assert.That(answer.IsOk, answer.ToString);
        await client.SendCommandAsync([0x17, .. id, 0, 1, 0, 0, 0]);
        Assert.That((await client.ReadPacketAsync()).ErrorCode, Is.EqualTo(1243));
        Assert.That((await client.RowsAsync("SELECT ssn FROM people WHERE id = 1"))[0][0], Is.EqualTo("**************"));
    }

    [Test]
    public async Task Every_statement_of_a_text_is_classified_before_any_is_sent([Values] MySqlFlavour flavour)
    {
        await using var client = await MySqlShop.ThroughProxyAsync(flavour);
        Assert.That((await client.QueryAsync("INSERT INTO orders VALUES (950, 1, 'lamp'); SELECT * FROM orders INTO OUTFILE '/tmp/never'")).Single().ErrorCode, Is.EqualTo(1142));
        Assert.That(await client.RowsAsync("SELECT * FROM orders WHERE id = 950"), Is.Empty);
    }

    [Test]
    public async Task KILL_by_the_id_that_the_greeting_tells_ends_the_statement_that_is_held(
        [Values] MySqlFlavour flavour, [Values("KILL QUERY", "KILL", "COM_PROCESS_KILL")] string how)
    {
        if (how == "COM_PROCESS_KILL" && flavour == MySqlFlavour.MySql)
            Assert.Ignore("MySQL 9 knows no COM_PROCESS_KILL any more");
        await using var client = await MySqlShop.ThroughProxyAsync(flavour);
        await using var other = await MySqlShop.ThroughProxyAsync(flavour);
        var held = client.QueryAsync("DROP TABLE orders");
        await MySqlShop.PendingAsync(flavour);
        var id = client.Greeting!.ConnectionId;
        if (how == "COM_PROCESS_KILL")
            await other.SendCommandAsync([0x0C, .. BitConverter.GetBytes(id)]);
        else
            await other.SendCommandAsync(MySqlMessage.Query($"{how} {id}"));
        Assert.That((await other.ReadPacketAsync()).IsOk);
        try
        {
            Assert.That((await held)[^1].ErrorCode, Is.EqualTo(1317));
        }
        catch (EndOfStreamException) when (how != "KILL QUERY")
        {
            // The connection itself is gone as well: the client hears either.
        }
    }

    [Test]
    public async Task Dates_and_times_of_every_length_are_masked_validly([Values] MySqlFlavour flavour)
    {
        var database = MySqlShop.Database(flavour);
        await database.ExecuteAsync(
            "CREATE TABLE kinds_dates (m_0 datetime, m_4 datetime, m_7 datetime, m_11 datetime(6), m_d date, m_t0 time, m_t8 time, m_t12 time(6), after int)",
            "SET sql_mode = ''",
            "INSERT IGNORE INTO kinds_dates VALUES ('0000-00-00', '2001-02-03', '2001-02-03 04:05:06', '2001-02-03 04:05:06.789', '0000-00-00', '00:00:00', '-34:05:06', '34:05:06.789', 7)");
        await MySqlShop.LookAsync(flavour);
        await using var client = await MySqlShop.ThroughProxyAsync(flavour);
        var text = (await client.RowsAsync("SELECT * FROM kinds_dates")).Single();
        Assert.That(text, Is.EqualTo(new[]
        {
            "1970-01-01 00:00:00", "1970-01-01 00:00:00", "1970-01-01 00:00:00", "1970-01-01 00:00:00.000000", "1970-01-01", "00:00:00", "00:00:00", "00:00:00.000000", "7",
        }));
        var binary = (await PreparedQuery.RunAsync(client, "SELECT * FROM kinds_dates")).Rows.Single();
        Assert.That(binary.Select(value => value!.Split('.')[0]), Is.EqualTo(text.Select(value => value!.Split('.')[0])));
        await database.ExecuteAsync("DROP TABLE kinds_dates");
    }

    /// <summary>Prepares a statement and executes it with parameters; the whole answer as Latin-1.</summary>
    private static async Task<string> ExecuteAsync(MySqlWireClient client, string sql, byte[] types, byte[] values)
    {
        await client.SendCommandAsync([0x16, .. System.Text.Encoding.UTF8.GetBytes(sql)]);
        var prepared = await client.ReadPacketAsync();
        Assert.That(prepared.IsOk, prepared.ToString);
        await ReadAsync(client, types.Length / 2 + 1 + (prepared.Payload[5] == 0 ? 0 : prepared.Payload[5] + 1));
        await client.SendCommandAsync([0x17, .. prepared.Payload[1..5], 0, 1, 0, 0, 0, 0, 1, .. types, .. values]);
        var answer = new System.Text.StringBuilder();
        // The last packet is an OK that announces no more results; a row of these is longer.
        for (MySqlPacket packet; (packet = await client.ReadPacketAsync()) is not { Payload: [0, _, _, _, _, _, _] } || (packet.Payload[3] & 8) != 0;)
        {
            Assert.That(packet.IsError, Is.False, packet.ToString);
            answer.Append(System.Text.Encoding.Latin1.GetString(packet.Payload));
        }
        return answer.ToString();
    }

    private static async Task<IReadOnlyList<MySqlPacket>> ReadAsync(MySqlWireClient client, int count)
    {
        var packets = new List<MySqlPacket>();
        for (; count > 0; count--)
            packets.Add(await client.ReadPacketAsync());
        return packets;
    }
}
