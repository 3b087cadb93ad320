using System.IO.Pipelines;
using Google.Protobuf;

namespace WireGuardian.ControlPlane.Grpc.Framing;

/// <summary>Reads the messages of one call, in order, from the body that carries them.</summary>
internal sealed class MessageReader<T>(PipeReader body, MessageParser<T> parser, int maxLength)
    where T : class, IMessage<T>
{
    /// <summary>The next message; null at the end of the body.</summary>
    /// <exception cref="RpcException">The body ends inside a message, or a message cannot be read.</exception>
    public async ValueTask<T?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await body.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            if (MessageFrame.TryRead(ref buffer, maxLength, out var message))
            {
                var parsed = Parse(message);
                body.AdvanceTo(buffer.Start);
                return parsed;
            }

            if (result.IsCompleted)
                return buffer.IsEmpty ? null : throw new RpcException(StatusCode.Internal, "The body ends inside a message.");
            body.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private T Parse(System.Buffers.ReadOnlySequence<byte> message)
    {
        try
        {
            return parser.ParseFrom(message);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new RpcException(StatusCode.Internal, "A message is not valid protobuf of its type.", e);
        }
    }
}
