using System.Text;
using WireGuardian.Core.Masking;
using WireGuardian.MySql.Framing;
using WireGuardian.MySql.Packets;
using WireGuardian.Proxy;
using static WireGuardian.MySql.Tests.Relay.ServerPacket;

namespace WireGuardian.MySql.Tests.Relay;

public sealed class ResultTests
{
    private const StatusFlags More = StatusFlags.AutoCommit | StatusFlags.MoreResultsExist;

    [Test]
    public void A_masked_column_is_masked_and_the_others_are_as_they_were([Values] bool deprecateEof)
    {
        using var relay = new RelayBench(capabilities: deprecateEof ? RelayBench.Usual | CapabilityFlags.DeprecateEof : RelayBench.Usual);
        relay.Client(Query("SELECT id, ssn FROM people"));
        relay.Server(Count(1, 2), Column(2, "people", "id"), Column(3, "people", "ssn"));
        relay.Server(deprecateEof ? [TextRow(4, "1", "secret"), End(5)] : [Eof(4), TextRow(5, "1", "secret"), Eof(6)]);
        Assert.That(Values(relay.ClientSaw[^2].Payload), Is.EqualTo(new[] { "1", "******" }));
        Assert.That(relay.Core.State.IsSettled);
    }

    [Test]
    public void A_mask_of_another_length_rewrites_the_header_too()
    {
        using var relay = new RelayBench(mask: MaskKind.Token);
        relay.Client(Query("SELECT ssn, id FROM people")).Server(Count(1, 2), Column(2, "people", "ssn"), Column(3, "people", "id"), Eof(4));
        relay.Server(TextRow(5, new string('x', 300), "7"), TextRow(6, "y", "8"), TextRow(7, null, "9"), Eof(8));
        var rows = relay.ClientSaw.Skip(4).SkipLast(1).Select(packet => Values(packet.Payload)).ToArray();
        Assert.That(rows.Select(row => row[1]), Is.EqualTo(new[] { "7", "8", "9" }));
        Assert.That(rows.Select(row => row[0]?.Length), Is.EqualTo(new int?[] { 20, 20, null }));
    }

    [Test]
    public void A_run_of_rows_that_came_together_ends_before_what_is_no_row([Values] bool fails, [Values(MaskKind.Redact, MaskKind.Token, MaskKind.Null)] MaskKind mask)
    {
        using var relay = new RelayBench(mask: mask);
        relay.Client(Query("SELECT id, ssn FROM people")).Server(Count(1, 2), Column(2, "people", "id"), Column(3, "people", "ssn"), Eof(4));
        byte[] last = fails ? Error(8, 1317, "Query execution was interrupted") : Eof(8);
        relay.Server([.. TextRow(5, "1", "secret"), .. TextRow(6, null, null), .. TextRow(7, "3", new string('x', 300)), .. last]);
        var rows = relay.ClientSaw.Skip(4).SkipLast(1).Select(packet => (packet.Sequence, Values: Values(packet.Payload))).ToArray();
        Assert.That(rows.Select(row => (int)row.Sequence), Is.EqualTo(new[] { 5, 6, 7 }));
        Assert.That(rows.Select(row => row.Values[0]), Is.EqualTo(new[] { "1", null, "3" }));
        var lengths = mask switch { MaskKind.Redact => new int?[] { 6, null, 300 }, MaskKind.Token => [20, null, 20], _ => [null, null, null] };
        Assert.That(rows.Select(row => row.Values[1]?.Length), Is.EqualTo(lengths));
        Assert.That(relay.ClientSaw[^1].Sequence, Is.EqualTo(8));
        Assert.That(relay.Core.State.IsSettled);
    }

    [Test]
    public void A_computed_column_is_masked_as_a_whole()
    {
        using var relay = new RelayBench();
        relay.Client(Query("SELECT upper(ssn) FROM people")).Server(Count(1, 1), Column(2, "", "upper(ssn)"), Eof(3), TextRow(4, "SECRET"), Eof(5));
        Assert.That(Values(relay.ClientSaw[3].Payload), Is.EqualTo(new[] { "******" }));
    }

