using System.Net;
using System.Net.Sockets;
using WireGuardian.Proxy.Tests.Relay;
using WireGuardian.Proxy.Transport;

namespace WireGuardian.Proxy.Tests.Transport;

/// <summary>Legs in clear over loopback: what the relay and the login lean on.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[CancelAfter(60_000)]
public sealed class LegTests
{
    private LoopbackPair _pair = null!;
    private Leg _leg = null!;

    [SetUp]
    public async Task Connect()
    {
        _pair = await LoopbackPair.CreateAsync();
        _leg = new Leg(_pair.Near);
    }

    [TearDown]
    public void Close()
    {
        _leg.Dispose();
        _pair.Dispose();
    }

    [Test]
    public async Task What_came_before_the_leg_was_made_is_received()
    {
        using var early = await LoopbackPair.CreateAsync();
        await early.Far.SendAsync("early"u8.ToArray());
        using var leg = new Leg(early.Near);
        Assert.That(await ReceiveAsync(leg, 5), Is.EqualTo("early"u8.ToArray()));
    }

    [Test]
    public async Task A_receive_waits_for_bytes_and_takes_what_has_come()
    {
        for (var i = 0; i < 100; i++)
        {
            var receiving = ReceiveAsync(_leg, 3);
            await _pair.Far.SendAsync(new byte[] { (byte)i, 1, 2 });
            Assert.That(await receiving, Is.EqualTo(new byte[] { (byte)i, 1, 2 }));
        }
    }

    [Test]
    public async Task More_than_the_sockets_hold_arrives_whole_when_the_reader_is_slow(CancellationToken cancellationToken)
    {
        var sent = new byte[32 << 20];
        new Random(1).NextBytes(sent);
        var sending = _leg.SendAsync(sent, cancellationToken).AsTask();
        Assert.That(sending.IsCompleted, Is.False);
        var received = new byte[sent.Length];
        for (var at = 0; at < received.Length;)
            at += await _pair.Far.ReceiveAsync(received.AsMemory(at), cancellationToken);
        await sending;
        Assert.That(received.AsSpan().SequenceEqual(sent));
    }

    [Test]
    public async Task A_stream_is_received_whole_whatever_the_size_of_the_receives(CancellationToken cancellationToken)
    {
        var sent = new byte[4 << 20];
        new Random(2).NextBytes(sent);
        var sending = SendAllAsync(sent, cancellationToken);
        var received = new byte[sent.Length];
        var random = new Random(3);
        for (var at = 0; at < received.Length;)
            at += await _leg.ReceiveAsync(received.AsMemory(at, Math.Min(random.Next(1, 9000), received.Length - at)));
        await sending;
        Assert.That(received.AsSpan().SequenceEqual(sent));
    }

    [Test]
    public async Task The_end_is_seen_after_the_last_bytes_and_again()
    {
        await _pair.Far.SendAsync("last"u8.ToArray());
        _pair.Far.Shutdown(SocketShutdown.Send);
        Assert.That(await ReceiveAsync(_leg, 4), Is.EqualTo("last"u8.ToArray()));
        Assert.That(await _leg.ReceiveAsync(new byte[8]), Is.Zero);
        Assert.That(await _leg.ReceiveAsync(new byte[8]), Is.Zero);
        await _leg.SendAsync("still"u8.ToArray());
    }

    [Test]
    public async Task A_reset_by_the_other_side_is_an_error_of_the_socket()
    {
        var receiving = _leg.ReceiveAsync(new byte[8]).AsTask();
        _pair.Far.LingerState = new LingerOption(true, 0);
        _pair.Far.Dispose();
        var problem = await Assert.ThrowsAsync<SocketException>(async () => await receiving);
        Assert.That(problem!.SocketErrorCode, Is.EqualTo(SocketError.ConnectionReset));
    }

