using System.Net;
using System.Net.Sockets;
using WireGuardian.MySql.Startup;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Transport;
using WireGuardian.Testing.MySql;
using WireGuardian.Testing.Wire;

namespace WireGuardian.MySql.Tests.Startup;

public sealed class PacketChannelTests
{
    [Test]
    public async Task Packets_are_the_same_however_the_network_cuts_them([Values] bool readsAhead)
    {
        byte[] stream = [.. MySqlMessage.Framed([1, 2, 3]), .. MySqlMessage.Framed([], 1), .. MySqlMessage.Framed([4], 2)];
        foreach (var pieces in ByteSplitter.Cuts(stream))
        {
            await using var pair = await Pair.ConnectAsync(readsAhead);
            foreach (var piece in pieces)
                await pair.Other.SendAsync(piece);
            Assert.That(await pair.Channel.ReadAsync(100, CancellationToken.None), Is.EqualTo([1, 2, 3]));
            Assert.That(await pair.Channel.ReadAsync(100, CancellationToken.None), Is.Empty);
            Assert.That(await pair.Channel.ReadAsync(100, CancellationToken.None), Is.EqualTo([4]));
        }
    }

    /// <summary>Checklist: 0xFFFFFF continuation, the empty trailer.</summary>
    [TestCase(0xFF_FFFF)]
    [TestCase(0x100_0000)]
    [TestCase(0x1FF_FFFE)]
    public async Task A_packet_of_16_MB_and_more_is_put_together_with_its_empty_trailer(int length)
    {
        var payload = new byte[length];
        new Random(length).NextBytes(payload);
        await using var pair = await Pair.ConnectAsync(readsAhead: true);
        var sending = pair.Other.SendAsync(MySqlMessage.Framed(payload)).ContinueWith(_ => pair.Other.SendAsync(MySqlMessage.Framed([7], (byte)(length / 0xFF_FFFF + 1)))).Unwrap();
        var read = await pair.Channel.ReadAsync(64 << 20, CancellationToken.None);
        Assert.That(read.AsSpan().SequenceEqual(payload));
        Assert.That(await pair.Channel.ReadAsync(10, CancellationToken.None), Is.EqualTo([7]), "the sequence goes on");
        await sending;
    }

    /// <summary>Checklist: sequence wrap at 256.</summary>
    [Test]
    public async Task The_sequence_number_wraps_at_256()
    {
        await using var pair = await Pair.ConnectAsync(readsAhead: true);
        for (var number = 0; number < 600; number++)
        {
            await pair.Other.SendAsync(MySqlMessage.Framed([9], (byte)number));
            Assert.That(await pair.Channel.ReadAsync(10, CancellationToken.None), Is.EqualTo([9]));
        }
    }

    /// <summary>Checklist: a stale byte plus a wrap once gave another borrower an empty result.</summary>
    [Test]
    public async Task A_stale_sequence_number_is_never_taken([Values(0, 2, 255)] byte sequence)
    {
        await using var pair = await Pair.ConnectAsync(readsAhead: false);
        await pair.Other.SendAsync(MySqlMessage.Framed([9]));
        await pair.Channel.ReadAsync(10, CancellationToken.None);
        await pair.Other.SendAsync(MySqlMessage.Framed([9], sequence));
        Assert.That(async () => await pair.Channel.ReadAsync(10, CancellationToken.None), Throws.TypeOf<ProtocolException>().With.Message.Contains("out of order"));
    }

    /// <summary>Checklist: limits before allocation.</summary>
    [Test]
    public async Task A_packet_above_the_limit_is_refused_before_it_comes([Values] bool readsAhead)
    {
        await using var pair = await Pair.ConnectAsync(readsAhead);
        await pair.Other.SendAsync(new byte[] { 11, 0, 0, 0 });
        Assert.That(async () => await pair.Channel.ReadAsync(10, CancellationToken.None), Throws.TypeOf<ProtocolException>().With.Message.Contains("more than 10"));
    }

    [Test]
    public async Task An_end_within_a_packet_is_told_from_an_end_before_one([Values] bool readsAhead, [Values(0, 3, 4, 6)] int sent)
    {
        await using var pair = await Pair.ConnectAsync(readsAhead);
        await pair.Other.SendAsync(MySqlMessage.Framed([1, 2, 3])[..sent]);
        pair.Other.Shutdown(SocketShutdown.Send);
        if (sent == 0)
            Assert.That(await pair.Channel.ReadAsync(10, CancellationToken.None), Is.Null);
        else
            Assert.That(async () => await pair.Channel.ReadAsync(10, CancellationToken.None), Throws.TypeOf<ProtocolException>().With.Message.Contains("ended within"));
    }

    [Test]
    public async Task Both_sides_count_together()
    {
        await using var pair = await Pair.ConnectAsync(readsAhead: false);
        await pair.Channel.SendAsync(new byte[] { 1 }, CancellationToken.None);
        await pair.Other.SendAsync(MySqlMessage.Framed([2], 1));
        Assert.That(await pair.Channel.ReadAsync(10, CancellationToken.None), Is.EqualTo([2]));
        await pair.Channel.SendAsync(new byte[] { 3 }, CancellationToken.None);
        pair.Channel.StartExchange();
        await pair.Channel.SendAsync(new byte[] { 4 }, CancellationToken.None);
        var received = new byte[15];
        for (var count = 0; count < received.Length;)
            count += await pair.Other.ReceiveAsync(received.AsMemory(count));
        Assert.That(received, Is.EqualTo([1, 0, 0, 0, 1, 1, 0, 0, 2, 3, 1, 0, 0, 0, 4]));
    }

    private sealed record Pair(PacketChannel Channel, Socket Other) : IAsyncDisposable
    {
        public static async Task<Pair> ConnectAsync(bool readsAhead)
        {
            using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen();
            var accepting = listener.AcceptAsync();
            var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await other.ConnectAsync(listener.LocalEndPoint!);
            return new Pair(new PacketChannel(new Leg(await accepting), ProtocolFault.Client) { ReadsAhead = readsAhead }, other);
        }

        public async ValueTask DisposeAsync()
        {
            Other.Dispose();
            await Channel.DisposeAsync();
        }
    }
}
