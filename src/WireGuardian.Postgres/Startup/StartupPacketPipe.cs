using System.Buffers;
using System.IO.Pipelines;
using WireGuardian.Proxy;

namespace WireGuardian.Postgres.Startup;

/// <summary>Takes start-up packets from a pipe, in whatever pieces they come.</summary>
public static class StartupPacketPipe
{
    /// <summary>
    /// The next packet, and whether the client sent more without waiting for an answer; null where the connection ended before the packet's first
    /// byte. Throws <see cref="ProtocolException"/> for a bad length or an end in the middle.
    /// </summary>
    public static async ValueTask<(StartupPacket Packet, bool MoreFollows)?> ReadStartupPacketAsync(
        this PipeReader input, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await input.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            if (TryTake(buffer, out var packet))
            {
                var moreFollows = buffer.Length > packet.Raw.Length;
                input.AdvanceTo(buffer.GetPosition(packet.Raw.Length));
                return (packet, moreFollows);
            }
            var isEmpty = buffer.IsEmpty;
            input.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
                return isEmpty ? null : throw new ProtocolException(ProtocolFault.Client, "the connection ended within a startup packet");
        }
    }

    private static bool TryTake(ReadOnlySequence<byte> buffer, out StartupPacket packet)
    {
        packet = default;
        Span<byte> start = stackalloc byte[sizeof(int)];
        var head = buffer.Slice(0, Math.Min(buffer.Length, sizeof(int)));
        head.CopyTo(start);
        if (!StartupPacket.TryReadLength(start[..(int)head.Length], out var length) || buffer.Length < length)
            return false;
        packet = new StartupPacket(buffer.Slice(0, length).ToArray());
        return true;
    }
}
