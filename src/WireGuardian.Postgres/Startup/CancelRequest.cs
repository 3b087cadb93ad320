using System.Buffers.Binary;
using WireGuardian.Postgres.Messages;

namespace WireGuardian.Postgres.Startup;

/// <summary>CancelRequest: asks, on a connection of its own, to cancel what another session runs.</summary>
/// <param name="ProcessId">From that session's BackendKeyData.</param>
/// <param name="SecretKey">From there too; 4 bytes in protocol 3.0, up to 256 in 3.2.</param>
public sealed record CancelRequest(int ProcessId, byte[] SecretKey)
{
    /// <summary>Reads what follows the packet's code.</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, out CancelRequest message)
    {
        var read = BackendKeyData.TryParse(body, out var key);
        message = new CancelRequest(key.ProcessId, key.SecretKey.ToArray());
        return read;
    }

    /// <summary>The whole packet.</summary>
    public byte[] ToPacket()
    {
        var packet = new byte[12 + SecretKey.Length];
        BinaryPrimitives.WriteInt32BigEndian(packet, packet.Length);
        BinaryPrimitives.WriteInt32BigEndian(packet.AsSpan(4), StartupPacket.CancelRequestCode);
        BinaryPrimitives.WriteInt32BigEndian(packet.AsSpan(8), ProcessId);
        SecretKey.CopyTo(packet, 12);
        return packet;
    }

    /// <summary>The key lets anybody cancel: it stays out of logs.</summary>
    public override string ToString() => $"CancelRequest {{ ProcessId = {ProcessId} }}";
}
