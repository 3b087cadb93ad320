using WireGuardian.MySql.Packets;
using WireGuardian.Testing.Wire;
using static WireGuardian.MySql.Tests.Relay.ServerPacket;

namespace WireGuardian.MySql.Tests.Relay;

/// <summary>What a client writes into packets inside of compressed ones is no count; the server's leg counts.</summary>
public sealed class PacketNumbersTests
{
    private const int Largest = 0xFF_FFFF;

    [Test]
    public void A_long_commands_packets_are_numbered_anew([Values] bool compressed, [Values] bool rules, [Values(0, 5, Largest)] int rest)
    {
        using var relay = new RelayBench(rules: rules, compressed: compressed) { Approves = true };
        byte[] text = [(byte)Command.Query, .. "SELECT '"u8, .. Enumerable.Repeat((byte)'x', Largest + rest - 10), (byte)'\''];
        List<byte[]> packets = [.. text.Chunk(Largest).Select(chunk => One(chunk, 0))];
        if (rest % Largest == 0)
            packets.Add(One([], 0));
        relay.Client([.. packets.SelectMany(packet => packet)]);
        Assert.That(NumbersOf(relay), Is.EqualTo(compressed ? Enumerable.Range(0, packets.Count) : Enumerable.Repeat(0, packets.Count)));
    }

    [Test]
    public void So_are_those_of_a_command_that_passes_as_it_comes()
    {
        using var relay = new RelayBench(rules: false, compressed: true);
        byte[] data = [(byte)Command.StatementSendLongData, 1, 0, 0, 0, 0, 0, .. new byte[Largest]];
        var packets = data.Chunk(Largest).Select((chunk, index) => One(chunk, index + 7)).ToArray();
        relay.Client(packets[0][..1000], packets[0][1000..], packets[1], Send(Command.Ping));
        Assert.That(NumbersOf(relay), Is.EqualTo(new[] { 0, 1, 0 }));
    }

    [Test]
    public void A_refusal_of_a_long_command_has_the_number_behind_it()
    {
        using var relay = new RelayBench(compressed: true);
        byte[] text = [(byte)Command.Query, .. "DROP TABLE "u8, .. Enumerable.Repeat((byte)'x', Largest)];
        relay.Client([.. text.Chunk(Largest).SelectMany(chunk => One(chunk, 0))]);
        Assert.That(relay.AtGate, Has.Count.EqualTo(1));
        Assert.That(relay.ClientSaw.Single().Sequence, Is.EqualTo(2));
    }

    /// <summary>MySQL's clients go on from the number of the compressed packet in which the server asked for the file.</summary>
    [Test]
    public void A_files_packets_follow_on_the_servers_request() => ByteSplitter.AssertSame((byte[])[.. Framed([1, 2, 3], 2), .. Framed([4], 0), .. Framed([], 3)], pieces =>
    {
        using var relay = new RelayBench(rules: false, localInfile: true, compressed: true);
        relay.Client(Query("SELECT 1; LOAD DATA LOCAL INFILE 'x' INTO TABLE t"));
        relay.Server(Count(1, 1), Column(2, "", "1"), Eof(3), TextRow(4, "1"), Eof(5, StatusFlags.MoreResultsExist), Framed([0xFB, (byte)'x'], 6));
        relay.Client([.. pieces]);
        relay.Server(Ok(10));
        relay.Client(Framed([(byte)Command.Ping], 9));
        Assert.That(NumbersOf(relay), Is.EqualTo(new[] { 0, 7, 8, 9, 0 }));
        return Convert.ToHexString(relay.ToServer.ToArray());
    });

    [Test]
    public void A_piece_of_a_file_of_16_MB_and_more_counts_as_its_packets_do()
    {
        using var relay = new RelayBench(rules: false, localInfile: true, compressed: true);
        relay.Client(Query("LOAD DATA LOCAL INFILE 'x' INTO TABLE t")).Server(Framed([0xFB, (byte)'x'], 1));
        relay.Client(One(new byte[Largest], 0), One([], 0), One([1], 0), One([], 0));
        Assert.That(NumbersOf(relay), Is.EqualTo(new[] { 0, 2, 3, 4, 5 }));
    }

    /// <summary>One packet, which may be continued.</summary>
    private static byte[] One(byte[] payload, int sequence) => [(byte)payload.Length, (byte)(payload.Length >> 8), (byte)(payload.Length >> 16), (byte)sequence, .. payload];

    private static IEnumerable<int> NumbersOf(RelayBench relay) => Read(relay.ToServer.ToArray()).Select(packet => (int)packet.Sequence);
}
