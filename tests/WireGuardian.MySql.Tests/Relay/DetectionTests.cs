using System.Buffers;
using System.Text;
using WireGuardian.Core.Detection;
using WireGuardian.Core.Policies;
using WireGuardian.MySql.Framing;
using WireGuardian.MySql.Packets;
using WireGuardian.Testing.Wire;
using static WireGuardian.MySql.Tests.Relay.ServerPacket;

namespace WireGuardian.MySql.Tests.Relay;

/// <summary>Values in columns that no rule masks are looked into, and so is every other text that goes to the client.</summary>
public sealed class DetectionTests
{
    private const string Mail = "ada@quetzal.example";
    private const string Stars = "*******************";
    private const ushort Utf16 = 54;
    private const ushort Utf16LittleEndian = 56;
    private const ushort Utf32 = 60;
    private const ushort Gbk = 28;

    private static readonly DetectionRule Rule = new() { Name = "all", Detectors = DetectorSet.Of(Detector.EmailAddress, Detector.CreditCard) };

    [Test]
    public void What_is_found_in_a_row_becomes_stars_where_it_stands_and_is_counted()
    {
        using var relay = Relay(Rule).Client(Query("SELECT body, id FROM notes"));
        relay.Server(Result(Column(2, "notes", "body"), Column(3, "notes", "id", ColumnType.Long, 63)), TextRow(5, $"to {Mail}, now", "4111111"), TextRow(6, null, "2"), TextRow(7, Mail, "3"), Eof(8));
        Assert.That(Rows(relay, 3), Is.EqualTo(new string?[][] { [$"to {Stars}, now", "4111111"], [null, "2"], [Stars, "3"] }));
        Assert.That(relay.Detections, Is.EqualTo(new[] { "all EMAIL_ADDRESS 1", "all EMAIL_ADDRESS 1" }), "once for each read");
    }

    [Test]
    public void Rows_in_binary_are_looked_into_where_they_hold_text_and_numbers_are_not()
    {
        using var relay = Relay(Rule).Client(Send(Command.StatementPrepare, [.. "SELECT id, body, doc, data FROM notes"u8]));
        relay.Server(Prepared(1, 7, columns: 0, parameters: 0)).Client(Statement(Command.StatementExecute, 7, 0, 1, 0, 0, 0));
        relay.Server(
            Count(1, 4), Column(2, "notes", "id", ColumnType.LongLong, 63), Column(3, "notes", "body"), Column(4, "notes", "doc", ColumnType.Json, 63), Column(5, "notes", "data", ColumnType.Blob, 63), Eof(6));
        var card = BitConverter.GetBytes(4111111111111111);
        relay.Server(BinaryRow(7, card, Text($"to {Mail}"), Text($$"""{"m": "{{Mail}}", "c": 4111111111111111}"""), Text(Mail)), BinaryRow(8, card, null, null, Text("x")), Eof(9));
        Assert.That(
            relay.ClientSaw[^3].Payload,
            Is.EqualTo(Payload(BinaryRow(7, card, Text($"to {Stars}"), Text($$"""{"m": "{{Stars}}", "c": 0               }"""), Text(Stars)))));
        Assert.That(relay.ClientSaw[^2].Payload, Is.EqualTo(Payload(BinaryRow(8, card, null, null, Text("x")))));
    }

    [Test]
    public void A_rule_for_whole_values_leaves_what_redact_leaves()
    {
        using var relay = Relay(Rule with { Mask = DetectionMaskKind.Value }).Client(Query("SELECT a, b FROM notes"));
        relay.Server(Result(Column(2, "notes", "a"), Column(3, "notes", "b", ColumnType.Blob, 63)), TextRow(5, $"to {Mail}", $"to {Mail}"), TextRow(6, "to nobody", "x"), Eof(7));
        Assert.That(Rows(relay, 2), Is.EqualTo(new string?[][] { ["***" + Stars, new string('\0', 3 + Mail.Length)], ["to nobody", "x"] }));
    }

