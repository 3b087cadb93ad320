using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;
using WireGuardian.Testing.MySql;

namespace WireGuardian.IntegrationTests.MySql.Differential;

/// <summary>Collects packets and takes out what is never the same twice: connection ids, nonces, and COM_STATISTICS's numbers,
/// and the ids of prepared statements in errors.</summary>
public sealed partial class Transcript
{
    /// <summary>
    /// What a greeting may offer through the proxy or not: TLS is a matter of each leg, the rest is not parsed and therefore cleared on purpose.
    /// </summary>
    private const uint Cleared =
        MySqlCapabilities.Ssl | MySqlCapabilities.Zstd | MySqlCapabilities.OptionalMetadata | MySqlCapabilities.MultiFactor | 0xE000_0000;

    private const int UnknownStatement = 1243;
    private const int NoOpenCursor = 1421;

    private readonly List<Received> _received = [];

    public IReadOnlyList<Received> Received => _received;

    public void NoteClosed(int connection) => _received.Add(new(connection, null, Differential.Received.Closed));

    public void NoteTimeout(int connection) => _received.Add(new(connection, null, Differential.Received.Timeout));

    public void Add(int connection, MySqlPacket packet)
    {
        var text = Encoding.ASCII.GetString(packet.Payload.AsSpan(0, Math.Min(packet.Payload.Length, 8)));
        if (text.StartsWith("Uptime: ", StringComparison.Ordinal))
            packet = packet with { Payload = Encoding.ASCII.GetBytes(Number().Replace(Encoding.ASCII.GetString(packet.Payload), "N")) };
        if (packet is { IsError: true, ErrorCode: UnknownStatement or NoOpenCursor })
            packet = packet with { Payload = Encoding.ASCII.GetBytes(Number().Replace(Encoding.ASCII.GetString(packet.Payload), "N")) };
        _received.Add(new(connection, packet));
    }

    public void AddGreeting(int connection, MySqlPacket packet)
    {
        var payload = packet.Payload;
        var rest = payload.AsSpan(Array.IndexOf(payload, (byte)0, 1) + 1);
        rest[..12].Clear();
        Clear(rest[13..], (ushort)(Cleared & 0xFFFF));
        Clear(rest[18..], (ushort)(Cleared >> 16));
        // MariaDB's extended capabilities, and the rest of the nonce.
        rest[27..43].Clear();
        Add(connection, packet);
    }

    /// <summary>A packet of an authentication exchange; the nonce of an AuthSwitchRequest is taken out.</summary>
    public void AddLogin(int connection, MySqlPacket packet)
    {
        if (packet.Payload is [0xFE, ..] && Array.IndexOf(packet.Payload, (byte)0) is > 0 and var end)
            packet.Payload.AsSpan(end + 1).Clear();
        Add(connection, packet);
    }

    private static void Clear(Span<byte> bits, ushort cleared) =>
        BinaryPrimitives.WriteUInt16LittleEndian(bits, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(bits) & ~cleared));

    [GeneratedRegex("[0-9.]+")]
    private static partial Regex Number();
}
