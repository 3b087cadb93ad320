using System.Security.Cryptography.X509Certificates;

namespace WireGuardian.Server.Operators.Oidc;

/// <summary>The OpenID provider whose tokens are taken; <c>control: { oidc: … }</c>.</summary>
public sealed record OidcOptions
{
    /// <summary>The issuer as it stands in the tokens; discovery begins there.</summary>
    public required string Issuer { get; init; }

    /// <summary>Whom the tokens must be for.</summary>
    public required string Audience { get; init; }

    /// <summary>The public client that <c>wgctl login</c> signs in as; null where it cannot.</summary>
    public string? ClientId { get; init; }

    /// <summary>The claim that names the operator. Only <c>sub</c> is sure to be unique and never anybody else's.</summary>
    public string NameClaim { get; init; } = "sub";

    /// <summary>The claim with the operator's groups: a list, or one name.</summary>
    public string GroupsClaim { get; init; } = "groups";

    /// <summary>Who has one of these groups is an operator without being named under <c>operators:</c>; empty: nobody is.</summary>
    public IReadOnlyList<string> OperatorGroups { get; init; } = [];

    /// <summary>What <c>wgctl login</c> asks for.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = ["openid", "profile", "offline_access"];

    /// <summary>Authorities of the provider's certificate; the system's when null.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>An ID token is for its client, so it is the one to send where the audience is the client.</summary>
    public bool TakesIdTokens => Audience == ClientId;
}
