using System.Buffers;
using System.Text;
using WireGuardian.MySql.Authentication;
using WireGuardian.MySql.Packets;
using WireGuardian.MySql.Startup;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Listening;

namespace WireGuardian.MySql.Client;

/// <summary>The proxy's own login, with a password that the configuration gives.</summary>
internal sealed class ClientLogin(UpstreamConnector connector, CatalogLogin login, string database, string programName)
{
    private const int LongestPacket = 64 << 10;
    private const int MostPackets = 16;
    private const byte Utf8Mb4 = 45;

    private const CapabilityFlags Wanted =
        CapabilityFlags.LongPassword | CapabilityFlags.LongFlag | CapabilityFlags.Protocol41 | CapabilityFlags.Transactions | CapabilityFlags.Reserved
        | CapabilityFlags.SecureConnection | CapabilityFlags.PluginAuthentication | CapabilityFlags.ConnectAttributes
        | CapabilityFlags.LengthEncodedAuthenticationData | CapabilityFlags.DeprecateEof;

    private readonly byte[] _password = PasswordAnswers.Bytes(login.Password);

    /// <summary>
    /// Answers the greeting and everything after it. Throws <see cref="ServerErrorException"/>, <see cref="LoginRefusedException"/> where TLS or the plugin
    /// are not to be had, <see cref="ProtocolException"/>.
    /// </summary>
    /// <returns>The capabilities agreed on.</returns>
    public async Task<CapabilityFlags> RunAsync(PacketChannel server, Greeting greeting, CancellationToken cancellationToken)
    {
        var capabilities = (greeting.Capabilities | CapabilityFlags.LongPassword) & Wanted;
        if (database.Length > 0)
            capabilities |= CapabilityFlags.ConnectWithDatabase;
        var response = await connector.SecureAsync(server, greeting, Response(capabilities), cancellationToken);
        // An account of another plugin makes the server ask for that one: a password in clear is never the first answer.
        var plugin = greeting.Plugin == AuthenticationPlugin.CachingSha2Password ? greeting.Plugin : AuthenticationPlugin.NativePassword;
        var first = PasswordAnswers.First(plugin, _password, greeting.Scramble, secure: false)!;
        var payload = new ArrayBufferWriter<byte>();
        (response with { Plugin = Encoding.ASCII.GetBytes(plugin), AuthenticationResponse = first }).Write(payload);
        await server.SendAsync(payload.WrittenMemory, cancellationToken);
        await AnswerAsync(server, plugin, greeting.Scramble, cancellationToken);
        return capabilities;
    }

    private HandshakeResponse Response(CapabilityFlags capabilities) => new()
    {
        Capabilities = capabilities,
        MaxPacketSize = 1 << 30,
        CharacterSet = Utf8Mb4,
        User = Encoding.UTF8.GetBytes(login.Username),
        AuthenticationResponse = [],
        Database = Encoding.UTF8.GetBytes(database),
        Plugin = [],
        Attributes = ConnectAttributes.Of(programName),
    };

    private async Task AnswerAsync(PacketChannel server, string plugin, byte[] nonce, CancellationToken cancellationToken)
    {
        for (var packets = 0; packets < MostPackets; packets++)
        {
            var packet = await server.ReadAsync(LongestPacket, cancellationToken)
                ?? throw new ProtocolException(ProtocolFault.Server, "the database server closed the connection during the login");
            switch (packet)
            {
                case [PacketMarkers.Ok, ..]:
                    return;
                case [PacketMarkers.Error, ..]:
                    throw ServerErrorException.Of(packet);
                case [PacketMarkers.AuthenticationSwitch, ..] when AuthenticationSwitch.TryParse(packet, out plugin, out nonce):
                    await server.SendAsync(PasswordAnswers.First(plugin, _password, nonce, server.IsSecure) ?? throw Unsupported(), cancellationToken);
                    break;
                case [PacketMarkers.AuthenticationMoreData, .. var data] when AuthenticationPlugin.KeyRequest(plugin) is not 0 and var request:
                    if (Full(plugin, request, data, nonce, server.IsSecure) is { } answer)
                        await server.SendAsync(answer, cancellationToken);
                    break;
                default:
                    throw Unsupported();
            }
        }
        throw new ProtocolException(ProtocolFault.Server, $"the login took more than {MostPackets} packets");
    }

    /// <summary>The password in full, or the request for the key to seal it with; null where the server needs no more.</summary>
    private byte[]? Full(string plugin, byte request, byte[] data, byte[] nonce, bool secure) => data switch
    {
        [3] when plugin == AuthenticationPlugin.CachingSha2Password => null,
        [4] when plugin == AuthenticationPlugin.CachingSha2Password => secure ? [.. _password, 0] : [request],
        _ when secure => throw Unsupported(),
        _ => SealedPassword.Create([.. _password, 0], nonce, data),
    };

    private static LoginRefusedException Unsupported() => new(new FatalError(
        ErrorCodes.NotSupportedAuthenticationMode, "08004", "the database server asks the catalog login for an authentication that WireGuardian has not"));
}
