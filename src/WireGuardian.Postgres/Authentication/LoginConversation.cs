using System.Buffers.Binary;
using System.Text;
using WireGuardian.Postgres.Framing;
using WireGuardian.Postgres.Messages;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Transport;

namespace WireGuardian.Postgres.Authentication;

/// <summary>Both legs during a login: takes the messages that the phase is about and passes on what may come at any time.</summary>
internal sealed class LoginConversation(Leg client, Leg server, ProtocolNegotiation negotiation)
{
    /// <summary>The server takes no longer password or token, and sends nothing longer before a session began.</summary>
    private const int LongestMessage = 65_535;

    public Leg Client => client;

    public Leg Server => server;

    /// <summary>
    /// The server's next authentication message. Notices, settings and the protocol's negotiation before it go on to the client. Null when
    /// the server ended the login with an error, which went on to the client too.
    /// </summary>
    public async ValueTask<ReceivedMessage?> ReadAuthenticationAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var message = await server.Input.ReadMessageAsync(MessageDirection.Backend, LongestMessage, cancellationToken)
                ?? throw new ProtocolException(ProtocolFault.Server, "the database server closed the connection during the login");
            switch (message.Type)
            {
                case BackendMessageType.Authentication:
                    negotiation.RequireUnderstood();
                    return message;
                case BackendMessageType.ErrorResponse:
                    await SendToClientAsync(message.Raw, cancellationToken);
                    return null;
                case BackendMessageType.NegotiateProtocolVersion:
                    negotiation.Answered(message.Body);
                    await SendToClientAsync(message.Raw, cancellationToken);
                    break;
                case BackendMessageType.NoticeResponse or BackendMessageType.ParameterStatus:
                    await SendToClientAsync(message.Raw, cancellationToken);
                    break;
                default:
                    throw new ProtocolException(ProtocolFault.Server, $"the database server sent a message of type {(char)message.Type} during the login");
            }
        }
    }

    /// <summary>The client's answer; null when the client left, or the wait was cancelled on the pipe.</summary>
    public async ValueTask<ReceivedMessage?> ReadResponseAsync(CancellationToken cancellationToken)
    {
        var message = await client.Input.ReadMessageAsync(MessageDirection.Frontend, LongestMessage, cancellationToken);
        if (message is { Type: not FrontendMessageType.Password } other)
            throw new ProtocolException(ProtocolFault.Client, $"expected password response, got message type {other.Type}");
        return message;
    }

    public ValueTask SendToClientAsync(byte[] bytes, CancellationToken cancellationToken) => client.SendAsync(bytes, cancellationToken);

    public ValueTask SendToServerAsync(byte[] bytes, CancellationToken cancellationToken) => server.SendAsync(bytes, cancellationToken);

    /// <summary>A message of type R.</summary>
    public static byte[] Authentication(int code, ReadOnlySpan<byte> data)
    {
        var message = new byte[9 + data.Length];
        message[0] = BackendMessageType.Authentication;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), message.Length - 1);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(5), code);
        data.CopyTo(message.AsSpan(9));
        return message;
    }

    /// <summary>AuthenticationSASL.</summary>
    public static byte[] Sasl(IEnumerable<string> mechanisms) =>
        Authentication(AuthenticationRequest.Sasl, Encoding.ASCII.GetBytes(string.Concat(mechanisms.Select(mechanism => mechanism + '\0')) + '\0'));

    /// <summary>A message of type p.</summary>
    public static byte[] Response(ReadOnlySpan<byte> data)
    {
        var message = new byte[MessageHeader.Size + data.Length];
        message[0] = FrontendMessageType.Password;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), message.Length - 1);
        data.CopyTo(message.AsSpan(MessageHeader.Size));
        return message;
    }

    /// <summary>SASLInitialResponse.</summary>
    public static byte[] SaslInitial(string mechanism, string first)
    {
        var length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, Encoding.UTF8.GetByteCount(first));
        return Response([.. Encoding.ASCII.GetBytes(mechanism), 0, .. length, .. Encoding.UTF8.GetBytes(first)]);
    }
}
