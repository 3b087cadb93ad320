using System.Collections.Concurrent;
using WireGuardian.Postgres.Startup;
using WireGuardian.Proxy.Limits;

namespace WireGuardian.Postgres.Tests.Startup;

public sealed class CancelForwarderTests
{
    [Test]
    public async Task A_CancelRequest_goes_on_a_connection_of_its_own_with_the_same_key()
    {
        var received = new ConcurrentQueue<byte[]>();
        await using var server = new FakeServer(async stream => received.Enqueue(await FakeServer.ReadPacketAsync(stream)));
        using var forwarder = Forwarder(server, 2);
        CancelRequest[] requests = [new(1, [1, 2, 3, 4]), new(2, new byte[256])];
        foreach (var request in requests)
            Assert.That(await forwarder.ForwardAsync(request, CancellationToken.None), Is.True);
        Assert.That(received, Is.EqualTo(requests.Select(request => request.ToPacket())));
        Assert.That(server.Connections, Is.EqualTo(2));
    }

    [Test]
    public async Task A_storm_of_CancelRequests_is_bounded()
    {
        var release = new TaskCompletionSource();
        var atOnce = 0;
        var most = 0;
        await using var server = new FakeServer(async stream =>
        {
            await FakeServer.ReadPacketAsync(stream);
            most = Math.Max(most, Interlocked.Increment(ref atOnce));
            await release.Task;
            Interlocked.Decrement(ref atOnce);
        });
        using var forwarder = Forwarder(server, 2);
        var storm = Enumerable.Range(0, 40).Select(i => forwarder.ForwardAsync(new CancelRequest(i, new byte[4]), CancellationToken.None)).ToArray();
        Assert.That(storm.Count(task => task.IsCompletedSuccessfully && !task.Result), Is.EqualTo(40 - 22), "2 go, 20 wait, the rest is dropped");
        release.SetResult();
        var results = await Task.WhenAll(storm);
        Assert.That(results.Count(forwarded => forwarded), Is.EqualTo(22));
        Assert.That(most, Is.LessThanOrEqualTo(2));
    }

    [Test]
    public async Task A_server_that_is_gone_makes_no_noise()
    {
        using var forwarder = new CancelForwarder(
            new UpstreamConnector(TestListener.Options(), TimeProvider.System), new LimitOptions(), TimeProvider.System);
        Assert.That(await forwarder.ForwardAsync(new CancelRequest(1, new byte[4]), CancellationToken.None), Is.False);
    }

    private static CancelForwarder Forwarder(FakeServer server, int atOnce) => new(
        new UpstreamConnector(TestListener.Options(server.EndPoint), TimeProvider.System),
        new LimitOptions { MaxConcurrentCancels = atOnce },
        TimeProvider.System);
}
