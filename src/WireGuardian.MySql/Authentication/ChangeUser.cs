using System.Buffers;
using System.Text;
using WireGuardian.MySql.Packets;
using WireGuardian.MySql.Startup;

namespace WireGuardian.MySql.Authentication;

/// <summary>COM_CHANGE_USER: another login on the same connection. Its capabilities are those that the connection has agreed on.</summary>
public sealed record ChangeUser
{
    public required byte[] User { get; init; }

    /// <summary>For <see cref="Plugin"/>, made with the scramble of the login before.</summary>
    public required byte[] AuthenticationResponse { get; init; }

    public required byte[] Database { get; init; }

    /// <summary>Collation; null where the client leaves it as it was.</summary>
    public required ushort? CharacterSet { get; init; }

    public required byte[] Plugin { get; init; }

    public required ConnectAttributes Attributes { get; init; }

    /// <summary>False where <paramref name="payload"/>, which starts with the command's byte, is none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, CapabilityFlags capabilities, out ChangeUser request)
    {
        request = null!;
        var reader = new PayloadReader(payload);
        if (!reader.TryReadByte(out var command) || command != (byte)Command.ChangeUser || !reader.TryReadNulTerminated(out var user))
            return false;
        if (!reader.TryReadByte(out var length) || !reader.TryReadBytes(length, out var authentication) || !reader.TryReadNulTerminated(out var database))
            return false;
        ushort? characterSet = null;
        ReadOnlySpan<byte> plugin = default;
        var attributes = ConnectAttributes.None;
        if (!reader.AtEnd)
        {
            if (!reader.TryReadUInt16(out var collation))
                return false;
            characterSet = collation;
        }
        if (capabilities.HasFlag(CapabilityFlags.PluginAuthentication) && !reader.AtEnd && !reader.TryReadNulTerminated(out plugin))
            return false;
        if (capabilities.HasFlag(CapabilityFlags.ConnectAttributes) && !reader.AtEnd && !ConnectAttributes.TryRead(ref reader, out attributes))
            return false;
        request = new ChangeUser
        {
            User = user.ToArray(),
            AuthenticationResponse = authentication.ToArray(),
            Database = database.ToArray(),
            CharacterSet = characterSet,
            Plugin = plugin.ToArray(),
            Attributes = attributes,
        };
        return true;
    }

    /// <summary>Who the client says it is from here on; throws <see cref="LoginRefusedException"/> where that cannot be read for certain.</summary>
    /// <param name="collation">Of the session, for a client that names none.</param>
    public ClientIdentity IdentityIn(int collation) => ClientIdentity.Of(User, Database, CharacterSet ?? collation, Attributes);

    /// <summary>
    /// The payload to send to the server, who speaks next: <paramref name="exchange"/> says what becomes of every packet after it. The exchange is a new one,
    /// made with the scramble of the login before. Throws what <see cref="AuthenticationExchange.Begin"/> throws.
    /// </summary>
    public byte[] Begin(AuthenticationExchange exchange, CapabilityFlags capabilities)
    {
        var payload = new ArrayBufferWriter<byte>();
        (this with { AuthenticationResponse = exchange.Begin(Encoding.Latin1.GetString(Plugin), AuthenticationResponse) }).Write(payload, capabilities);
        return payload.WrittenSpan.ToArray();
    }

    /// <summary>Writes the payload, without a header.</summary>
    public void Write(IBufferWriter<byte> output, CapabilityFlags capabilities)
    {
        output.WriteByte((byte)Command.ChangeUser);
        output.WriteNulTerminated(User);
        output.WriteByte(checked((byte)AuthenticationResponse.Length));
        output.Write(AuthenticationResponse);
        output.WriteNulTerminated(Database);
        if (CharacterSet is not { } collation)
            return;
        output.WriteUInt16(collation);
        if (!capabilities.HasFlag(CapabilityFlags.PluginAuthentication))
            return;
        output.WriteNulTerminated(Plugin);
        if (capabilities.HasFlag(CapabilityFlags.ConnectAttributes))
            output.WriteLengthEncodedBytes(Attributes.Raw);
    }
}