    [Test]
    public void Metadata_that_lies_takes_no_mask_off()
    {
        using var relay = new RelayBench();
        relay.Client(Query("SELECT name FROM (SELECT ssn AS name FROM people) dept"));
        relay.Server(Count(1, 1), Column(2, "dept", "name"), Eof(3), TextRow(4, "secret"), Eof(5));
        Assert.That(Values(relay.ClientSaw[3].Payload), Is.EqualTo(new[] { "******" }));
    }

    [Test]
    public void Metadata_adds_a_mask_where_the_statement_shows_none()
    {
        using var relay = new RelayBench();
        relay.Client(Query("SELECT 1")).Server(Count(1, 1), Column(2, "people", "ssn"), Eof(3), TextRow(4, "secret"), Eof(5));
        Assert.That(Values(relay.ClientSaw[3].Payload), Is.EqualTo(new[] { "******" }));
    }

    [Test]
    public void Several_results_the_mask_plan_is_per_result_set()
    {
        using var relay = new RelayBench();
        relay.Client(Query("SELECT id FROM orders; SELECT ssn FROM people; SELECT total FROM orders"));
        relay.Server(Count(1, 1), Column(2, "orders", "id"), Eof(3), TextRow(4, "11"), Eof(5, More));
        relay.Server(Count(6, 1), Column(7, "people", "ssn"), Eof(8), TextRow(9, "secret"), Eof(10, More));
        relay.Server(Count(11, 1), Column(12, "orders", "total"), Eof(13), TextRow(14, "33"), Eof(15));
        Assert.That(new[] { 3, 8, 13 }.Select(index => Values(relay.ClientSaw[index].Payload)[0]), Is.EqualTo(new[] { "11", "******", "33" }));
        Assert.That(relay.Core.State.IsSettled);
    }

    [Test]
    public void Several_results_the_first_error_ends_it()
    {
        using var relay = new RelayBench();
        relay.Client(Query("SELECT 1; SELECT 2")).Server(Ok(1, More), Error(2, 1054, "Unknown column"));
        Assert.That(relay.Core.State.IsSettled);
        Assert.That(relay.ClientSaw[^1].Payload[0], Is.EqualTo(0xFF));
    }

    [Test]
    public void An_error_amid_the_rows_ends_the_result()
    {
        using var relay = new RelayBench();
        relay.Client(Query("SELECT id FROM people")).Server(Count(1, 1), Column(2, "people", "id"), Eof(3), TextRow(4, "1"), Error(5, 1317, "Query execution was interrupted"));
        Assert.That(relay.Core.State.IsSettled);
    }

    [Test]
    public void A_binary_row_keeps_its_bitmap_and_masks_every_width()
    {
        using var relay = new RelayBench();
        Prepare(relay, "SELECT id, ssn, upper(ssn) FROM people", columns: 3);
        relay.Client(Statement(Command.StatementExecute, 1, 0, 1, 0, 0, 0));
        relay.Server(Count(1, 3), Column(2, "people", "id", ColumnType.Long, 63), Column(3, "people", "ssn"), Column(4, "", "x", ColumnType.LongLong, 63), Eof(5));
        relay.Server(BinaryRow(6, [7, 0, 0, 0], Text("secret"), null), BinaryRow(7, null, null, [1, 2, 3, 4, 5, 6, 7, 8]), Eof(8));
        Assert.That(relay.ClientSaw[^3].Payload, Is.EqualTo(BinaryRow(6, [0, 0, 0, 0], Text("******"), null)[4..]));
        Assert.That(relay.ClientSaw[^2].Payload, Is.EqualTo(BinaryRow(7, null, null, new byte[8])[4..]));
    }

    [Test]
    public void NULL_in_a_binary_row_sets_a_bit_and_takes_bytes_away()
    {
        using var relay = new RelayBench(mask: MaskKind.Null);
        Prepare(relay, "SELECT id, ssn, total FROM people", columns: 3);
        relay.Client(Statement(Command.StatementExecute, 1, 0, 1, 0, 0, 0));
        relay.Server(Count(1, 3), Column(2, "people", "id", ColumnType.Short, 63), Column(3, "people", "ssn"), Column(4, "people", "total", ColumnType.Tiny, 63), Eof(5));
        relay.Server(BinaryRow(6, [7, 0], Text("secret"), [9]), Eof(7));
        Assert.That(relay.ClientSaw[^2].Payload, Is.EqualTo(BinaryRow(6, [7, 0], null, [9])[4..]));
    }

