namespace WireGuardian.Core.Identity;

/// <summary>The values of <see cref="Operator.Method"/>.</summary>
public static class AuthenticationMethods
{
    public const string Token = "token";

    /// <summary>A client certificate.</summary>
    public const string Certificate = "certificate";

    /// <summary>A JWT of an identity provider.</summary>
    public const string Oidc = "oidc";

    /// <summary>A request that Slack has signed names its user.</summary>
    public const string Slack = "slack";
}
