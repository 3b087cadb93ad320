using System.Buffers.Binary;
using WireGuardian.Proxy;

namespace WireGuardian.Postgres.Startup;

/// <summary>A packet of the start-up phase: a length and a code, no type byte.</summary>
/// <param name="Raw">The whole packet.</param>
public readonly record struct StartupPacket(byte[] Raw)
{
    /// <summary>The length and the code.</summary>
    public const int MinimumLength = 8;

    /// <summary>The server takes no more either.</summary>
    public const int MaximumLength = 10_000;

    public const int CancelRequestCode = (1234 << 16) | 5678;
    public const int SslRequestCode = (1234 << 16) | 5679;
    public const int GssEncRequestCode = (1234 << 16) | 5680;

    /// <summary>One of the request codes, or a protocol version.</summary>
    public int Code => BinaryPrimitives.ReadInt32BigEndian(Raw.AsSpan(4));

    public ReadOnlySpan<byte> Body => Raw.AsSpan(MinimumLength);

    /// <summary>
    /// False when the four bytes of the length are not all there. Throws <see cref="ProtocolException"/> for a length outside its bounds, before
    /// anything of the packet is waited for.
    /// </summary>
    public static bool TryReadLength(ReadOnlySpan<byte> bytes, out int length)
    {
        if (!BinaryPrimitives.TryReadInt32BigEndian(bytes, out length))
            return false;
        if (length is < MinimumLength or > MaximumLength)
            throw new ProtocolException(ProtocolFault.Client, "invalid length of startup packet");
        return true;
    }
}
