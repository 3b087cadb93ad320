using WireGuardian.ControlPlane.Grpc;
using WireGuardian.ControlPlane.Tests.Hosting;
using WireGuardian.ControlPlane.V1;
using WireGuardian.Server.ControlPlane;

namespace WireGuardian.ControlPlane.Tests.Server;

/// <summary>The calls of auditors: who may, how many at once, and what happens where the trail cannot be read.</summary>
[CancelAfter(60_000)]
public sealed class AuditCallsTests
{
    [Test]
    public async Task An_export_needs_an_operators_token()
    {
        await using var host = await ControlPlaneHost.StartAsync(archive: new FakeArchive(3));
        Assert.That(async () => await CountAsync(host, "wrong"), Throws.TypeOf<RpcException>().With.Property("StatusCode").EqualTo(StatusCode.Unauthenticated));
    }

    [Test]
    public async Task Its_messages_say_how_far_it_is()
    {
        await using var host = await ControlPlaneHost.StartAsync(new ControlPlaneOptions { ExportPage = 10 }, archive: new FakeArchive(25));
        var looked = new List<(long, long)>();
        await foreach (var message in host.Client().ExportAuditAsync(new ExportAuditRequest { Principal = "nobody" }, default))
            looked.Add((message.LookedTo, message.End));
        Assert.That(looked, Is.EqualTo(new[] { (10L, 25L), (20L, 25L), (25L, 25L) }));
    }

    [Test]
    public async Task No_more_than_so_many_run_at_once()
    {
        using var gate = new ManualResetEventSlim();
        var archive = new FakeArchive(3) { Gate = gate };
        await using var host = await ControlPlaneHost.StartAsync(new ControlPlaneOptions { Exports = 1 }, archive: archive);
        var first = CountAsync(host);
        while (archive.Pages == 0)
            await Task.Yield();
        Assert.That(async () => await CountAsync(host), Throws.TypeOf<RpcException>().With.Property("StatusCode").EqualTo(StatusCode.ResourceExhausted));
        gate.Set();
        Assert.That(await first, Is.EqualTo(3));
        Assert.That(await CountAsync(host), Is.EqualTo(3));
    }

    [Test]
    public async Task A_caller_who_leaves_ends_the_export_and_frees_its_place()
    {
        var archive = new FakeArchive(1_000_000);
        await using var host = await ControlPlaneHost.StartAsync(new ControlPlaneOptions { Exports = 1, ExportPage = 50 }, archive: archive);
        await foreach (var _ in host.Client().ExportAuditAsync(new ExportAuditRequest(), default))
            break;
        // The server learns of it a moment later.
        for (var isFree = false; !isFree;)
        {
            try
            {
                await foreach (var _ in host.Client().ExportAuditAsync(new ExportAuditRequest(), default))
                    break;
                isFree = true;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.ResourceExhausted)
            {
                await Task.Yield();
            }
        }
        Assert.That(archive.Pages, Is.LessThan(10_000));
    }

    [Test]
    public async Task A_trail_that_cannot_be_read_is_unavailable()
    {
        await using var host = await ControlPlaneHost.StartAsync(archive: new FakeArchive(3) { Unavailable = true });
        Assert.That(async () => await CountAsync(host), Throws.TypeOf<RpcException>().With.Property("StatusCode").EqualTo(StatusCode.Unavailable));
        Assert.That(
            async () => await host.Client().GetReceiptsAsync(new GetReceiptsRequest { Id = "R1" }, default),
            Throws.TypeOf<RpcException>().With.Property("StatusCode").EqualTo(StatusCode.Unavailable));
    }

    [Test]
    public async Task Without_an_archive_the_calls_are_not_there()
    {
        await using var host = await ControlPlaneHost.StartAsync();
        Assert.That(
            async () => await host.Client().GetSigningKeysAsync(new GetSigningKeysRequest(), default),
            Throws.TypeOf<RpcException>().With.Property("StatusCode").EqualTo(StatusCode.Unimplemented));
    }

    private static async Task<int> CountAsync(ControlPlaneHost host, string token = FakeOperators.Dana)
    {
        var count = 0;
        await foreach (var message in host.Client(token).ExportAuditAsync(new ExportAuditRequest(), default))
            count += message.Records.Count;
        return count;
    }
}
