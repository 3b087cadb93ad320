using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;

namespace WireGuardian.ControlPlane.Grpc.Framing;

/// <summary>A length-prefixed message: one byte that says whether it is compressed, four for the length, then the message.</summary>
internal static class MessageFrame
{
    public const int HeaderLength = 5;

    /// <summary>
    /// Takes one whole message off the front of <paramref name="buffer"/>. False: more bytes are needed. The length is judged before the message is
    /// awaited, so a peer cannot make us buffer more than <paramref name="maxLength"/>.
    /// </summary>
    /// <exception cref="RpcException">UNIMPLEMENTED for a compressed message, RESOURCE_EXHAUSTED for one that is too large.</exception>
    public static bool TryRead(ref ReadOnlySequence<byte> buffer, int maxLength, out ReadOnlySequence<byte> message)
    {
        message = default;
        if (buffer.Length < HeaderLength)
            return false;

        Span<byte> header = stackalloc byte[HeaderLength];
        buffer.Slice(0, HeaderLength).CopyTo(header);
        if (header[0] != 0)
            throw new RpcException(StatusCode.Unimplemented, "Compressed messages are not supported.");
        var length = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        if (length > (uint)maxLength)
            throw new RpcException(StatusCode.ResourceExhausted, $"A message is larger than the limit of {maxLength} bytes.");
        if (buffer.Length < HeaderLength + length)
            return false;

        message = buffer.Slice(HeaderLength, length);
        buffer = buffer.Slice(message.End);
        return true;
    }

    /// <summary>The frame of <paramref name="message"/>, ready to be written.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED when it is larger than <paramref name="maxLength"/>.</exception>
    public static byte[] Create(IMessage message, int maxLength)
    {
        var length = message.CalculateSize();
        if (length > maxLength)
            throw new RpcException(StatusCode.ResourceExhausted, $"A message is larger than the limit of {maxLength} bytes.");
        var frame = new byte[HeaderLength + length];
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)length);
        message.WriteTo(frame.AsSpan(HeaderLength));
        return frame;
    }
}
