using System.Text;
using WireGuardian.MySql.Packets;
using WireGuardian.MySql.Relay;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Relay;
using static WireGuardian.MySql.Tests.Relay.ServerPacket;

namespace WireGuardian.MySql.Tests.Relay;

public sealed class CommandTests
{
    [Test]
    public void A_refused_statement_never_reaches_the_server_and_is_answered_with_the_next_number()
    {
        using var relay = new RelayBench();
        relay.Client(Query("DROP TABLE orders"));
        Assert.That(relay.ServerSaw, Is.Empty);
        Assert.That(relay.AtGate, Is.EqualTo(new[] { "DROP TABLE orders" }));
        Assert.That(relay.ClientSaw.Single(), Is.EqualTo(((byte)1, (byte[])[0xFF, 0x76, 0x04, .. "#42000denied"u8])));
        relay.Client(Query("SELECT 1"));
        Assert.That(relay.ServerSaw, Is.EqualTo("Query"));
    }

    [Test]
    public void Texts_that_differ_in_numbers_alone_stay_their_own()
    {
        using var relay = new RelayBench { Approves = true };
        string[] reads = [.. Enumerable.Range(1, 4).Select(id => $"SELECT note FROM orders WHERE id = {id}")];
        string[] writes = [.. Enumerable.Range(1, 4).Select(id => $"DELETE FROM orders WHERE id = {id}")];
        foreach (var sql in reads.Concat(writes))
            relay.Client(Query(sql)).Server(Ok(1));
        Assert.That(relay.PassedAtOnce, Is.EqualTo(reads));
        Assert.That(relay.AtGate, Is.EqualTo(writes));
    }

    [Test]
    public void A_refusal_waits_for_the_answers_before_it()
    {
        using var relay = new RelayBench();
        relay.Client(Query("SELECT 1"), Query("DROP TABLE orders"));
        Assert.That(relay.ClientSaw, Is.Empty);
        relay.Server(Ok(1));
        Assert.That(relay.ClientSaw.Select(packet => packet.Payload[0]), Is.EqualTo(new byte[] { 0, 0xFF }));
    }

    [Test]
    public void Multi_statements_are_classified_before_any_is_sent()
    {
        using var relay = new RelayBench();
        relay.Client(Query("SELECT 1; DROP TABLE orders"));
        Assert.That(relay.ServerSaw, Is.Empty);
        Assert.That(relay.AtGate, Has.Count.EqualTo(1));
    }

    [Test]
    public void What_a_prepared_statement_runs_is_held_when_it_runs()
    {
        using var relay = new RelayBench();
        relay.Client(Send(Command.StatementPrepare, "DELETE FROM orders"u8.ToArray())).Server(Prepared(1, 4, 0, 0));
        relay.Client(Statement(Command.StatementExecute, 4, 0, 1, 0, 0, 0));
        Assert.That(relay.AtGate, Is.EqualTo(new[] { "DELETE FROM orders" }));
        Assert.That(relay.ServerSaw, Is.EqualTo("StatementPrepare"));
    }

    [Test]
    public void The_statement_prepared_last_can_be_run_by_the_number_minus_one()
    {
        using var relay = new RelayBench();
        relay.Client(Send(Command.StatementPrepare, "DELETE FROM orders"u8.ToArray()), Statement(Command.StatementExecute, PreparedTable.LastPrepared, 0, 1, 0, 0, 0));
        Assert.That(relay.AtGate, Is.Empty, "what it means is known once the server has answered");
        relay.Server(Prepared(1, 4, 0, 0));
        Assert.That(relay.AtGate, Is.EqualTo(new[] { "DELETE FROM orders" }));
    }

    [Test]
    public void An_unknown_prepared_statement_is_refused_in_the_servers_words()
    {
        using var relay = new RelayBench();
        relay.Client(Statement(Command.StatementExecute, 9, 0, 1, 0, 0, 0));
        Assert.That(relay.ServerSaw, Is.Empty);
        Assert.That(Encoding.UTF8.GetString(relay.ClientSaw.Single().Payload), Does.Contain("Unknown prepared statement handler"));
    }

