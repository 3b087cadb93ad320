using System.Buffers;
using WireGuardian.MySql.Packets;

namespace WireGuardian.MySql.Startup;

/// <summary>The client's answer to the greeting, HandshakeResponse41; its first part alone is the request for TLS.</summary>
public sealed record HandshakeResponse
{
    /// <summary>Bytes of the part before the user's name.</summary>
    public const int FixedLength = 32;

    private const int FillerBeforeExtension = 19;

    /// <summary>What the client asks for, before anything was agreed on.</summary>
    public required CapabilityFlags Capabilities { get; init; }

    /// <summary>The client's leg is to be compressed from the end of the login on; nothing that the server is asked for.</summary>
    public bool Compresses { get; init; }

    public required uint MaxPacketSize { get; init; }

    /// <summary>Collation of the session, its lower byte.</summary>
    public required byte CharacterSet { get; init; }

    /// <summary>In the session's character set.</summary>
    public required byte[] User { get; init; }

    /// <summary>For <see cref="Plugin"/>, made with the greeting's scramble.</summary>
    public required byte[] AuthenticationResponse { get; init; }

    /// <summary>In the session's character set; empty where none is chosen.</summary>
    public required byte[] Database { get; init; }

    /// <summary>Empty where the client names none.</summary>
    public required byte[] Plugin { get; init; }

    public required ConnectAttributes Attributes { get; init; }

    /// <summary>True for the request for TLS, which ends where a response has the user's name.</summary>
    public static bool IsTlsRequest(ReadOnlySpan<byte> payload) =>
        payload.Length == FixedLength && TryReadFixed(payload, out var capabilities, out _, out _) && capabilities.HasFlag(CapabilityFlags.Ssl);

    /// <summary>False where <paramref name="payload"/> is none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out HandshakeResponse response)
    {
        response = null!;
        var reader = new PayloadReader(payload);
        if (!TryReadFixed(payload, out var capabilities, out var maxPacketSize, out var characterSet) || !reader.TrySkip(FixedLength))
            return false;
        if (!reader.TryReadNulTerminated(out var user) || !TryReadAuthentication(ref reader, capabilities, out var authentication))
            return false;
        ReadOnlySpan<byte> database = default, plugin = default;
        // The last string of all may lack its NUL: some clients forget it.
        if (capabilities.HasFlag(CapabilityFlags.ConnectWithDatabase) && !reader.AtEnd && !reader.TryReadNulTerminated(out database))
            database = reader.ReadToEnd();
        if (capabilities.HasFlag(CapabilityFlags.PluginAuthentication) && !reader.AtEnd && !reader.TryReadNulTerminated(out plugin))
            plugin = reader.ReadToEnd();
        var attributes = ConnectAttributes.None;
        if (capabilities.HasFlag(CapabilityFlags.ConnectAttributes) && !reader.AtEnd && !ConnectAttributes.TryRead(ref reader, out attributes))
            return false;
        response = new HandshakeResponse
        {
            Capabilities = capabilities,
            MaxPacketSize = maxPacketSize,
            CharacterSet = characterSet,
            User = user.ToArray(),
            AuthenticationResponse = authentication.ToArray(),
            Database = database.ToArray(),
            Plugin = plugin.ToArray(),
            Attributes = attributes,
        };
        return true;
    }

    /// <summary>The first part, which alone asks for TLS. MariaDB's extended bits stay zero.</summary>
    public void WriteTlsRequest(IBufferWriter<byte> output)
    {
        output.WriteUInt32((uint)Capabilities);
        output.WriteUInt32(MaxPacketSize);
        output.WriteByte(CharacterSet);
        output.WriteZeros(FixedLength - 9);
    }

    /// <summary>Writes the payload, without a header.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        WriteTlsRequest(output);
        output.WriteNulTerminated(User);
        if (Capabilities.HasFlag(CapabilityFlags.LengthEncodedAuthenticationData))
        {
            output.WriteLengthEncodedBytes(AuthenticationResponse);
        }
        else
        {
            output.WriteByte(checked((byte)AuthenticationResponse.Length));
            output.Write(AuthenticationResponse);
        }
        if (Capabilities.HasFlag(CapabilityFlags.ConnectWithDatabase))
            output.WriteNulTerminated(Database);
        if (Capabilities.HasFlag(CapabilityFlags.PluginAuthentication))
            output.WriteNulTerminated(Plugin);
        if (Capabilities.HasFlag(CapabilityFlags.ConnectAttributes))
            output.WriteLengthEncodedBytes(Attributes.Raw);
    }

    private static bool TryReadFixed(ReadOnlySpan<byte> payload, out CapabilityFlags capabilities, out uint maxPacketSize, out byte characterSet)
    {
        (capabilities, maxPacketSize, characterSet) = (default, 0, 0);
        var reader = new PayloadReader(payload);
        if (!reader.TryReadUInt32(out var flags) || !reader.TryReadUInt32(out maxPacketSize) || !reader.TryReadByte(out characterSet))
            return false;
        if (!reader.TrySkip(FillerBeforeExtension) || !reader.TryReadUInt32(out var extension))
            return false;
        capabilities = (CapabilityFlags)flags;
        if (!capabilities.HasFlag(CapabilityFlags.LongPassword))
            capabilities |= (CapabilityFlags)((ulong)extension << 32);
        return capabilities.HasFlag(CapabilityFlags.Protocol41);
    }

    private static bool TryReadAuthentication(scoped ref PayloadReader reader, CapabilityFlags capabilities, out ReadOnlySpan<byte> response)
    {
        response = default;
        if (capabilities.HasFlag(CapabilityFlags.LengthEncodedAuthenticationData))
            return reader.TryReadLengthEncodedBytes(out response);
        return capabilities.HasFlag(CapabilityFlags.SecureConnection) && reader.TryReadByte(out var length) && reader.TryReadBytes(length, out response);
    }
}
