using System.Text;
using WireGuardian.Core.Masking;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.MySql.Framing;
using WireGuardian.MySql.Packets;
using WireGuardian.MySql.Relay;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Relay;
using static WireGuardian.MySql.Tests.Relay.ServerPacket;

namespace WireGuardian.MySql.Tests.Relay;

/// <summary>A result that passes its limit stops before the first row that is too many, goes on or ends with an error of the number that the client expects; and both sides stay in step.</summary>
public sealed class ResultLimitTests
{
    private const StatusFlags More = StatusFlags.AutoCommit | StatusFlags.MoreResultsExist;

    private static readonly ApprovalRule TwoRows = new() { Name = "reads", Kinds = StatementKinds.Select | StatementKinds.Export, Action = RuleAction.Allow, MaxRows = 2 };

    [Test]
    public void It_stops_before_the_row_that_is_too_many_and_goes_on_when_it_may([Values] bool deprecateEof)
    {
        using var relay = Bench(capabilities: deprecateEof ? RelayBench.Usual | CapabilityFlags.DeprecateEof : RelayBench.Usual);
        relay.Client(Query("SELECT id FROM orders")).Server(Count(1, 1), Column(2, "orders", "id"));
        var first = deprecateEof ? 3 : 4;
        relay.Server([.. deprecateEof ? [] : Eof(3), .. Rows(first, 4), .. deprecateEof ? End(first + 4) : Eof(first + 4)]);
        Assert.That((Seen(relay, first), relay.Core.Server.Paused?.Reached), Is.EqualTo(("row1 row2", "The result has more than 2 rows (maxRows).")));
        Assert.That(relay.ServerNeed, Is.EqualTo(RelayNeed.Answer));
        relay.AtLimit = server => server.GoOn("R1", null);
        Assert.That(Seen(relay.Server([[]]), first), Is.EqualTo("row1 row2 row3 row4 end"));
        Assert.That((relay.Core.State.IsSettled, Numbered(relay)), Is.EqualTo((true, true)));
    }

    [Test]
    public void Exactly_the_limit_is_not_beyond_it() =>
        Assert.That(Seen(Begun(Bench()).Server(Rows(4, 2), Eof(6)), 4), Is.EqualTo("row1 row2 end"));

    [Test]
    public void Ended_the_servers_error_is_replaced_and_nothing_more_passes()
    {
        using var relay = Begun(Bench(Stop));
        relay.Server([.. Rows(4, 6), .. Error(10, 1317, "Query execution was interrupted")]);
        Assert.That(Seen(relay, 4), Is.EqualTo("row1 row2 error"));
        Assert.That((relay.ClientSaw[^1].Sequence, Said(relay)), Is.EqualTo(((byte)6, "over the limit")));
        Assert.That(relay.Core.State.IsSettled);
        relay.Client(Query("SELECT 1 FROM orders")).Server(Ok(1));
        Assert.That((relay.ServerSaw, relay.ClientSaw[^1].Payload[0]), Is.EqualTo(("Query Query", (byte)0)), "the session goes on");
    }

    [Test]
    public void A_result_that_the_server_was_done_with_ends_with_the_same_error([Values] bool deprecateEof)
    {
        using var relay = Bench(Stop, deprecateEof ? RelayBench.Usual | CapabilityFlags.DeprecateEof : RelayBench.Usual);
        relay.Client(Query("SELECT id FROM orders")).Server(Count(1, 1), Column(2, "orders", "id"));
        relay.Server(deprecateEof ? [Rows(3, 4), End(7, StatusFlags.InTransaction)] : [Eof(3), Rows(4, 4), Eof(8, StatusFlags.InTransaction)]);
        Assert.That((Said(relay), Numbered(relay)), Is.EqualTo(("over the limit", true)));
        Assert.That((relay.Core.State.IsSettled, relay.Core.State.Status), Is.EqualTo((true, StatusFlags.InTransaction)));
    }

    [Test]
    public void The_error_has_its_number_where_numbers_have_wrapped()
    {
        using var relay = Begun(Bench(Stop, rule: TwoRows with { MaxRows = 300 }));
        relay.Server(Rows(4, 320), Error(324 % 256, 1317, "interrupted"));
        Assert.That(((int)relay.ClientSaw[^1].Sequence, Said(relay)), Is.EqualTo((304 % 256, "over the limit")));
    }

