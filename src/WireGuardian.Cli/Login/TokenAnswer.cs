namespace WireGuardian.Cli.Login;

/// <summary>What a token endpoint gives.</summary>
internal static class TokenAnswer
{
    /// <summary>Asks for the next token; null when the provider wants the operator to sign in again.</summary>
    /// <exception cref="ProviderUnreachableException">The provider did not answer.</exception>
    public static async Task<StoredLogin?> RefreshAsync(Provider provider, StoredLogin old, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (old.RefreshToken is null)
            return null;
        var endpoint = Provider.Safe(old.TokenEndpoint, "token_endpoint");
        var answer = await provider.PostAsync(
            endpoint, [new("grant_type", "refresh_token"), new("refresh_token", old.RefreshToken), new("client_id", old.ClientId)], cancellationToken);

        // OpenID Connect Core 1.0, section 12.2: a refresh may bring no ID token.
        if (!answer.IsSuccess || answer.Text(old.TokenKind) is not { } token)
            return null;
        return old with { Token = token, RefreshToken = answer.Text("refresh_token") ?? old.RefreshToken, ExpiresAt = now + answer.Seconds("expires_in") };
    }

    /// <exception cref="LoginFailedException">The token that the server takes is not there.</exception>
    public static StoredLogin Read(JsonAnswer answer, Uri server, LoginServer login, Uri tokenEndpoint, DateTimeOffset now) => new(
        LoginStore.NameOf(server), login.Issuer, login.ClientId, tokenEndpoint.AbsoluteUri, login.TokenKind,
        answer.Text(login.TokenKind) ?? throw new LoginFailedException($"The provider gave no {login.TokenKind}."),
        answer.Text("refresh_token"), now + answer.Seconds("expires_in"));
}