    [Test]
    public void A_decimal_in_which_something_is_found_stays_a_number_in_both_protocols([Values] bool binary)
    {
        using var relay = Relay(Rule);
        if (binary)
            relay.Client(Send(Command.StatementPrepare, [.. "SELECT amount FROM notes"u8])).Server(Prepared(1, 7, 0, 0)).Client(Statement(Command.StatementExecute, 7, 0, 1, 0, 0, 0));
        else
            relay.Client(Query("SELECT amount FROM notes"));
        relay.Server(Count(1, 1), Column(2, "notes", "amount", ColumnType.NewDecimal, 63), Eof(3));
        relay.Server(binary ? BinaryRow(4, Text("4111111111111111")) : TextRow(4, "4111111111111111"), Eof(5));
        Assert.That(relay.ClientSaw[^2].Payload, Is.EqualTo(Payload(binary ? BinaryRow(4, Text("0")) : TextRow(4, "0"))));
    }

    [Test]
    public void A_rule_that_observes_counts_and_changes_nothing()
    {
        byte[][] answer = [Result(Column(2, "notes", "body")), TextRow(4, $"to {Mail}"), Error(5, 1105, $"bad {Mail}")];
        using var relay = Relay(Rule with { Observe = true }).Client(Query("SELECT body FROM notes")).Server(answer);
        Assert.That(relay.ToClient.ToArray(), Is.EqualTo(answer.SelectMany(bytes => bytes)));
        Assert.That(relay.Detections, Is.EqualTo(new[] { "all EMAIL_ADDRESS 1", "all EMAIL_ADDRESS 1" }));
    }

    [Test]
    public void A_masked_column_has_its_mask_and_others_are_looked_into()
    {
        using var relay = new RelayBench(detection: [Rule]).Client(Query("SELECT id, ssn, name FROM people"));
        relay.Server(Count(1, 3), Column(2, "people", "id"), Column(3, "people", "ssn"), Column(4, "people", "name"), Eof(5), TextRow(6, "1", Mail + "1", $"to {Mail}"), Eof(7));
        Assert.That(Rows(relay, 1).Single(), Is.EqualTo(new[] { "1", "*" + Stars, $"to {Stars}" }));
        Assert.That(relay.Detections, Is.EqualTo(new[] { "all EMAIL_ADDRESS 1" }));
    }

    [Test]
    public void An_exclusion_is_granted_by_the_statements_own_text_and_never_by_the_servers_word()
    {
        var rule = Rule with { Except = [new("Shop", "AUDIT", "*")] };
        using var plain = Relay(rule).Client(Query("SELECT body FROM audit")).Server(Result(Column(2, "audit", "body")), TextRow(4, Mail), Eof(5));
        Assert.That(Rows(plain, 1).Single()[0], Is.EqualTo(Mail));
        using var lying = Relay(rule).Client(Query("SELECT audit.body FROM (SELECT body FROM notes) audit")).Server(Result(Column(2, "audit", "body")), TextRow(4, Mail), Eof(5));
        Assert.That(Rows(lying, 1).Single()[0], Is.EqualTo(Stars));
        using var computed = Relay(rule).Client(Query("SELECT lower(body) FROM audit")).Server(Result(Column(2, "audit", "body")), TextRow(4, Mail), Eof(5));
        Assert.That(Rows(computed, 1).Single()[0], Is.EqualTo(Stars));
        using var temporary = Relay(rule);
        temporary.Core.State.HasTemporaryTables = true;
        temporary.Client(Query("SELECT body FROM audit")).Server(Result(Column(2, "audit", "body")), TextRow(4, Mail), Eof(5));
        Assert.That(Rows(temporary, 1).Single()[0], Is.EqualTo(Stars), "what is called audit may be another table");
    }

    [Test]
    public void The_first_rule_that_covers_a_column_decides_and_the_strictest_about_an_expression()
    {
        var observing = Rule with { Name = "first", Columns = [new("shop", "notes", "*")], Observe = true };
        using var plain = Relay(observing, Rule with { Name = "second" }).Client(Query("SELECT body FROM notes")).Server(Result(Column(2, "notes", "body")), TextRow(4, Mail), Eof(5));
        using var other = Relay(observing, Rule with { Name = "second" }).Client(Query("SELECT concat(body) FROM notes")).Server(Result(Column(2, "notes", "body")), TextRow(4, Mail), Eof(5));
        Assert.That((Rows(plain, 1).Single()[0], Rows(other, 1).Single()[0]), Is.EqualTo((Mail, Stars)));
        Assert.That(plain.Detections.Concat(other.Detections), Is.EqualTo(new[] { "first EMAIL_ADDRESS 1", "second EMAIL_ADDRESS 1" }));
    }

