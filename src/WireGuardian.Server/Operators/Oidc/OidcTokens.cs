using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace WireGuardian.Server.Operators.Oidc;

/// <summary>Who a verified token is about.</summary>
/// <param name="Name">From the configured claim.</param>
/// <param name="Groups">From the configured claim.</param>
/// <param name="MayOperate">True when one of the groups makes an operator of somebody who is not named in the configuration.</param>
internal sealed record OidcIdentity(string Name, IReadOnlyList<string> Groups, bool MayOperate);

/// <summary>Verifies the provider's JWTs: algorithm, signature, issuer, audience, validity.</summary>
internal sealed class OidcTokens(OidcOptions options, OidcKeys keys, TimeProvider time)
{
    private const int LongestName = 100;
    private const int MostGroups = 1000;
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    /// <summary>Signatures that only the provider can make: neither "none" nor one with a key that this server would have to share.</summary>
    private static readonly string[] Algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };

    /// <summary>True for what has the form of a signed JWT.</summary>
    public static bool LooksLikeOne(string token) => token.StartsWith("eyJ", StringComparison.Ordinal) && token.AsSpan().Count('.') == 2;

    /// <summary>Who the token is about, or why it is refused, in words that hold nothing of it.</summary>
    public ValueTask<(OidcIdentity? Identity, string Problem)> VerifyAsync(string token, CancellationToken cancellationToken) => VerifyAsync(token, null, cancellationToken);

    /// <summary>The same of an ID token that answers the sign-in with this nonce (OpenID Connect Core 1.0, section 3.1.3.7).</summary>
    public async ValueTask<(OidcIdentity? Identity, string Problem)> VerifyAsync(string token, string? nonce, CancellationToken cancellationToken)
    {
        if (Read(token) is not { } read)
            return (null, "not a readable token");
        if (!Algorithms.Contains(read.Alg))
            return (null, "signed with an algorithm that is not allowed");

        // RFC 7515, section 4.1.11: extensions that must be understood, and none is.
        if (read.TryGetHeaderValue<object>("crit", out _))
            return (null, "a critical extension that is not understood");
        if (await keys.FindAsync(read.Kid, cancellationToken) is not { } key)
            return (null, "signed with a key that the provider is not known to have");

        var result = await _handler.ValidateTokenAsync(read, Parameters(key));
        if (!result.IsValid)
            return (null, Reason(result.Exception));
        if (nonce is not null && !(read.TryGetPayloadValue<string>("nonce", out var answered) && answered == nonce))
            return (null, "of another sign-in");
        if (nonce is not null && (read.Audiences.Count() > 1 || read.TryGetPayloadValue<string>("azp", out _)) && read.Azp != options.Audience)
            return (null, "for another client");
        return IdentityOf(read);
    }

    private static JsonWebToken? Read(string token)
    {
        try
        {
            return new JsonWebToken(token);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or SecurityTokenException or System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private TokenValidationParameters Parameters(SecurityKey key) => new()
    {
        ValidIssuer = options.Issuer,
        ValidAudience = options.Audience,
        IssuerSigningKey = key,
        TryAllIssuerSigningKeys = true,
        ValidAlgorithms = Algorithms,
        RequireSignedTokens = true,
        LifetimeValidator = IsValidNow,
    };

    private bool IsValidNow(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (expires is null || now > expires.Value + ClockSkew)
            throw new SecurityTokenExpiredException();
        if (notBefore is { } from && now < from - ClockSkew)
            throw new SecurityTokenNotYetValidException();
        return true;
    }

    private (OidcIdentity? Identity, string Problem) IdentityOf(JsonWebToken token)
    {
        if (!token.TryGetPayloadValue<string>(options.NameClaim, out var name) || !IsName(name))
            return (null, "no usable name in the claim that \"nameClaim\" names");
        if (options.NameClaim == "email" && token.TryGetPayloadValue<bool>("email_verified", out var isVerified) && !isVerified)
            return (null, "the e-mail address is not verified");
        string[] groups = [.. token.Claims.Where(claim => claim.Type == options.GroupsClaim).Select(claim => claim.Value).Where(IsName).Distinct().Take(MostGroups)];
        return (new OidcIdentity(name, groups, groups.Any(options.OperatorGroups.Contains)), "");
    }

    private static bool IsName(string? name) =>
        name is { Length: > 0 and <= LongestName } && name.Trim().Length == name.Length && !name.Any(char.IsControl);

    private static string Reason(Exception? exception) => exception switch
    {
        SecurityTokenExpiredException => "expired",
        SecurityTokenNotYetValidException => "not valid yet",
        SecurityTokenInvalidIssuerException => "from another issuer",
        SecurityTokenInvalidAudienceException => "for another audience",
        SecurityTokenInvalidAlgorithmException => "signed with an algorithm that is not allowed",
        SecurityTokenInvalidSignatureException or SecurityTokenSignatureKeyNotFoundException => "the signature is wrong",
        _ => "not valid",
    };
}
