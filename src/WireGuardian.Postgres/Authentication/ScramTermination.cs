using System.Security.Cryptography;
using System.Text;
using WireGuardian.Postgres.Messages;
using WireGuardian.Postgres.Startup;
using WireGuardian.Proxy;

namespace WireGuardian.Postgres.Authentication;

/// <summary>
/// SCRAM between two TLS legs. A channel binding holds for one leg, so the proxy ends the exchange on both: it checks the client's proof against
/// the user's verifier, and logs in with the ClientKey that the proof reveals. No password is known or kept. A client that binds nothing
/// (<c>n</c>) needs none of that: its exchange is relayed.
/// </summary>
internal sealed class ScramTermination(
    LoginConversation conversation, string user, IReadOnlyList<string> serverMechanisms, IScramVerifierSource verifiers)
{
    private byte[]? ClientLegBinding => conversation.Client.Tls?.ServerEndPoint;

    /// <summary>
    /// Ends where the server's AuthenticationOk is the next message, or, for a relayed exchange, where the server answers the client's first message. False
    /// when the client left or the server refused.
    /// </summary>
    public async ValueTask<bool> RunAsync(CancellationToken cancellationToken)
    {
        string[] offered = ClientLegBinding is null ? [ScramMechanism.Sha256] : [ScramMechanism.Sha256Plus, ScramMechanism.Sha256];
        await conversation.SendToClientAsync(LoginConversation.Sasl(offered), cancellationToken);
        if (await conversation.ReadResponseAsync(cancellationToken) is not { } response)
            return false;
        var first = ReadClientFirst(response.Body);
        if (first.Binding == 'n' && serverMechanisms.Contains(ScramMechanism.Sha256))
        {
            await conversation.SendToServerAsync(response.Raw, cancellationToken);
            return true;
        }

        var lookup = await verifiers.FindAsync(user, cancellationToken);
        if (lookup is ScramVerifierLookup.Unavailable unavailable)
            throw new LoginRefusedException(new FatalError(SqlStates.InvalidAuthorization, unavailable.Reason, Hint: unavailable.Hint));
        var verifier = lookup is ScramVerifierLookup.Found found ? found.Verifier : MockVerifier.For(user);
        var exchange = new ScramServerExchange(first, verifier, ClientLegBinding, ScramKeys.NewNonce());
        await SendAsync(AuthenticationRequest.SaslContinue, exchange.ServerFirst, cancellationToken);
        if (await conversation.ReadResponseAsync(cancellationToken) is not { } final)
            return false;
        var clientKey = exchange.CheckProof(final.Body);
        if (clientKey is null || lookup is not ScramVerifierLookup.Found)
        {
            // The password may have been changed since: the next attempt sees the new verifier.
            verifiers.Forget(user);
            throw new LoginRefusedException(new FatalError(SqlStates.InvalidPassword, $"password authentication failed for user \"{user}\""));
        }
        try
        {
            if (!await LogInAsync(clientKey, verifier, cancellationToken))
                return false;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(clientKey);
        }
        await SendAsync(AuthenticationRequest.SaslFinal, exchange.ServerFinal, cancellationToken);
        return true;
    }

    private ScramClientFirst ReadClientFirst(ReadOnlySpan<byte> body)
    {
        if (!SaslInitialResponse.TryParse(body, out var initial) || !ScramClientFirst.TryParse(initial.Response, out var first))
            throw new LoginRefusedException(FatalError.ProtocolViolation("malformed SCRAM message"));
        var plus = initial.Mechanism.SequenceEqual(Encoding.ASCII.GetBytes(ScramMechanism.Sha256Plus)) && ClientLegBinding is not null;
        if (!plus && !initial.Mechanism.SequenceEqual(Encoding.ASCII.GetBytes(ScramMechanism.Sha256)))
            throw new LoginRefusedException(FatalError.ProtocolViolation("client selected an invalid SASL authentication mechanism"));
        if (plus != (first.Binding == 'p'))
            throw new LoginRefusedException(FatalError.ProtocolViolation("malformed SCRAM message: mechanism and channel binding flag do not agree"));
        if (plus && first.BindingType != ScramMechanism.BindingType)
            throw new LoginRefusedException(FatalError.ProtocolViolation("unsupported SCRAM channel-binding type"));
        if (first.Binding == 'y' && ClientLegBinding is not null)
        {
            // Somebody between took -PLUS out of our list.
            throw new LoginRefusedException(new FatalError(
                SqlStates.InvalidAuthorization,
                "SCRAM channel binding negotiation error",
                "The client supports channel binding but was not told that this side does, although it does."));
        }
        return first;
    }

    /// <summary>The exchange with the server, which ends with its signature checked. False when the server refused.</summary>
    private async ValueTask<bool> LogInAsync(byte[] clientKey, ScramVerifier verifier, CancellationToken cancellationToken)
    {
        var binding = serverMechanisms.Contains(ScramMechanism.Sha256Plus) ? conversation.Server.Tls?.ServerEndPoint : null;
        if (binding is null && !serverMechanisms.Contains(ScramMechanism.Sha256))
            throw new ProtocolException(ProtocolFault.Server, "the database server offers no SASL mechanism that this connection can do");
        var exchange = new ScramClientExchange(clientKey, verifier, binding, ScramKeys.NewNonce());
        var mechanism = binding is null ? ScramMechanism.Sha256 : ScramMechanism.Sha256Plus;
        await conversation.SendToServerAsync(LoginConversation.SaslInitial(mechanism, exchange.ClientFirst), cancellationToken);

        if (await ReadAsync(AuthenticationRequest.SaslContinue, cancellationToken) is not { } serverFirst)
            return false;
        if (exchange.CreateClientFinal(serverFirst) is not { } clientFinal)
        {
            verifiers.Forget(user);
            throw new LoginRefusedException(new FatalError(
                SqlStates.InvalidPassword, $"password authentication failed for user \"{user}\"", Hint: "The password was just changed: try again."));
        }
        await conversation.SendToServerAsync(LoginConversation.Response(Encoding.UTF8.GetBytes(clientFinal)), cancellationToken);
        if (await ReadAsync(AuthenticationRequest.SaslFinal, cancellationToken) is not { } serverFinal)
            return false;
        exchange.CheckServerFinal(serverFinal);
        return true;
    }

    private async ValueTask<byte[]?> ReadAsync(int code, CancellationToken cancellationToken)
    {
        if (await conversation.ReadAuthenticationAsync(cancellationToken) is not { } message)
            return null;
        if (!AuthenticationRequest.TryParse(message.Body, out var request) || request.Code != code)
            throw new ProtocolException(ProtocolFault.Server, "the database server left the SCRAM exchange");
        return request.Data.ToArray();
    }

    private ValueTask SendAsync(int code, string data, CancellationToken cancellationToken) =>
        conversation.SendToClientAsync(LoginConversation.Authentication(code, Encoding.UTF8.GetBytes(data)), cancellationToken);
}