    [Test]
    public void Who_is_exempt_sees_everything()
    {
        using var relay = Relay(Rule with { Exempt = ["alice"] }).Client(Query("SELECT body FROM notes")).Server(Result(Column(2, "notes", "body")), TextRow(4, Mail), Eof(5));
        Assert.That(Rows(relay, 1).Single()[0], Is.EqualTo(Mail));
    }

    [Test]
    public void A_value_larger_than_the_buffer_is_looked_into_wherever_it_is_cut([Values(7, 4095, 20_000)] int piece, [Values] bool whole)
    {
        var text = new string('x', 40_000) + $" {Mail} " + new string('y', 40_000);
        using var relay = Relay(Rule with { Mask = whole ? DetectionMaskKind.Value : DetectionMaskKind.Span }).Client(Query("SELECT a, b, c FROM notes"));
        relay.Server(Count(1, 3), Column(2, "notes", "a"), Column(3, "notes", "b"), Column(4, "notes", "c", ColumnType.NewDecimal), Eof(5));
        relay.Server([.. TextRow(6, text, "end", "4111111111111111").Chunk(piece)]).Server(Eof(7));
        var row = Rows(relay, 1).Single();
        Assert.That(row[0], Is.EqualTo(whole ? new string('x', 40_000) + " " + new string('*', Mail.Length + 40_001) : text.Replace(Mail, Stars, StringComparison.Ordinal)));
        Assert.That(row[1..], Is.EqualTo(new[] { "end", "0000000000000000" }));
    }

    /// <summary>The header of the second packet stands in the midst of what is found.</summary>
    [Test]
    public void A_value_of_several_packets_keeps_its_headers_where_they_were([Values(1, 9, 19, 5000)] int before, [Values] bool binary)
    {
        var text = new string('x', PacketHeader.LargestPayload - before - 15) + $" {Mail} " + new string('y', 100_000);
        using var relay = Relay(Rule);
        if (binary)
            relay.Client(Send(Command.StatementPrepare, [.. "SELECT a, b FROM notes"u8])).Server(Prepared(1, 7, 0, 0)).Client(Statement(Command.StatementExecute, 7, 0, 1, 0, 0, 0));
        else
            relay.Client(Query("SELECT a, b FROM notes"));
        relay.Server(Result(Column(2, "notes", "a"), Column(3, "notes", "b")));
        var sent = relay.ToClient.Length;
        byte[] Row(string value) => binary ? BinaryRow(5, Long(value), Text("end")) : TextRow(5, value, "end");
        relay.Server([.. Row(text).Chunk(60_000)]).Server(Eof(7));
        Assert.That(relay.ToClient.ToArray().AsSpan((int)sent).SequenceEqual([.. Row(text.Replace(Mail, Stars, StringComparison.Ordinal)), .. Eof(7)]));
    }

    [Test]
    public void A_value_that_ends_with_its_packet_is_followed_by_an_empty_one()
    {
        var text = new string('x', PacketHeader.LargestPayload - 4 - 1 - Mail.Length) + " " + Mail;
        using var relay = Relay(Rule).Client(Query("SELECT a FROM notes")).Server(Result(Column(2, "notes", "a")));
        var sent = relay.ToClient.Length;
        relay.Server([.. TextRow(4, text).Chunk(60_000)]).Server(Eof(6));
        Assert.That(relay.ToClient.ToArray().AsSpan((int)sent).SequenceEqual([.. TextRow(4, text.Replace(Mail, Stars, StringComparison.Ordinal)), .. Eof(6)]));
    }

