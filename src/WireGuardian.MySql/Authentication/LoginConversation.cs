using System.Buffers;
using System.Text;
using WireGuardian.MySql.Compression;
using WireGuardian.MySql.Packets;
using WireGuardian.MySql.Startup;
using WireGuardian.Proxy;

namespace WireGuardian.MySql.Authentication;

/// <summary>A login on both legs, from the greeting to the server's verdict.</summary>
internal sealed class LoginConversation(
    ClientStartup startup, UpstreamConnector connector, ILoginAdmission admission, PasswordKey key, PacketChannel client, PacketChannel server, Greeting greeting)
{
    /// <summary>Keys and tokens are shorter, and so is any error.</summary>
    private const int LongestPacket = 64 << 10;

    /// <summary>True once the client has said that it speaks protocol 4.1, whose errors have a SQLSTATE.</summary>
    public bool HasResponse { get; private set; }

    /// <summary>Null where the login ended without a session: the client left, or the server refused it and the client was told.</summary>
    public async ValueTask<LoginOutcome.LoggedIn?> RunAsync(CancellationToken cancellationToken)
    {
        if (await startup.RunAsync(client, greeting, cancellationToken) is not { } response)
            return null;
        HasResponse = true;
        var identity = ClientIdentity.Of(response.User, response.Database, response.CharacterSet, response.Attributes);
        if (admission.AdmitUser(identity) is { } refusal)
            throw new LoginRefusedException(refusal);
        response = await connector.SecureAsync(server, greeting, response, cancellationToken);
        var security = new LegSecurity(client.IsSecure, server.IsSecure);
        var exchange = new AuthenticationExchange(security, greeting.Scramble, key);
        var first = exchange.Begin(Encoding.Latin1.GetString(response.Plugin), response.AuthenticationResponse);
        await SendAsync(response with { AuthenticationResponse = first }, cancellationToken);
        if (await ExchangeAsync(exchange, cancellationToken) is not { } ok)
            return null;
        if (!OkPacket.TryParse(ok, response.Capabilities, out var parsed))
            throw new ProtocolException(ProtocolFault.Server, "the database server sent no valid OK packet");
        var status = parsed.Status;
        await client.SendAsync(ok, cancellationToken);
        var leftover = client.Leg.BeginRelay();
        if (response.Compresses)
        {
            var readAhead = leftover;
            client.Leg.AddLayer(connection => new CompressedStream(connection, readAhead));
            leftover = [];
        }
        return new LoginOutcome.LoggedIn
        {
            Identity = identity,
            Capabilities = response.Capabilities & ~CapabilityFlags.Ssl,
            Version = greeting.Version,
            ConnectionId = greeting.ConnectionId,
            CharacterSet = response.CharacterSet,
            Ok = ok,
            Status = status,
            Security = security,
            Nonce = exchange.Nonce,
            Compresses = response.Compresses,
            ClientLeftover = leftover,
            Client = client.Leg,
            ServerLeftover = server.Leg.BeginRelay(),
            Server = server.Leg,
        };
    }

    private ValueTask SendAsync(HandshakeResponse response, CancellationToken cancellationToken)
    {
        if (!response.Capabilities.HasFlag(CapabilityFlags.LengthEncodedAuthenticationData) && response.AuthenticationResponse.Length > byte.MaxValue)
            throw new LoginRefusedException(FatalError.Malformed("the authentication response is longer than its length can say"));
        var payload = new ArrayBufferWriter<byte>();
        response.Write(payload);
        return server.SendAsync(payload.WrittenMemory, cancellationToken);
    }

    /// <summary>The server's OK packet, which the client has not got yet; null where the login failed and the client knows.</summary>
    private async ValueTask<byte[]?> ExchangeAsync(AuthenticationExchange exchange, CancellationToken cancellationToken)
    {
        var speaker = Speaker.Server;
        while (true)
        {
            var (source, read) = speaker == Speaker.Server
                ? (exchange.FromServer, server)
                : ((Func<byte[], AuthenticationStep>)exchange.FromClient, client);
            if (await read.ReadAsync(LongestPacket, cancellationToken) is not { } payload)
            {
                return speaker == Speaker.Client
                    ? null
                    : throw new ProtocolException(ProtocolFault.Server, "the database server closed the connection during the login");
            }
            var step = source(payload);
            if (step.Next == Speaker.LoggedIn)
                return step.Payload;
            await (step.ToServer ? server : client).SendAsync(step.Payload, cancellationToken);
            if (step.Next == Speaker.LoggedOut)
                return null;
            speaker = step.Next;
        }
    }
}
