namespace WireGuardian.Server.Operators.Oidc;

/// <summary>Where a provider may be.</summary>
internal static class OidcAddress
{
    /// <summary>Keys that came in clear could be anybody's; only this machine may answer so.</summary>
    public static bool IsSafe(Uri address) => address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);
}