    [Test]
    public void Rows_of_a_cursor_are_masked_when_they_are_fetched()
    {
        using var relay = new RelayBench();
        Prepare(relay, "SELECT ssn FROM people", columns: 1);
        relay.Client(Statement(Command.StatementExecute, 1, 1, 1, 0, 0, 0));
        relay.Server(Count(1, 1), Column(2, "people", "ssn"), Eof(3, StatusFlags.AutoCommit | StatusFlags.CursorExists));
        Assert.That(relay.Core.State.IsSettled, "no rows come before they are asked for");
        relay.Client(Statement(Command.StatementFetch, 1, 2, 0, 0, 0)).Server(BinaryRow(1, Text("secret")), Eof(2, StatusFlags.LastRowSent));
        Assert.That(Encoding.ASCII.GetString(relay.ClientSaw[^2].Payload), Does.EndWith("******"));
    }

    [Test]
    public void A_row_of_many_packets_is_masked_as_it_passes([Values(0, 1, 5, 17)] int shift, [Values] bool binary)
    {
        using var relay = new RelayBench();
        var value = new byte[PacketHeader.LargestPayload + 1000 + shift];
        value.AsSpan().Fill((byte)'s');
        byte[] length = [0xFE, .. BitConverter.GetBytes((long)value.Length)];
        // A value in front moves the header of the long one to and over the packet's end.
        byte[] payload = binary ? [0, 0, 1, (byte)'x', .. length, .. value, 1, (byte)'z'] : [1, (byte)'x', .. length, .. value, 1, (byte)'z'];
        const string Sql = "SELECT id, ssn, total FROM people";
        if (binary)
            Prepare(relay, Sql, columns: 3);
        relay.Client(binary ? Statement(Command.StatementExecute, 1, 0, 1, 0, 0, 0) : Query(Sql));
        relay.Server(Count(1, 3), Column(2, "people", "id"), Column(3, "people", "ssn"), Column(4, "people", "total"), Eof(5));
        var before = relay.ToClient.Length;
        relay.Server([.. Framed(payload, 6).Chunk(100_003), Eof(8)]);
        var sent = ServerPacket.Read(relay.ToClient.ToArray()[(int)before..]);
        var joined = sent.SkipLast(1).SelectMany(packet => packet.Payload).ToArray();
        Assert.That(joined, Has.Length.EqualTo(payload.Length));
        Assert.That(joined.AsSpan().IndexOf((byte)'s'), Is.EqualTo(-1));
        Assert.That(joined.AsSpan().Count((byte)'*'), Is.EqualTo(value.Length));
        Assert.That(joined[^1], Is.EqualTo('z'));
        Assert.That(relay.Core.State.IsSettled);
    }

    [Test]
    public void A_row_without_definitions_is_not_passed_on()
    {
        using var relay = new RelayBench();
        Prepare(relay, "SELECT ssn FROM people", columns: 1);
        relay.Client(Statement(Command.StatementFetch, 1, 2, 0, 0, 0));
        Assert.That(() => relay.Server(BinaryRow(1, Text("secret"))), Throws.TypeOf<ProtocolException>());
    }

    [Test]
    public void Errors_of_statements_that_involve_masked_columns_quote_no_values()
    {
        using var relay = new RelayBench();
        relay.Client(Query("INSERT INTO people (ssn) VALUES ('a')")).Server(Error(1, 1062, "Duplicate entry 'secret' for key 'ssn'"));
        Assert.That(Encoding.UTF8.GetString(relay.ClientSaw[0].Payload), Does.EndWith("Duplicate entry '***' for key 'ssn'"));
    }

    private static void Prepare(RelayBench relay, string sql, int columns)
    {
        relay.Client(Send(Command.StatementPrepare, Encoding.UTF8.GetBytes(sql))).Server(Prepared(1, 1, columns, 0));
        for (var column = 0; column < columns; column++)
            relay.Server(Column(2 + column, "people", "x"));
        relay.Server(Eof(2 + columns));
        Assert.That(relay.Core.State.IsSettled);
    }
}