    [Test]
    public void Text_in_other_character_sets_is_read_and_masked_as_a_whole([Values(Utf16, Utf16LittleEndian, Utf32, Gbk)] int characterSet, [Values] bool json)
    {
        var encoding = characterSet switch { Utf16 => Encoding.BigEndianUnicode, Utf16LittleEndian => Encoding.Unicode, Utf32 => new UTF32Encoding(bigEndian: true, byteOrderMark: false), _ => Encoding.ASCII };
        var (found, clean) = (encoding.GetBytes(json ? $"[\"{Mail}\"]" : $"to {Mail}"), encoding.GetBytes(json ? "[]" : "nothing"));
        using var relay = Relay(Rule).Client(Query("SELECT body FROM notes")).Server(Result(Column(2, "notes", "body", json ? ColumnType.Json : ColumnType.VarString, (ushort)characterSet)));
        relay.Server(Framed([(byte)found.Length, .. found], 4), Framed([(byte)clean.Length, .. clean], 5), Eof(6));
        if (json)
            Assert.That(relay.ClientSaw[^3].Payload.AsSpan().IndexOf(encoding.GetBytes("quetzal")), Is.Negative);
        else
            Assert.That(relay.ClientSaw[^3].Payload, Is.EqualTo(new byte[] { (byte)found.Length }.Concat(Enumerable.Repeat((byte)'*', found.Length))));
        Assert.That(relay.ClientSaw[^2].Payload[1..], Is.EqualTo(clean));
    }

    [Test]
    public void Errors_are_looked_into_in_whatever_character_set()
    {
        using var relay = Relay(Rule).Client(Query("SELECT body FROM notes")).Server(Error(1, 1366, $"bad {Mail}"));
        Assert.That(Encoding.UTF8.GetString(relay.ClientSaw[^1].Payload), Does.EndWith($"bad {Stars}"));
        relay.Client(Query("SELECT 1")).Server(Framed([0xFF, 1, 2, .. "#HY000"u8, .. Encoding.BigEndianUnicode.GetBytes(Mail)], 1));
        Assert.That(relay.ClientSaw[^1].Payload[9..], Is.All.EqualTo((byte)'*'));
    }

    [Test]
    public void What_an_OK_packet_tells_is_looked_into()
    {
        using var relay = new RelayBench(masking: false, capabilities: RelayBench.Usual | CapabilityFlags.SessionTrack, detection: [Rule]).Client(Query("SET time_zone = 'x'"));
        relay.Server(OkWith($"told {Mail}", "time_zone", Mail));
        Assert.That(relay.ClientSaw[^1].Payload, Is.EqualTo(Payload(OkWith($"told {Stars}", "time_zone", Stars))));
    }

    [Test]
    public void A_columns_name_is_looked_into_unless_the_client_wrote_it()
    {
        using var relay = Relay(Rule).Client(Query($"SELECT '{Mail}'")).Server(Result(Column(2, "", Mail)), TextRow(4, Mail), Eof(5));
        Assert.That(Encoding.UTF8.GetString(relay.ClientSaw[1].Payload), Does.Contain(Mail));
        Assert.That(Rows(relay, 1).Single()[0], Is.EqualTo(Stars));
        relay.Approves = true;
        relay.Client(Query("EXECUTE p")).Server(Result(Column(2, "", Mail)), TextRow(4, "1"), Eof(5));
        Assert.That(Encoding.UTF8.GetString(relay.ClientSaw[^4].Payload), Does.Contain(Stars).And.Not.Contain(Mail));
    }

