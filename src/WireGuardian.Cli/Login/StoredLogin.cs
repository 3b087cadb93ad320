using System.Text.Json.Serialization;

namespace WireGuardian.Cli.Login;

/// <summary>What a login left: the token for one server, and how to get the next one.</summary>
/// <param name="Server">The server that the token is for; it is sent to no other.</param>
/// <param name="Issuer">Where the operator signed in.</param>
/// <param name="ClientId">The client that <c>wgctl</c> is there.</param>
/// <param name="TokenEndpoint">Where to get the next token.</param>
/// <param name="TokenKind"><c>id_token</c> or <c>access_token</c>: which of the provider's tokens the server takes.</param>
/// <param name="Token">The token.</param>
/// <param name="RefreshToken">Gets the next token without signing in; null where the provider gave none.</param>
/// <param name="ExpiresAt">When the token ends; null where the provider did not say.</param>
internal sealed record StoredLogin(
    string Server, string Issuer, string ClientId, string TokenEndpoint, string TokenKind, string Token, string? RefreshToken, DateTimeOffset? ExpiresAt)
{
    /// <summary>Without the tokens: they are in no output.</summary>
    public override string ToString() => $"StoredLogin {{ Server = {Server}, Issuer = {Issuer} }}";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(StoredLogin))]
internal sealed partial class StoredLoginJson : JsonSerializerContext;
