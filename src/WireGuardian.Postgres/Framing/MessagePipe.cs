using System.Buffers;
using System.IO.Pipelines;
using WireGuardian.Proxy;

namespace WireGuardian.Postgres.Framing;

/// <summary>Takes whole messages from a pipe. What memory grows by is what came, never what a length field says.</summary>
public static class MessagePipe
{
    /// <summary>
    /// The next message; null where the connection ended before its first byte, or the read was cancelled by
    /// <see cref="PipeReader.CancelPendingRead"/>. Throws <see cref="ProtocolException"/> for a bad header or an end in the middle.
    /// </summary>
    /// <param name="input">Left at the first byte after the message.</param>
    /// <param name="direction">Who sends.</param>
    /// <param name="limit">Largest length field taken.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async ValueTask<ReceivedMessage?> ReadMessageAsync(
        this PipeReader input, MessageDirection direction, int limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await input.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            if (TryTake(buffer, direction, limit, out var message))
            {
                input.AdvanceTo(buffer.GetPosition(message.Raw.Length));
                return message;
            }
            input.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCanceled || (read.IsCompleted && buffer.IsEmpty))
                return null;
            if (read.IsCompleted)
                throw new ProtocolException(
                    direction == MessageDirection.Frontend ? ProtocolFault.Client : ProtocolFault.Server, "the connection ended within a message");
        }
    }

    private static bool TryTake(ReadOnlySequence<byte> buffer, MessageDirection direction, int limit, out ReceivedMessage message)
    {
        message = default;
        Span<byte> start = stackalloc byte[MessageHeader.Size];
        var head = buffer.Slice(0, Math.Min(buffer.Length, MessageHeader.Size));
        head.CopyTo(start);
        if (!MessageHeader.TryRead(start[..(int)head.Length], direction, limit, out var header) || buffer.Length < header.TotalLength)
            return false;
        message = new ReceivedMessage(buffer.Slice(0, header.TotalLength).ToArray());
        return true;
    }
}
