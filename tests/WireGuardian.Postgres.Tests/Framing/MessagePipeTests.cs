using System.IO.Pipelines;
using WireGuardian.Postgres.Framing;
using WireGuardian.Proxy;
using WireGuardian.Testing.Wire;

namespace WireGuardian.Postgres.Tests.Framing;

public sealed class MessagePipeTests
{
    [Test]
    public void Messages_come_out_the_same_wherever_the_stream_is_cut()
    {
        byte[] stream = [.. FrontendMessage.Password("secret"), .. FrontendMessage.Sync, .. FrontendMessage.Query("select 1")];
        ByteSplitter.AssertSame(stream, pieces => ReadAllAsync(pieces).GetAwaiter().GetResult());
    }

    [Test]
    public async Task An_end_between_messages_is_no_message() => Assert.That(await ReadAllAsync([]), Is.Empty);

    [Test]
    public void An_end_within_a_message_is_the_senders_fault() =>
        Assert.That(
            async () => await ReadAllAsync([FrontendMessage.Query("select 1")[..^1]]),
            Throws.TypeOf<ProtocolException>().With.Property("Fault").EqualTo(ProtocolFault.Client));

    [Test]
    public void A_hostile_length_is_refused_with_the_header_alone() =>
        Assert.That(async () => await ReadAllAsync([FrontendMessage.Framed('Q', 1 << 30, [])]), Throws.TypeOf<ProtocolException>());

    private static async Task<string> ReadAllAsync(IReadOnlyList<byte[]> pieces)
    {
        var pipe = new Pipe();
        var writing = WriteAsync(pipe.Writer, pieces);
        var messages = new List<string>();
        while (await pipe.Reader.ReadMessageAsync(MessageDirection.Frontend, 1000, CancellationToken.None) is { } message)
            messages.Add(Convert.ToHexString(message.Raw));
        await writing;
        return string.Join(' ', messages);
    }

    private static async Task WriteAsync(PipeWriter writer, IReadOnlyList<byte[]> pieces)
    {
        foreach (var piece in pieces)
            await writer.WriteAsync(piece);
        await writer.CompleteAsync();
    }
}
