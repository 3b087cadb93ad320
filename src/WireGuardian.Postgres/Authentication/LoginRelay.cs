using WireGuardian.Postgres.Framing;
using WireGuardian.Postgres.Messages;
using WireGuardian.Postgres.Startup;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Transport;

namespace WireGuardian.Postgres.Authentication;

/// <summary>
/// The login of one session: the client's StartupMessage goes to the server as it came, and what the server asks goes to the client, until
/// AuthenticationOk. Only SCRAM to a server in TLS may not be relayed, see <see cref="ScramTermination"/>.
/// </summary>
internal sealed class LoginRelay(
    Leg client, Leg server, StartupMessage startup, IScramVerifierSource verifiers, ProtocolNegotiation negotiation)
{
    /// <summary>
    /// True when the server said AuthenticationOk and the client was told; false when the server refused and the client was told, or the client left. Throws
    /// <see cref="LoginRefusedException"/> and <see cref="ProtocolException"/> where the proxy ends it: the caller tells the client.
    /// </summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var conversation = new LoginConversation(client, server, negotiation);
        await conversation.SendToServerAsync(startup.Packet.Raw, cancellationToken);
        var next = await conversation.ReadAuthenticationAsync(cancellationToken);
        while (next is { } request)
        {
            var code = CodeOf(request);
            switch (code)
            {
                case AuthenticationRequest.Ok:
                    await conversation.SendToClientAsync(request.Raw, cancellationToken);
                    return true;
                case AuthenticationRequest.Sasl:
                    if (!await AnswerSaslAsync(conversation, request, cancellationToken))
                        return false;
                    break;
                case AuthenticationRequest.SaslFinal or AuthenticationRequest.GssContinue:
                    await conversation.SendToClientAsync(request.Raw, cancellationToken);
                    break;
                case AuthenticationRequest.CleartextPassword or AuthenticationRequest.Md5Password or AuthenticationRequest.Gss
                    or AuthenticationRequest.Sspi or AuthenticationRequest.SaslContinue:
                    await conversation.SendToClientAsync(request.Raw, cancellationToken);
                    if (!await PassOnResponseAsync(conversation, cancellationToken))
                        return false;
                    break;
                default:
                    throw new ProtocolException(ProtocolFault.Server, "the database server asks for an authentication that is not known");
            }
            next = code == AuthenticationRequest.GssContinue
                ? await ReadAfterGssTokenAsync(conversation, cancellationToken)
                : await conversation.ReadAuthenticationAsync(cancellationToken);
        }
        return false;
    }

    private static int CodeOf(ReceivedMessage message) => AuthenticationRequest.TryParse(message.Body, out var request) ? request.Code : -1;

    private static async ValueTask<bool> PassOnResponseAsync(LoginConversation conversation, CancellationToken cancellationToken)
    {
        if (await conversation.ReadResponseAsync(cancellationToken) is not { } response)
            return false;
        await conversation.SendToServerAsync(response.Raw, cancellationToken);
        return true;
    }

    /// <summary>
    /// After a GSSAPI token it depends on the mechanism who speaks next: the client with another token, or the server, satisfied. Gives the server's next
    /// message; null when the server refused or the client left.
    /// </summary>
    private static async ValueTask<ReceivedMessage?> ReadAfterGssTokenAsync(LoginConversation conversation, CancellationToken cancellationToken)
    {
        var fromServer = conversation.ReadAuthenticationAsync(cancellationToken).AsTask();
        var fromClient = conversation.ReadResponseAsync(cancellationToken).AsTask();
        if (await Task.WhenAny(fromServer, fromClient) == fromServer)
            conversation.Client.Input.CancelPendingRead();
        if (await fromClient is { } response)
        {
            await conversation.SendToServerAsync(response.Raw, cancellationToken);
        }
        else if (!fromServer.IsCompleted)
        {
            conversation.Server.Input.CancelPendingRead();
            await ((Task)fromServer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return null;
        }
        return await fromServer;
    }

    private async ValueTask<bool> AnswerSaslAsync(LoginConversation conversation, ReceivedMessage request, CancellationToken cancellationToken)
    {
        if (!AuthenticationRequest.TryParse(request.Body, out var parsed) || !AuthenticationSasl.TryParse(parsed.Data, out var offer))
            throw new ProtocolException(ProtocolFault.Server, "the database server's list of SASL mechanisms is malformed");
        if (server.Tls is not null && offer.Mechanisms.Any(ScramMechanism.IsScram))
            return await new ScramTermination(conversation, startup.User, offer.Mechanisms, verifiers).RunAsync(cancellationToken);

        await conversation.SendToClientAsync(request.Raw, cancellationToken);
        return await PassOnResponseAsync(conversation, cancellationToken);
    }
}
