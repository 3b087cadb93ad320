using WireGuardian.Core.Identity;
using WireGuardian.Server.Operators.Oidc;

namespace WireGuardian.Server.Operators;

/// <summary>Operators by token, by client certificate, and by the OpenID provider's tokens. A token, where there is one, goes before a certificate.</summary>
/// <param name="registry">The operators now in force.</param>
/// <param name="oidc">The provider's tokens; null where none is configured.</param>
/// <param name="time">For the validity of certificates.</param>
internal sealed class OperatorVerifier(Func<OperatorRegistry> registry, OidcTokens? oidc, TimeProvider time) : IOperatorVerifier
{
    public async ValueTask<OperatorVerification> VerifyAsync(OperatorCredentials credentials, CancellationToken cancellationToken)
    {
        if (credentials.SignedIn is { } identity)
            return ByIdentity(identity);
        if (credentials.Token.Length > 0)
        {
            if (registry().ByToken(credentials.Token) is { } known)
                return new OperatorVerification(known, AuthenticationMethods.Token, known.Name);
            return oidc is not null && OidcTokens.LooksLikeOne(credentials.Token)
                ? await ByOidcAsync(oidc, credentials.Token, cancellationToken)
                : new OperatorVerification(null, AuthenticationMethods.Token, "", "unknown operator token", "This is no operator's token.");
        }
        return credentials.Certificate is { } certificate
            ? ByCertificate(certificate)
            : new OperatorVerification(null, "", "", "no operator token", "This call needs an operator's token: authorization: Bearer <token>.");
    }

    private OperatorVerification ByCertificate(ClientCertificate shown)
    {
        var certificate = shown.Certificate;
        if (!shown.IsTrusted)
            return Refused("", "client certificate not trusted", "The client certificate does not come from an authority that this server trusts for operators.");
        if (time.GetUtcNow() is var now && (now < certificate.NotBefore || now > certificate.NotAfter))
            return Refused(certificate.Subject, "client certificate out of date", "The client certificate is not valid now.");
        return registry().ByCertificate(CertificateName.Of(certificate)) switch
        {
            [var one] => new OperatorVerification(registry().WithPersonOf(one, certificate.Subject), AuthenticationMethods.Certificate, certificate.Subject),
            [] => Refused(certificate.Subject, "client certificate of no operator", "No operator has this client certificate."),
            _ => Refused(certificate.Subject, "client certificate of several operators", "This client certificate names several operators."),
        };

        static OperatorVerification Refused(string identity, string problem, string advice) =>
            new(null, AuthenticationMethods.Certificate, identity, problem, advice);
    }

    private async ValueTask<OperatorVerification> ByOidcAsync(OidcTokens tokens, string token, CancellationToken cancellationToken)
    {
        var (identity, problem) = await tokens.VerifyAsync(token, cancellationToken);
        if (identity is null)
            return new OperatorVerification(null, AuthenticationMethods.Oidc, "", problem, $"This token of the OpenID provider is refused: {problem}.");
        return ByIdentity(identity);
    }

    private OperatorVerification ByIdentity(OidcIdentity identity)
    {
        if (registry().ByOidc(identity.Name) is { } mapped)
            return new OperatorVerification(mapped with { Groups = [.. mapped.Groups.Union(identity.Groups)] }, AuthenticationMethods.Oidc, identity.Name);

        // A provider's user who calls themselves like a configured operator is somebody else until the configuration says otherwise.
        if (registry().IsNamed(identity.Name))
            return Refused("the name is a configured operator's", "A configured operator has this name, without \"oidc\" that says it is the same person.");
        return identity.MayOperate
            ? new OperatorVerification(new Operator(identity.Name, identity.Groups) { Method = AuthenticationMethods.Oidc }, AuthenticationMethods.Oidc, identity.Name)
            : Refused("not an operator", "You are signed in, but neither named under \"operators\" nor in a group of \"operatorGroups\".");

        OperatorVerification Refused(string reason, string advice) => new(null, AuthenticationMethods.Oidc, identity.Name, reason, advice);
    }
}
