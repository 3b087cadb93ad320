using WireGuardian.Core.Identity;
using WireGuardian.Server.Operators;

namespace WireGuardian.Server.ControlPlane;

/// <summary>Operators by their tokens alone.</summary>
internal sealed class TokenVerifier(IOperatorAuthenticator operators) : IOperatorVerifier
{
    public ValueTask<OperatorVerification> VerifyAsync(OperatorCredentials credentials, CancellationToken cancellationToken) =>
        ValueTask.FromResult(credentials.Token.Length == 0
            ? new OperatorVerification(null, "", "", "no operator token", "This call needs an operator's token: authorization: Bearer <token>.")
            : operators.Authenticate(credentials.Token) is { } known
                ? new OperatorVerification(known, AuthenticationMethods.Token, known.Name)
                : new OperatorVerification(null, AuthenticationMethods.Token, "", "unknown operator token", "This is no operator's token."));
}