    [Test]
    public void Behind_the_end_nothing_of_the_other_results_comes()
    {
        using var relay = Bench(Stop);
        relay.Client(Query("SELECT id FROM orders; SELECT ssn FROM people; DO 1"));
        relay.Server(Count(1, 1), Column(2, "orders", "id"), Eof(3), Rows(4, 3), Eof(7, More));
        relay.Server(Count(8, 1), Column(9, "people", "ssn"), Eof(10), TextRow(11, "secret"), Eof(12, More), Ok(13));
        Assert.That((Seen(relay, 4), Numbered(relay), relay.Core.State.IsSettled), Is.EqualTo(("row1 row2 error", true, true)));
    }

    [Test]
    public void The_results_of_a_command_are_counted_together()
    {
        using var relay = Bench();
        relay.Client(Query("SELECT id FROM orders; SELECT id FROM orders"));
        relay.Server(Count(1, 1), Column(2, "orders", "id"), Eof(3), Rows(4, 2), Eof(6, More), Count(7, 1), Column(8, "orders", "id"), Eof(9), Rows(10, 1));
        Assert.That((relay.Core.Server.Paused is null, relay.ClientSaw[^1].Sequence), Is.EqualTo((false, (byte)9)));
    }

    [Test]
    public void A_file_that_the_server_asks_for_behind_the_end_ends_the_session()
    {
        using var relay = new RelayBench(localInfile: true, limiting: TwoRows) { Approves = true, AtLimit = Stop };
        relay.Client(Query("SELECT id FROM orders; LOAD DATA LOCAL INFILE 'x' INTO TABLE orders")).Server(Count(1, 1), Column(2, "orders", "id"), Eof(3), Rows(4, 3), Eof(7, More));
        Assert.That(() => relay.Server(Framed([0xFB, (byte)'x'], 8)), Throws.TypeOf<ProtocolException>());
    }

    [Test]
    public void What_comes_behind_waits_for_its_end_also_when_no_rule_is_left()
    {
        using var relay = Begun(Bench());
        relay.Server(Rows(4, 3));
        relay.Policies.Replace(new Policy());
        relay.Client(Query("SELECT 2"));
        Assert.That((relay.ServerSaw, relay.Wait), Is.EqualTo(("Query", ClientWait.Settled)));
        Assert.That(relay.Core.HoldsGoodbye([.. Query("SELECT 2"), .. Send(Command.Quit)]), "nor is a goodbye kept waiting");
        relay.AtLimit = Stop;
        relay.Server(Error(7, 1317, "interrupted"));
        Assert.That(relay.ServerSaw, Is.EqualTo("Query Query"));
    }

    [Test]
    public void Binary_rows_are_counted_too()
    {
        using var relay = Bench(Stop);
        Prepare(relay);
        relay.Client(Statement(Command.StatementExecute, 1, 0, 1, 0, 0, 0)).Server(Count(1, 1), Column(2, "orders", "id", ColumnType.Long, 63), Eof(3));
        relay.Server(BinaryRow(4, [1, 0, 0, 0]), BinaryRow(5, [2, 0, 0, 0]), BinaryRow(6, [3, 0, 0, 0]), Error(7, 1317, "interrupted"));
        Assert.That((relay.ClientSaw[^1].Sequence, Said(relay)), Is.EqualTo(((byte)6, "over the limit")));
    }

