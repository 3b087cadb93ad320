using WireGuardian.ControlPlane.Grpc;
using WireGuardian.ControlPlane.Grpc.Client;
using WireGuardian.ControlPlane.Tests.Hosting;
using WireGuardian.ControlPlane.V1;
using WireGuardian.Server.ControlPlane;

namespace WireGuardian.ControlPlane.Tests.Server;

[CancelAfter(20_000)]
public class WatchRequestsTests
{
    private static readonly WatchRequestsRequest Everything = new();
    private ControlPlaneHost _host = null!;

    [SetUp]
    public async Task StartAsync() => _host = await ControlPlaneHost.StartAsync(new ControlPlaneOptions { Watches = 1 });

    [TearDown]
    public async Task StopAsync() => await _host.DisposeAsync();

    [Test]
    public async Task A_watch_gives_what_is_pending_then_every_change(CancellationToken cancellationToken)
    {
        _host.Queue.Set(Samples.Request("R1"));
        await using var changes = Watch(cancellationToken);
        Assert.That(await NextAsync(changes), Is.EqualTo("R1 Pending"));
        Assert.That(await NextAsync(changes), Is.EqualTo("caught up"));

        _host.Queue.Set(Samples.Request("R2"));
        Assert.That(await NextAsync(changes), Is.EqualTo("R2 Pending"));
        await _host.Client().ApproveAsync(new ApproveRequest { Id = "R1" }, default);
        Assert.That(await NextAsync(changes), Is.EqualTo("R1 Approved"));
    }

    [Test]
    public async Task A_caller_that_cancels_frees_its_watch(CancellationToken cancellationToken)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using (var changes = Watch(cancel.Token))
        {
            Assert.That(await NextAsync(changes), Is.EqualTo("caught up"));
            var next = changes.MoveNextAsync();
            await cancel.CancelAsync();
            var ended = await Assert.ThrowsAsync<RpcException>(async () => await next);
            Assert.That(ended!.StatusCode, Is.EqualTo(StatusCode.Cancelled));
        }

        while (_host.Queue.Watchers > 0)
            await Task.Delay(10, cancellationToken);
    }

    [Test]
    public async Task A_watch_too_many_is_refused(CancellationToken cancellationToken)
    {
        await using var first = Watch(cancellationToken);
        await NextAsync(first);
        await using var second = Watch(cancellationToken);
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await NextAsync(second));
        Assert.That(refused!.StatusCode, Is.EqualTo(StatusCode.ResourceExhausted));
    }

    [Test]
    public async Task A_server_that_stops_says_so_to_its_watchers(CancellationToken cancellationToken)
    {
        await using var changes = Watch(cancellationToken);
        await NextAsync(changes);
        var next = changes.MoveNextAsync();
        await _host.StopAsync();
        var ended = await Assert.ThrowsAsync<RpcException>(async () => await next);
        Assert.That(ended!.StatusCode, Is.EqualTo(StatusCode.Unavailable));
        Assert.That(ended.Message, Is.EqualTo("The server is stopping."), "a connection that merely breaks is unavailable too");
    }

    private IAsyncEnumerator<WatchRequestsResponse> Watch(CancellationToken cancellationToken)
        => _host.Client().WatchRequestsAsync(Everything, new CallOptions(CancellationToken: cancellationToken)).GetAsyncEnumerator(CancellationToken.None);

    private static async Task<string> NextAsync(IAsyncEnumerator<WatchRequestsResponse> changes)
    {
        Assert.That(await changes.MoveNextAsync(), Is.True);
        return changes.Current.Request is { } request ? $"{request.Id} {request.State}" : "caught up";
    }
}