    [Test]
    public void SEND_LONG_DATA_has_no_answer()
    {
        using var relay = new RelayBench();
        relay.Client(Send(Command.StatementPrepare, "INSERT INTO orders VALUES (?)"u8.ToArray())).Server(Prepared(1, 2, 0, 1), Column(2, "", "?"), Eof(3));
        relay.Client(Statement(Command.StatementSendLongData, 2, [0, 0, .. new byte[100_000]]));
        Assert.That(relay.Core.State.IsSettled);
        relay.Client(Statement(Command.StatementExecute, 2, 0, 1, 0, 0, 0)).Server(Ok(1));
        Assert.That(relay.Core.State.IsSettled);
        Assert.That(relay.ServerSaw, Is.EqualTo("StatementPrepare StatementSendLongData StatementExecute"));
    }

    [TestCase(0x21)]
    [TestCase(0xFA)]
    [TestCase(0x00)]
    [TestCase(0x7F)]
    public void What_is_unknown_is_refused(byte command)
    {
        using var relay = new RelayBench(rules: false);
        relay.Client(Framed([command], 0));
        Assert.That(relay.ServerSaw, Is.Empty);
        Assert.That(relay.ClientSaw.Single().Payload[1..3], Is.EqualTo(new byte[] { 0x17, 0x04 }), "error 1047");
    }

