using System.Buffers.Binary;
using System.Text;
using WireGuardian.MySql.Packets;

namespace WireGuardian.MySql.Startup;

/// <summary>The server's first packet, HandshakeV10.</summary>
public sealed class Greeting
{
    private const byte ProtocolVersion = 10;
    private const int FirstScramblePart = 8;
    private const int SecondScramblePart = 12;
    private const int FillerBeforeExtension = 6;

    private readonly byte[] _payload;
    private readonly int _lowerAt;
    private readonly int _upperAt;
    private readonly int _extensionAt;

    private Greeting(byte[] payload, int lowerAt, int upperAt, int extensionAt)
    {
        (_payload, _lowerAt, _upperAt, _extensionAt) = (payload, lowerAt, upperAt, extensionAt);
    }

    public required ServerVersion Version { get; init; }

    /// <summary>What KILL takes.</summary>
    public required uint ConnectionId { get; init; }

    public required CapabilityFlags Capabilities { get; init; }

    /// <summary>Collation of the server, its lower byte.</summary>
    public required byte CharacterSet { get; init; }

    public required StatusFlags Status { get; init; }

    /// <summary>The 20 bytes that passwords are scrambled with, in both parts.</summary>
    public required byte[] Scramble { get; init; }

    /// <summary>The plugin that the scramble is for; empty where the server names none.</summary>
    public required string Plugin { get; init; }

    /// <summary>False where <paramref name="payload"/> is none, or not one of a server that the proxy can speak to.</summary>
    public static bool TryParse(byte[] payload, out Greeting greeting)
    {
        greeting = null!;
        var reader = new PayloadReader(payload);
        if (!reader.TryReadByte(out var protocol) || protocol != ProtocolVersion || !reader.TryReadNulTerminated(out var version))
            return false;
        if (!reader.TryReadUInt32(out var connectionId) || !reader.TryReadBytes(FirstScramblePart, out var scramble) || !reader.TrySkip(1))
            return false;
        var lowerAt = payload.Length - reader.Rest.Length;
        if (!reader.TryReadUInt16(out var lower) || !reader.TryReadByte(out var characterSet) || !reader.TryReadUInt16(out var status))
            return false;
        var upperAt = payload.Length - reader.Rest.Length;
        if (!reader.TryReadUInt16(out var upper) || !reader.TryReadByte(out _) || !reader.TrySkip(FillerBeforeExtension))
            return false;
        var extensionAt = payload.Length - reader.Rest.Length;
        if (!reader.TryReadUInt32(out var extension) || !reader.TryReadBytes(SecondScramblePart, out var scrambleRest) || !reader.TrySkip(1))
            return false;
        var capabilities = (CapabilityFlags)(lower | (uint)upper << 16);
        if (!capabilities.HasFlag(CapabilityPolicy.Required))
            return false;
        if (!capabilities.HasFlag(CapabilityFlags.LongPassword))
            capabilities |= (CapabilityFlags)((ulong)extension << 32);
        ReadOnlySpan<byte> plugin = default;
        // Old servers forget the NUL after the name.
        if (capabilities.HasFlag(CapabilityFlags.PluginAuthentication) && !reader.TryReadNulTerminated(out plugin))
            plugin = reader.ReadToEnd();
        greeting = new Greeting(payload, lowerAt, upperAt, extensionAt)
        {
            Version = ServerVersion.Parse(Encoding.Latin1.GetString(version), capabilities),
            ConnectionId = connectionId,
            Capabilities = capabilities,
            CharacterSet = characterSet,
            Status = (StatusFlags)status,
            Scramble = [.. scramble, .. scrambleRest],
            Plugin = Encoding.Latin1.GetString(plugin),
        };
        return true;
    }

    /// <summary>The same payload with other capabilities; everything else is the server's own.</summary>
    public byte[] With(CapabilityFlags capabilities)
    {
        byte[] changed = [.. _payload];
        BinaryPrimitives.WriteUInt16LittleEndian(changed.AsSpan(_lowerAt), (ushort)capabilities);
        BinaryPrimitives.WriteUInt16LittleEndian(changed.AsSpan(_upperAt), (ushort)((ulong)capabilities >> 16));
        BinaryPrimitives.WriteUInt32LittleEndian(changed.AsSpan(_extensionAt), (uint)((ulong)capabilities >> 32));
        return changed;
    }
}
