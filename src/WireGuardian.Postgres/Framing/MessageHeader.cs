using System.Buffers.Binary;
using WireGuardian.Proxy;

namespace WireGuardian.Postgres.Framing;

/// <summary>The five bytes before every message's body, start-up packets apart.</summary>
/// <param name="Type">The type byte.</param>
/// <param name="Length">The length field: counts itself and the body, not the type.</param>
public readonly record struct MessageHeader(byte Type, int Length)
{
    /// <summary>Bytes of a header: the type and the length.</summary>
    public const int Size = 5;

    public int BodyLength => Length - 4;

    /// <summary>Header and body.</summary>
    public int TotalLength => Length + 1;

    /// <summary>
    /// False when there are fewer than five bytes. Throws <see cref="ProtocolException"/>, before anybody waits for or allocates a body, for
    /// a type that this direction does not have, and for a length below the type's minimum or above its maximum or <paramref name="limit"/>.
    /// </summary>
    /// <param name="bytes">What came; only the first five bytes are looked at.</param>
    /// <param name="direction">Who sent it.</param>
    /// <param name="limit">The largest length field that the caller takes.</param>
    /// <param name="header">The header read.</param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, MessageDirection direction, int limit, out MessageHeader header)
    {
        header = default;
        if (bytes.Length < Size)
            return false;
        var type = bytes[0];
        var length = BinaryPrimitives.ReadInt32BigEndian(bytes[1..]);
        if (!MessageLengths.TryGet(direction, type, out var minimum, out var maximum))
            throw Invalid(direction, $"message type 0x{type:x2} is not known");
        if (length < minimum)
            throw Invalid(direction, $"the length of a message of type {(char)type} is below its minimum of {minimum}");
        if (length > Math.Min(maximum, limit))
            throw Invalid(direction, $"the length of a message of type {(char)type} is above the limit of {Math.Min(maximum, limit)}");
        header = new MessageHeader(type, length);
        return true;
    }

    private static ProtocolException Invalid(MessageDirection direction, string message) =>
        new(direction == MessageDirection.Frontend ? ProtocolFault.Client : ProtocolFault.Server, message);
}
