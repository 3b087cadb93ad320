using WireGuardian.Core.Identity;
using WireGuardian.Server.Operators;

namespace WireGuardian.ControlPlane.Tests.Hosting;

/// <summary>Two operators, by their tokens: dana and erin.</summary>
internal sealed class FakeOperators : IOperatorVerifier
{
    public const string Dana = "danas-token";
    public const string Erin = "erins-token";

    public ValueTask<OperatorVerification> VerifyAsync(OperatorCredentials credentials, CancellationToken cancellationToken) => ValueTask.FromResult(credentials.Token switch
    {
        Dana => Known(new Operator("dana", ["dba"])),
        Erin => Known(new Operator("erin", [])),
        "" => new OperatorVerification(null, "", "", "no operator token", "There is no token."),
        _ => new OperatorVerification(null, AuthenticationMethods.Token, "", "unknown operator token", "This is no operator's token."),
    });

    private static OperatorVerification Known(Operator known) => new(known, AuthenticationMethods.Token, known.Name);
}