    [Test]
    public void A_cursor_is_counted_over_all_that_is_fetched_and_stays_ended()
    {
        using var relay = Bench();
        Prepare(relay);
        relay.Client(Statement(Command.StatementExecute, 1, 1, 1, 0, 0, 0));
        relay.Server(Count(1, 1), Column(2, "orders", "id"), Eof(3, StatusFlags.CursorExists));
        relay.Client(Statement(Command.StatementFetch, 1, 1, 0, 0, 0)).Server(BinaryRow(1, Text("a")), Eof(2, StatusFlags.CursorExists));
        relay.Client(Statement(Command.StatementFetch, 1, 2, 0, 0, 0)).Server(BinaryRow(1, Text("b")), BinaryRow(2, Text("c")), Eof(3, StatusFlags.CursorExists));
        Assert.That((relay.Core.Server.Paused is null, relay.ClientSaw[^1].Sequence), Is.EqualTo((false, (byte)1)));
        relay.AtLimit = Stop;
        relay.Server([[]]);
        Assert.That((relay.ClientSaw[^1].Sequence, Said(relay)), Is.EqualTo(((byte)2, "over the limit")));
        relay.Client(Statement(Command.StatementFetch, 1, 2, 0, 0, 0));
        Assert.That((relay.ClientSaw[^1].Sequence, Said(relay)), Is.EqualTo(((byte)1, "over the limit")), "nor is the server asked for more");
        relay.Client(Statement(Command.StatementExecute, 1, 1, 1, 0, 0, 0)).Server(Count(1, 1), Column(2, "orders", "id"), Eof(3, StatusFlags.CursorExists));
        relay.Client(Statement(Command.StatementFetch, 1, 1, 0, 0, 0)).Server(BinaryRow(1, Text("a")), Eof(2, StatusFlags.LastRowSent));
        Assert.That(relay.ClientSaw[^1].Payload[0], Is.EqualTo(0xFE), "executed anew it is counted anew");
    }

    [Test]
    public void A_number_of_bytes_is_not_passed_by_a_part_of_a_row()
    {
        using var relay = Begun(Bench(rule: TwoRows with { MaxRows = null, MaxBytes = 100 }));
        var before = relay.Server(Rows(4, 1)).ToClient.Length;
        relay.Server(TextRow(5, new string('x', 200))[..30]);
        Assert.That((relay.ToClient.Length - before, relay.Core.Server.Paused?.Reached), Is.EqualTo((0, "The result has more than 100 bytes (maxBytes), 1 rows of it were sent.")));
    }

    [TestCase(null, true, "before it is sent nobody knows how long it is")]
    [TestCase(1L, false, "it is one row")]
    public void A_row_of_many_packets(long? maxRows, bool waits, string why)
    {
        using var relay = Begun(Bench(rule: TwoRows with { MaxRows = maxRows, MaxBytes = maxRows is null ? 1L << 31 : null }));
        byte[] row = [0xFE, .. BitConverter.GetBytes((long)PacketHeader.LargestPayload + 1000), .. new byte[PacketHeader.LargestPayload + 1000]];
        relay.Server([.. Framed(row, 4).Chunk(1_000_003)]);
        Assert.That(relay.Core.Server.Paused is not null, Is.EqualTo(waits), why);
        if (waits)
            Assert.That(relay.Core.Server.Paused!.Reached, Does.Contain("may have more than 2147483648 bytes"));
        relay.AtLimit = server => server.GoOn("R1", 1);
        relay.Server([[]]);
        Assert.That(relay.ToClient.Length, Is.GreaterThan(PacketHeader.LargestPayload), "whole");
        relay.AtLimit = Stop;
        relay.Server([.. TextRow(6, "x"), .. Framed(row, 7)[..100]]);
        Assert.That((relay.ClientSaw[^1].Sequence, Said(relay).Length, relay.Core.ClientStreamIsAtBoundary), Is.EqualTo(((byte)5, 0, true)), "what is dropped leaves no packet open");
        relay.Server(Framed(row, 7)[100..], Error(9, 1317, "interrupted"));
        Assert.That((relay.ClientSaw[^1].Sequence, Said(relay)), Is.EqualTo(((byte)6, "over the limit")), "both packets were counted");
    }

    [Test]
    public void A_row_that_fits_the_buffer_goes_out_whole()
    {
        using var relay = Begun(Bench());
        var before = relay.Server(TextRow(4, "a")).ToClient.Length;
        var next = TextRow(5, new string('x', 1000));
        relay.Server(next[..900]);
        Assert.That((relay.ToClient.Length - before, relay.Core.ClientStreamIsAtBoundary), Is.EqualTo((0, true)));
        Assert.That(relay.Server(next[900..]).ToClient.Length - before, Is.EqualTo(next.Length));
    }

    [Test]
    public void Where_the_server_cannot_be_told_to_stop_the_session_ends_behind_the_error()
    {
        using var relay = Begun(Bench(server => server.EndResult(Refusal, isToldToStop: false)));
        relay.Server([.. Rows(4, 6)]);
        Assert.That((Seen(relay, 4), relay.ClientSaw[^1].Sequence, relay.ServerNeed), Is.EqualTo(("row1 row2 error", (byte)6, RelayNeed.End)));
    }

