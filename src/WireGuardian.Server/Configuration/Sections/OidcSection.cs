using WireGuardian.Server.Configuration.Reading;
using WireGuardian.Server.Operators.Oidc;

namespace WireGuardian.Server.Configuration.Sections;

/// <summary>Reads <c>control: { oidc: … }</c>.</summary>
internal static class OidcSection
{
    private static readonly ScalarForm<string> Issuer = new(
        "the issuer's URL as it stands in its tokens, https, such as https://login.example.com",
        text => Uri.TryCreate(text, UriKind.Absolute, out var uri) && OidcAddress.IsSafe(uri) && uri.Query.Length == 0 && uri.Fragment.Length == 0 && uri.UserInfo.Length == 0
            ? Parsed<string>.Good(text)
            : Parsed<string>.Bad);

    private static readonly ScalarForm<string> Word = new(
        "a word of 1 to 200 characters without blanks",
        text => text.Length is > 0 and <= 200 && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) ? Parsed<string>.Good(text) : Parsed<string>.Bad);

    public static OidcOptions? Read(Section control)
    {
        if (control.Child("oidc", "the OpenID provider's settings") is not { } oidc)
            return null;
        var issuer = oidc.Require("issuer", Issuer);
        var audience = oidc.Require("audience", Word);
        var clientId = oidc.Optional("clientId", Word);
        var nameClaim = oidc.Optional("nameClaim", Word);
        var groupsClaim = oidc.Optional("groupsClaim", Word);
        var operatorGroups = oidc.List("operatorGroups", ScalarForms.Name, mayBeEmpty: true) ?? [];
        var scopes = oidc.List("scopes", Word, mayBeEmpty: false);
        var authorities = CertificateReader.ReadAuthorities(oidc, "ca");
        oidc.Finish();
        if (issuer is null || audience is null)
            return null;
        var read = new OidcOptions
        {
            Issuer = issuer.Value,
            Audience = audience.Value,
            ClientId = clientId?.Value,
            OperatorGroups = [.. operatorGroups.Select(group => group.Value)],
            Authorities = authorities,
        };
        return read with
        {
            NameClaim = nameClaim?.Value ?? read.NameClaim,
            GroupsClaim = groupsClaim?.Value ?? read.GroupsClaim,
            Scopes = scopes is null ? read.Scopes : [.. scopes.Select(scope => scope.Value)],
        };
    }
}