    [Test]
    public void The_binary_log_is_refused_where_a_rule_masks()
    {
        using var relay = Relay(Rule).Client(Send(Command.BinlogDump, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
        Assert.That(relay.AtGate, Has.Count.EqualTo(1));
        Assert.That(relay.Verdicts.Single(), Has.Property("RuleName").EqualTo("detection").And.Property("Action").EqualTo(RuleAction.Deny));
        using var observing = Relay(Rule with { Observe = true }).Client(Send(Command.BinlogDump, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
        Assert.That(observing.ServerSaw, Is.EqualTo("BinlogDump"));
    }

    [Test]
    public void Rows_of_a_cursor_are_looked_into_and_not_fetched_in_another_character_set()
    {
        using var relay = Relay(Rule).Client(Send(Command.StatementPrepare, [.. "SELECT body FROM notes"u8])).Server(Prepared(1, 7, 0, 0));
        relay.Client(Statement(Command.StatementExecute, 7, 1, 1, 0, 0, 0)).Server(Count(1, 1), Column(2, "notes", "body"), Eof(3, StatusFlags.AutoCommit | StatusFlags.CursorExists));
        relay.Client(Statement(Command.StatementFetch, 7, 1, 0, 0, 0)).Server(BinaryRow(1, Text(Mail)), Eof(2, StatusFlags.AutoCommit | StatusFlags.CursorExists));
        Assert.That(relay.ClientSaw[^2].Payload, Is.EqualTo(Payload(BinaryRow(1, Text(Stars)))));
        relay.Client(Query("SET autocommit = 1")).Server(Ok(1)).Client(Statement(Command.StatementFetch, 7, 1, 0, 0, 0)).Server(BinaryRow(1, Text(Mail)), Eof(2));
        relay.Client(Query("SET NAMES utf16")).Server(Ok(1));
        relay.Client(Statement(Command.StatementFetch, 7, 1, 0, 0, 0));
        Assert.That(Encoding.UTF8.GetString(relay.ClientSaw[^1].Payload), Does.Contain("cannot be looked into"));
        Assert.That(relay.ServerSaw, Does.EndWith("StatementFetch Query"));
    }

    [Test]
    public void The_servers_bytes_may_be_cut_anywhere([Values] DetectionMaskKind mask)
    {
        byte[] answer =
        [
            .. Count(1, 4), .. Column(2, "notes", "id", ColumnType.Long, 63), .. Column(3, "notes", "body"), .. Column(4, "notes", "amount", ColumnType.NewDecimal, 63), .. Column(5, "notes", "doc", ColumnType.Json, 63),
            .. Eof(6), .. TextRow(7, "1", $"to {Mail}", "4111111111111111", $$"""{"m":"{{Mail}}"}"""), .. TextRow(8, null, null, "1.5", null), .. TextRow(9, "3", new string('s', 300) + Mail, null, "[]"),
            .. Eof(10, StatusFlags.AutoCommit | StatusFlags.MoreResultsExist), .. Error(11, 1062, $"Duplicate entry '{Mail}' for key 'mail'"),
        ];
        ByteSplitter.AssertSame(answer, pieces =>
        {
            using var relay = Relay(Rule with { Mask = mask });
            relay.Client(Query("SELECT id, body, amount, doc FROM notes; INSERT INTO notes (body) VALUES ('x')"));
            relay.Server([.. pieces]);
            Assert.That(relay.Core.State.IsSettled);
            Assert.That(Encoding.UTF8.GetString(relay.ToClient.ToArray()), Does.Not.Contain("quetzal"));
            return Convert.ToHexString(relay.ToClient.ToArray());
        });
    }

    private static RelayBench Relay(params DetectionRule[] rules) => new(masking: false, detection: rules);

    private static byte[] Result(params byte[][] columns) => [.. Count(1, columns.Length), .. columns.SelectMany(column => column), .. Eof(2 + columns.Length)];

    private static byte[] Payload(byte[] packet) => packet[PacketHeader.Size..];

    private static string?[][] Rows(RelayBench relay, int count) => [.. relay.ClientSaw.SkipLast(1).TakeLast(count).Select(packet => Values(packet.Payload).ToArray())];

    private static byte[] Long(string value)
    {
        var output = new ArrayBufferWriter<byte>();
        output.WriteLengthEncodedBytes(Encoding.UTF8.GetBytes(value));
        return output.WrittenSpan.ToArray();
    }

    private static byte[] OkWith(string info, string variable, string value)
    {
        byte[] pair = [(byte)variable.Length, .. Encoding.UTF8.GetBytes(variable), (byte)value.Length, .. Encoding.UTF8.GetBytes(value)];
        byte[] change = [(byte)SessionStateType.SystemVariables, (byte)pair.Length, .. pair];
        var output = new ArrayBufferWriter<byte>();
        new OkPacket { Status = StatusFlags.AutoCommit | StatusFlags.SessionStateChanged, Info = Encoding.UTF8.GetBytes(info), SessionState = change }.Write(
            output, RelayBench.Usual | CapabilityFlags.SessionTrack);
        return Framed(output.WrittenSpan.ToArray(), 1);
    }
}