    [Test]
    public void A_server_that_gives_up_on_it_is_told_of()
    {
        using var relay = Begun(Bench());
        relay.Server(Rows(4, 3));
        Assert.That(relay.Core.Server.WordsAtServersEnd, Is.Null, "it was not held yet, or still is");
        relay.AtLimit = server => server.GoOn("R1", null);
        relay.Server(TextRow(7, "d")[..5]);
        Assert.That(Encoding.UTF8.GetString(relay.Core.Server.WordsAtServersEnd!), Does.Contain("R1").And.Contain("net_write_timeout"));
        Assert.That((relay.Core.ClientStreamIsAtBoundary, relay.Core.Server.NextSequence), Is.EqualTo((true, (byte)7)));
    }

    [Test]
    public void The_number_for_which_it_was_approved_ends_it_without_asking()
    {
        ApprovalRule? asked = TwoRows;
        using var relay = new RelayBench { Approves = true, MaxRows = 1 };
        relay.AtLimit = server => (asked, _) = (server.Paused!.Asks, Ended(server));
        relay.Client(Query("DELETE FROM orders RETURNING id")).Server(Count(1, 1), Column(2, "orders", "id"), Eof(3), Rows(4, 3), Error(7, 1317, "interrupted"));
        Assert.That((Seen(relay, 4), asked), Is.EqualTo(("row1 error", (ApprovalRule?)null)));
    }

    [Test]
    public void An_approval_of_more_rows_ends_it_at_their_number()
    {
        using var relay = Begun(Bench(server =>
        {
            if (server.Paused!.Asks is not null)
                server.GoOn("R1", 3);
            else
                Stop(server);
        }));
        Assert.That(Seen(relay.Server(Rows(4, 5), Eof(9)), 4), Is.EqualTo("row1 row2 row3 error"));
    }

    [Test]
    public void However_the_bytes_come_it_is_the_same([Values(1, 3, 7, 50)] int size, [Values(MaskKind.Redact, MaskKind.Token)] MaskKind mask)
    {
        using var relay = Bench(Stop, mask: mask);
        relay.Client(Query("SELECT ssn FROM people"));
        byte[] answer = [.. Count(1, 1), .. Column(2, "people", "ssn"), .. Eof(3), .. Rows(4, 5), .. TextRow(9, new string('x', 100)), .. Eof(10)];
        relay.Server([.. answer.Chunk(size)]);
        Assert.That((Seen(relay, 4), Numbered(relay)), Is.EqualTo(("masked masked error", true)));
    }

    [Test]
    public void Another_rule_that_decides_leaves_the_limit_in_force([Values] bool first)
    {
        ApprovalRule[] rules = [TwoRows, new() { Name = "changes", Kinds = StatementKinds.Delete, Action = RuleAction.Hold }];
        using var relay = new RelayBench(limiting: first ? rules : [.. rules.Reverse()]) { Approves = true };
        relay.Client(Query("DELETE FROM orders; SELECT id FROM orders")).Server(Ok(1, More), Count(2, 1), Column(3, "orders", "id"), Eof(4), Rows(5, 3));
        Assert.That(relay.Core.Server.Paused?.RuleName, Is.EqualTo("reads"));
    }

    [Test]
    public void The_binary_log_is_not_held_by_size_so_a_rule_that_asks_for_it_denies_it()
    {
        using var relay = new RelayBench(rules: false, limiting: TwoRows);
        relay.Client(Send(Command.BinlogDump, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0));
        Assert.That((relay.Verdicts.Single().Action, relay.Verdicts[0].RuleName), Is.EqualTo((RuleAction.Deny, "binary-log")));
    }

    [Test]
    public void A_session_whose_results_may_be_held_asks_the_server_to_wait_for_that([Values] bool refuses, [Values] bool attributes)
    {
        using var relay = Bench(capabilities: attributes ? RelayBench.Usual | CapabilityFlags.QueryAttributes : RelayBench.Usual);
        relay.Core.State.IsFresh = true;
        var query = attributes ? Send(Command.Query, [0, 1, .. "SELECT id FROM orders"u8]) : Query("SELECT id FROM orders");
        relay.Client(query);
        Assert.That(Encoding.ASCII.GetString(relay.ToServer.ToArray()), Does.EndWith("SET SESSION net_write_timeout=CAST(GREATEST(@@session.net_write_timeout,660) AS UNSIGNED)"));
        relay.Server(refuses ? Error(1, 1227, "Access denied") : Ok(1));
        Assert.That((relay.ToClient.Length, relay.ToServer.ToArray()[^query.Length..]), Is.EqualTo((0L, query)));
        relay.Server(Count(1, 1), Column(2, "orders", "id"), Eof(3), Rows(4, 1), Eof(5));
        relay.Client(query);
        Assert.That((Numbered(relay), relay.ServerSaw), Is.EqualTo((true, "Query Query Query")), "once");
    }

