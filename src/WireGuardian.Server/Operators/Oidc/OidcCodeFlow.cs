using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace WireGuardian.Server.Operators.Oidc;

/// <summary>
/// Signs people in at the provider: the authorization code flow (OpenID Connect Core 1.0, section 3.1) of a public client, with PKCE (RFC 7636). Who signed in is told
/// by the ID token, which is for the client.
/// </summary>
/// <param name="options">The provider; it has a client.</param>
/// <param name="idTokens">Verifies tokens for that client.</param>
/// <param name="http">Reaches the provider.</param>
internal sealed class OidcCodeFlow(OidcOptions options, OidcTokens idTokens, HttpClient http)
{
    public string Issuer => options.Issuer;

    /// <summary>Where the browser goes to sign in.</summary>
    /// <param name="redirect">Where it comes back to; known to the provider.</param>
    /// <param name="state">Comes back with it.</param>
    /// <param name="nonce">Comes back in the ID token.</param>
    /// <param name="verifier">The secret that the code will be redeemed with.</param>
    /// <param name="cancellationToken">Nobody waits for it any more.</param>
    /// <exception cref="OidcUnreachableException">The provider cannot be asked.</exception>
    public async Task<string> BeginAsync(Uri redirect, string state, string nonce, string verifier, CancellationToken cancellationToken)
    {
        var endpoint = await ReachAsync(async () => (await OidcDiscovery.FetchAsync(options, http, cancellationToken)).Address("authorization_endpoint"), cancellationToken);
        return QueryHelpers.AddQueryString(endpoint.AbsoluteUri, new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = options.ClientId,
            ["redirect_uri"] = redirect.AbsoluteUri,
            ["scope"] = string.Join(' ', options.Scopes.Where(scope => scope != "offline_access").Prepend("openid").Distinct()),
            ["state"] = state,
            ["nonce"] = nonce,
            ["code_challenge"] = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))),
            ["code_challenge_method"] = "S256",
        });
    }

    /// <summary>Who signed in, or why that is not known, in words that hold nothing of the answer.</summary>
    /// <exception cref="OidcUnreachableException">The provider cannot be asked.</exception>
    public async Task<(OidcIdentity? Identity, string Problem)> FinishAsync(Uri redirect, string code, string nonce, string verifier, CancellationToken cancellationToken)
    {
        var answer = await ReachAsync(() => RedeemAsync(redirect, code, verifier, cancellationToken), cancellationToken);
        return answer is null ? (null, "the provider gave no ID token for its code") : await idTokens.VerifyAsync(answer, nonce, cancellationToken);
    }

    private async Task<string?> RedeemAsync(Uri redirect, string code, string verifier, CancellationToken cancellationToken)
    {
        var endpoint = (await OidcDiscovery.FetchAsync(options, http, cancellationToken)).Address("token_endpoint");
        using var form = new FormUrlEncodedContent(
        [
            new("grant_type", "authorization_code"), new("code", code), new("redirect_uri", redirect.AbsoluteUri), new("client_id", options.ClientId!), new("code_verifier", verifier),
        ]);
        using var response = await http.PostAsync(endpoint, form, cancellationToken);
        if (!response.IsSuccessStatusCode)
            return null;
        using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("id_token", out var token) && token.ValueKind == JsonValueKind.String
            ? token.GetString()
            : null;
    }

    private static async Task<T> ReachAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask();
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or InvalidDataException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new OidcUnreachableException(exception);
        }
    }
}

/// <summary>The provider does not answer as one.</summary>
internal sealed class OidcUnreachableException(Exception inner) : Exception("The OpenID provider cannot be asked now.", inner);