    [TestCase(Command.BinlogDump)]
    [TestCase(Command.BinlogDumpGtid)]
    [TestCase(Command.RegisterSlave)]
    public void The_binary_log_is_an_export(Command command)
    {
        using var relay = new RelayBench();
        relay.Client(Framed([(byte)command, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 0));
        Assert.That(relay.ServerSaw, Is.Empty);
        Assert.That(relay.ClientSaw.Single().Payload[0], Is.EqualTo(0xFF));
    }

    [Test]
    public void RESET_CONNECTION_forgets_prepared_statements()
    {
        using var relay = new RelayBench();
        relay.Client(Send(Command.StatementPrepare, "SELECT 1"u8.ToArray())).Server(Prepared(1, 2, 0, 0));
        relay.Client(Send(Command.ResetConnection)).Server(Ok(1));
        Assert.That(relay.Core.State.Prepared.Count, Is.Zero);
        Assert.That(relay.Core.State.KnowsSettings, Is.False);
    }

    [Test]
    public void CHANGE_USER_is_followed_by_nothing_that_the_server_has_not_asked_for()
    {
        using var relay = new RelayBench();
        byte[] change = [(byte)Command.ChangeUser, .. "bob\0"u8, 0, .. "shop\0"u8, 45, 0, .. "mysql_native_password\0"u8];
        relay.Client(Framed(change, 0), Query("DROP TABLE orders"));
        Assert.That(relay.ServerSaw, Is.EqualTo("ChangeUser"), "a command behind it is no reply");
        relay.Server(Ok(1));
        Assert.That(relay.Users, Is.EqualTo(new[] { "bob" }));
        Assert.That(relay.AtGate, Is.EqualTo(new[] { "DROP TABLE orders" }));
    }

    [Test]
    public void A_file_is_refused_unless_the_listener_allows_it()
    {
        using var relay = new RelayBench();
        relay.Client(Query("LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE orders"));
        Assert.That(relay.AtGate, Has.Count.EqualTo(1));
        Assert.That(relay.ServerSaw, Is.Empty);
    }

    [Test]
    public void A_server_that_asks_for_a_file_unasked_ends_the_session()
    {
        using var relay = new RelayBench(localInfile: true);
        relay.Client(Query("SELECT 1"));
        Assert.That(() => relay.Server(Framed([0xFB, .. "/etc/passwd"u8], 1)), Throws.TypeOf<ProtocolException>());
    }

    [Test]
    public void A_file_that_is_allowed_flows_until_its_empty_packet()
    {
        using var relay = new RelayBench(localInfile: true);
        relay.Client(Query("LOAD DATA LOCAL INFILE 'x' INTO TABLE orders")).Server(Framed([0xFB, (byte)'x'], 1));
        relay.Client(Framed("1,2\n"u8.ToArray(), 2), Framed([], 3), Query("DROP TABLE orders"));
        Assert.That(relay.AtGate, Is.Empty, "the server has still to say what it made of the file");
        relay.Server(Ok(4));
        Assert.That(relay.AtGate, Is.EqualTo(new[] { "DROP TABLE orders" }));
    }

    [Test]
    public void KILL_is_told_once_the_server_has_taken_it()
    {
        using var relay = new RelayBench();
        relay.Client(Query("KILL QUERY 77"));
        Assert.That(relay.KilledConnections, Is.Empty);
        relay.Server(Ok(1)).Client(Send(Command.ProcessKill, 78, 0, 0, 0)).Server(Error(1, 1094, "Unknown thread id: 78"));
        Assert.That(relay.KilledConnections, Is.EqualTo(new ulong[] { 77 }));
    }

    [Test]
    public void Settings_that_decide_how_a_text_reads_are_asked_for_unseen()
    {
        using var relay = new RelayBench();
        relay.Core.State.KnowsSettings = false;
        relay.Client(Query("SELECT \"ssn\" FROM people"));
        Assert.That(Encoding.UTF8.GetString(ServerPacket.Read(relay.ToServer.ToArray()).Single().Payload), Does.Contain("sql_mode"));
        relay.Server(Count(1, 3), Column(2, "", "a"), Column(3, "", "b"), Column(4, "", "c"), Eof(5), TextRow(6, "ANSI_QUOTES", "utf8mb4", "shop"), Eof(7));
        Assert.That(relay.ClientSaw, Is.Empty);
        Assert.That(relay.ServerSaw, Is.EqualTo("Query Query"));
        Assert.That(relay.Core.State.Settings.Modes, Is.EqualTo(WireGuardian.Sql.MySql.MySqlSqlModes.AnsiQuotes));
    }

    [Test]
    public void QUIT_ends_the_session_also_behind_what_is_held()
    {
        using var relay = new RelayBench { IsAsked = false };
        relay.Client(Query("DROP TABLE orders"));
        Assert.That(relay.Wait, Is.EqualTo(ClientWait.Gate));
        Assert.That(relay.Core.HoldsGoodbye([.. Query("DROP TABLE orders"), .. Send(Command.Quit)]));
        Assert.That(relay.Core.HoldsGoodbye([.. Query("DROP TABLE orders"), .. Send(Command.Ping)]), Is.False);
        using var other = new RelayBench();
        Assert.That(other.Client(Send(Command.Quit)).ClientNeed, Is.EqualTo(RelayNeed.End));
    }

    /// <summary>Nobody decides about it: what was asked for before the goodbye is done before it.</summary>
    [Test]
    public void QUIT_behind_what_waits_for_answers_comes_in_its_turn()
    {
        using var relay = new RelayBench();
        relay.Client([.. Query("SELECT 1"), .. Send(Command.Ping)]);
        Assert.That(relay.Wait, Is.EqualTo(ClientWait.Settled));
        Assert.That(relay.Core.HoldsGoodbye([.. Send(Command.Ping), .. Send(Command.Quit)]), Is.False);
        relay.Client(Send(Command.Quit)).Server(Ok(1)).Server(Ok(1));
        Assert.That(relay.ServerSaw, Is.EqualTo("Query Ping Quit"));
    }

    [Test]
    public void Query_attributes_stand_in_front_of_the_statement()
    {
        using var relay = new RelayBench(capabilities: RelayBench.Usual | CapabilityFlags.QueryAttributes);
        byte[] attributes = [1, 1, 0, 1, 0xFD, 0, 1, (byte)'n', 4, .. "DROP"u8];
        relay.Client(Framed([(byte)Command.Query, .. attributes, .. "DROP TABLE orders"u8], 0));
        Assert.That(relay.AtGate, Is.EqualTo(new[] { "DROP TABLE orders" }));
        relay.Client(Framed([(byte)Command.Query, 200, 1, 0], 0));
        Assert.That(relay.ServerSaw, Is.Empty, "malformed attributes hide the statement");
    }

    [Test]
    public void A_catalog_change_ends_with_its_answer([Values] bool fails)
    {
        using var relay = new RelayBench { Approves = true };
        relay.Client(Query("DROP TABLE orders"));
        Assert.That(relay.Catalog.Changes, Is.EqualTo(1));
        relay.Server(fails ? Error(1, 1051, "Unknown table") : Ok(1));
        Assert.That(relay.Catalog.Changes, Is.Zero);
    }
}