    [Test]
    public void One_that_is_reset_asks_again()
    {
        using var relay = Bench();
        relay.Client(Send(Command.ResetConnection)).Server(Ok(1)).Client(Send(Command.StatementPrepare, [.. "SELECT 1"u8]));
        Assert.That(Encoding.ASCII.GetString(relay.ToServer.ToArray()), Does.Contain("net_write_timeout"));
    }

    [Test]
    public void No_session_asks_where_no_result_can_be_held()
    {
        using var relay = new RelayBench();
        relay.Core.State.IsFresh = true;
        Assert.That(relay.Client(Query("SELECT id FROM orders")).ServerSaw, Is.EqualTo("Query"));
        Assert.That(Encoding.ASCII.GetString(relay.ToServer.ToArray()), Does.EndWith("orders"));
    }

    [Test]
    public void A_row_allocates_nothing([Values] bool masked)
    {
        using var relay = Bench(rule: TwoRows with { MaxRows = 1_000_000, MaxBytes = 1 << 30 });
        relay.Client(Query(masked ? "SELECT ssn FROM people" : "SELECT id FROM orders")).Server(Count(1, 1), Column(2, masked ? "people" : "orders", masked ? "ssn" : "id"), Eof(3));
        var output = new RelayOutput();
        byte[] rows = [.. Rows(4, 200)];
        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            relay.Core.FromServer(rows, output);
            output.Clear();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Allocated();
        Allocated();
        Assert.That(Allocated(), Is.Zero);
    }

    private static byte[] Refusal { get; } = [0xFF, 0x76, 0x04, .. "#42000over the limit"u8];

    private static RelayBench Bench(
        Action<ServerDirection>? atLimit = null, CapabilityFlags capabilities = RelayBench.Usual, ApprovalRule? rule = null, MaskKind mask = MaskKind.Redact) =>
        new(capabilities: capabilities, mask: mask, limiting: rule ?? TwoRows) { Approves = true, AtLimit = atLimit };

    /// <summary>A result of one column has begun; its first row has number 4.</summary>
    private static RelayBench Begun(RelayBench relay) => relay.Client(Query("SELECT id FROM orders")).Server(Count(1, 1), Column(2, "orders", "id"), Eof(3));

    private static void Prepare(RelayBench relay) =>
        relay.Client(Send(Command.StatementPrepare, [.. "SELECT id FROM orders"u8])).Server(Prepared(1, 1, 1, 0), Column(2, "orders", "id"), Eof(3));

    private static byte[] Rows(int sequence, int count) => [.. Enumerable.Range(1, count).SelectMany(row => TextRow(sequence + row - 1, $"row{row}"))];

    private static void Stop(ServerDirection server) => Ended(server);

    private static bool Ended(ServerDirection server)
    {
        server.EndResult(Refusal, isToldToStop: true);
        return true;
    }

    /// <summary>The packets from the one at <paramref name="first"/> on, which is the sequence number less one: what the first value of a row is, or what ended them.</summary>
    private static string Seen(RelayBench relay, int first) => string.Join(' ', relay.ClientSaw.Skip(first - 1).Select(packet => packet.Payload switch
    {
        [0xFF, ..] => "error",
        [0xFE, ..] => "end",
        var row => Values(row)[0] is { } value && value.StartsWith("row", StringComparison.Ordinal) ? value : "masked",
    }));

    /// <summary>What the last error says; empty where the last packet is none.</summary>
    private static string Said(RelayBench relay) => relay.ClientSaw[^1].Payload is [0xFF, _, _, _, _, _, _, _, _, .. var words] ? Encoding.UTF8.GetString(words) : "";

    private static bool Numbered(RelayBench relay) => relay.ClientSaw.Select((packet, index) => packet.Sequence == (byte)(index + 1)).All(isNext => isNext);
}
