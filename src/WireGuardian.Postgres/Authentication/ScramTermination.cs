using System.Security.Cryptography;
using System.Text;
using WireGuardian.Postgres.Messages;
using WireGuardian.Postgres.Startup;
using WireGuardian.Proxy;

namespace WireGuardian.Postgres.Authentication;

/// <summary>
/// SCRAM towards a server in TLS. A channel binding holds for one leg, so the proxy ends the exchange on both: it checks the client's proof against
/// the user's verifier, and logs in with the ClientKey that the proof reveals. No password is known or kept. A client that binds nothing
/// (<c>n</c>) needs none of that: its exchange is relayed. One in clear that says <c>y</c>, as some do, does: the server would refuse it.
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
        await conversation.SendToClientAsync(LoginConversation.Sasl(Offer()), cancellationToken);
        if (await conversation.ReadResponseAsync(cancellationToken) is not { } response)
            return false;
        if (!SaslInitialResponse.TryParse(response.Body, out var initial))
            throw new LoginRefusedException(FatalError.ProtocolViolation("malformed SASLInitialResponse message"));
        var mechanism = Encoding.ASCII.GetString(initial.Mechanism);
        var first = ScramMechanism.IsScram(mechanism) ? ReadClientFirst(mechanism, initial.Response) : null;
        if (serverMechanisms.Contains(mechanism) && first is null or { Binding: 'n' })
        {
            await conversation.SendToServerAsync(response.Raw, cancellationToken);
            return true;
        }
        if (first is null)
            throw InvalidMechanism();

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

    /// <summary>
    /// -PLUS is the client leg's matter: it is offered where that leg can be bound, whatever the server's leg can do. Mechanisms other than SCRAM are passed on.
    /// </summary>
    private IEnumerable<string> Offer()
    {
        IEnumerable<string> scram = ClientLegBinding is null ? [ScramMechanism.Sha256] : [ScramMechanism.Sha256Plus, ScramMechanism.Sha256];
        return scram.Concat(serverMechanisms.Where(mechanism => !ScramMechanism.IsScram(mechanism)));
    }

    private ScramClientFirst ReadClientFirst(string mechanism, ReadOnlySpan<byte> response)
    {
        var plus = mechanism == ScramMechanism.Sha256Plus;
        if (plus && ClientLegBinding is null)
            throw InvalidMechanism();
        if (!ScramClientFirst.TryParse(response, out var first))
            throw new LoginRefusedException(FatalError.ProtocolViolation("malformed SCRAM message"));
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

    private static LoginRefusedException InvalidMechanism() =>
        new(FatalError.ProtocolViolation("client selected an invalid SASL authentication mechanism"));

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