    [Test]
    public void Closing_ends_what_is_under_way()
    {
        var receiving = _leg.ReceiveAsync(new byte[8]).AsTask();
        var sending = _leg.SendAsync(new byte[64 << 20]).AsTask();
        _leg.Dispose();
        Assert.That(async () => await receiving, Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(async () => await sending, Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(async () => await _leg.ReceiveAsync(new byte[8]), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public async Task A_cancelled_read_takes_no_bytes_and_the_next_one_gets_them()
    {
        using var cancel = new CancellationTokenSource();
        var reading = _leg.Stream.ReadAsync(new byte[8], cancel.Token).AsTask();
        await cancel.CancelAsync();
        Assert.That(async () => await reading, Throws.InstanceOf<OperationCanceledException>());
        await _pair.Far.SendAsync("next"u8.ToArray());
        Assert.That(await ReceiveAsync(_leg, 4), Is.EqualTo("next"u8.ToArray()));
    }

    [Test]
    public async Task A_peek_leaves_the_bytes(CancellationToken cancellationToken)
    {
        var first = new byte[1];
        var peeking = _leg.PeekAsync(first, cancellationToken);
        await _pair.Far.SendAsync("ab"u8.ToArray());
        Assert.That(await peeking, Is.EqualTo(1));
        Assert.That(first[0], Is.EqualTo((byte)'a'));
        Assert.That(await ReceiveAsync(_leg, 2), Is.EqualTo("ab"u8.ToArray()));
    }

    [Test]
    public async Task Bytes_that_the_pipe_read_too_many_are_handed_to_the_relay(CancellationToken cancellationToken)
    {
        await _pair.Far.SendAsync("headrest"u8.ToArray());
        var read = await _leg.Input.ReadAtLeastAsync(8, cancellationToken);
        _leg.Input.AdvanceTo(read.Buffer.GetPosition(4), read.Buffer.End);
        Assert.That(_leg.BeginRelay(), Is.EqualTo("rest"u8.ToArray()));
        await _pair.Far.SendAsync("more"u8.ToArray());
        Assert.That(await ReceiveAsync(_leg, 4), Is.EqualTo("more"u8.ToArray()));
    }

    [Test]
    public async Task A_connection_made_by_name_works_and_a_refused_one_says_so(CancellationToken cancellationToken)
    {
        using var listening = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)listening.LocalEndPoint!).Port;
        var refused = await Assert.ThrowsAsync<SocketException>(async () => await Leg.ConnectAsync("127.0.0.1", port, cancellationToken));
        Assert.That(refused!.SocketErrorCode, Is.EqualTo(SocketError.ConnectionRefused));

        listening.Listen();
        using var leg = await Leg.ConnectAsync("127.0.0.1", port, cancellationToken);
        using var accepted = await listening.AcceptAsync(cancellationToken);
        await leg.SendAsync("hello"u8.ToArray(), cancellationToken);
        var hello = new byte[5];
        Assert.That(await accepted.ReceiveAsync(hello, cancellationToken), Is.EqualTo(5));
        Assert.That(((IPEndPoint)leg.Socket.RemoteEndPoint!).Port, Is.EqualTo(port));
    }

    [Test]
    public async Task An_exception_of_whoever_waits_for_a_leg_costs_that_leg_alone(CancellationToken cancellationToken)
    {
        _leg.BeginRelay();
        var ran = new TaskCompletionSource();
#pragma warning disable CA2012 // A task in between would keep the exception from the loop.
        _leg.ReceiveAsync(new byte[8]).ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(() =>
        {
            ran.SetResult();
            throw new InvalidOperationException("An exception of this test.");
        });
#pragma warning restore CA2012
        await _pair.Far.SendAsync("x"u8.ToArray());
        await ran.Task.WaitAsync(cancellationToken);
        Assert.That(await _pair.Far.ReceiveAsync(new byte[1], cancellationToken), Is.Zero);
        Assert.That(async () => await _leg.ReceiveAsync(new byte[8]), Throws.InstanceOf<ObjectDisposedException>());
        for (var i = 0; i < Environment.ProcessorCount + 1; i++)
        {
            using var other = await LoopbackPair.CreateAsync();
            using var leg = new Leg(other.Near);
            leg.BeginRelay();
            var receiving = ReceiveAsync(leg, 4);
            await other.Far.SendAsync("ping"u8.ToArray());
            Assert.That(await receiving.WaitAsync(cancellationToken), Is.EqualTo("ping"u8.ToArray()));
        }
    }

    [Test]
    public async Task Nobody_waits_for_a_leg_that_always_has_more(CancellationToken cancellationToken)
    {
        // More connections than there are loops share a thread with one that never runs dry.
        var stop = 0;
        _leg.BeginRelay();
        var flood = Task.Run(async () =>
        {
            var bytes = new byte[256 << 10];
            while (Volatile.Read(ref stop) == 0)
                await _pair.Far.SendAsync(bytes, cancellationToken);
            _pair.Far.Shutdown(SocketShutdown.Send);
        }, cancellationToken);
        var drain = DrainAsync();
        for (var i = 0; i < Environment.ProcessorCount + 1; i++)
        {
            using var other = await LoopbackPair.CreateAsync();
            using var leg = new Leg(other.Near);
            leg.BeginRelay();
            var receiving = ReceiveAsync(leg, 4);
            await other.Far.SendAsync("ping"u8.ToArray());
            Assert.That(await receiving.WaitAsync(cancellationToken), Is.EqualTo("ping"u8.ToArray()));
        }
        Volatile.Write(ref stop, 1);
        await flood;
        await drain;

        async Task DrainAsync()
        {
            var buffer = new byte[4096];
            while (await _leg.ReceiveAsync(buffer) > 0)
            {
                // What came is of no interest.
            }
        }
    }

    private static async Task<byte[]> ReceiveAsync(Leg leg, int count)
    {
        var bytes = new byte[count];
        for (var at = 0; at < count;)
        {
            var received = await leg.ReceiveAsync(bytes.AsMemory(at));
            Assert.That(received, Is.GreaterThan(0));
            at += received;
        }
        return bytes;
    }

    private async Task SendAllAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        for (var at = 0; at < bytes.Length;)
            at += await _pair.Far.SendAsync(bytes.AsMemory(at), cancellationToken);
    }
}
