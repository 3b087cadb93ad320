using System.Text;
using WireGuardian.Postgres.Startup;
using WireGuardian.Proxy.Limits;

namespace WireGuardian.Postgres.Tests.Startup;

public sealed class UnsupportedVersionsTests
{
    private static readonly StartupPacket Packet = new([0, 0, 0, 9, 0, 2, 0, 0, 0]);

    [TestCase("E\0\0\0\x0ASFATAL\0\0")]
    [TestCase("EFATAL:  unsupported frontend protocol\n\0")]
    public async Task The_servers_error_comes_back_as_it_is(string answer)
    {
        byte[]? received = null;
        await using var server = new FakeServer(async stream =>
        {
            received = await FakeServer.ReadPacketAsync(stream);
            foreach (var part in Encoding.Latin1.GetBytes(answer))
                await stream.WriteAsync(new[] { part });
        });
        var answered = await AskAsync(server);
        Assert.That(Encoding.Latin1.GetString(answered!.Value.Span), Is.EqualTo(answer));
        Assert.That(received, Is.EqualTo(Packet.Raw));
    }

    [TestCase("R\0\0\0\x08\0\0\0\0", Description = "a server that does speak it")]
    [TestCase("N")]
    [TestCase("")]
    public async Task Nothing_but_an_error_is_taken_from_the_server(string answer)
    {
        await using var server = new FakeServer(async stream =>
        {
            await FakeServer.ReadPacketAsync(stream);
            await stream.WriteAsync(Encoding.Latin1.GetBytes(answer));
        });
        Assert.That(await AskAsync(server), Is.Null);
    }

    [Test]
    public async Task An_endless_error_is_not_taken()
    {
        await using var server = new FakeServer(async stream =>
        {
            await FakeServer.ReadPacketAsync(stream);
            while (true)
                await stream.WriteAsync("EEEEEEEEEEEEEEEE"u8.ToArray());
        });
        Assert.That(await AskAsync(server), Is.Null);
    }

    [Test]
    public async Task Only_so_many_ask_at_once()
    {
        var asked = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using var server = new FakeServer(async stream =>
        {
            await FakeServer.ReadPacketAsync(stream);
            asked.TrySetResult();
            await release.Task;
            await stream.WriteAsync("E"u8.ToArray());
        });
        var versions = Versions(server);
        var first = versions.AskAsync(Packet, CancellationToken.None).AsTask();
        await asked.Task;
        Assert.That(await versions.AskAsync(Packet, CancellationToken.None), Is.Null);
        release.SetResult();
        Assert.That((await first)!.Value.Length, Is.EqualTo(1));
    }

    [Test]
    public async Task A_server_that_is_gone_has_no_answer()
    {
        var versions = new UnsupportedVersions(new UpstreamConnector(TestListener.Options(), TimeProvider.System), new LimitOptions());
        Assert.That(await versions.AskAsync(Packet, CancellationToken.None), Is.Null);
    }

    private static Task<ReadOnlyMemory<byte>?> AskAsync(FakeServer server) => Versions(server).AskAsync(Packet, CancellationToken.None).AsTask();

    private static UnsupportedVersions Versions(FakeServer server) => new(
        new UpstreamConnector(TestListener.Options(server.EndPoint), TimeProvider.System), new LimitOptions { MaxConcurrentCancels = 1 });
}
