using WireGuardian.Core.Identity;

namespace WireGuardian.ControlPlane.Tests.Hosting;

/// <summary>Two operators: dana and erin.</summary>
internal sealed class FakeOperators : IOperatorAuthenticator
{
    public const string Dana = "danas-token";
    public const string Erin = "erins-token";

    public Operator? Authenticate(string token) => token switch
    {
        Dana => new Operator("dana", ["dba"]),
        Erin => new Operator("erin", []),
        _ => null,
    };
}
