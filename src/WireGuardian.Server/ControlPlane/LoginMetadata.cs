using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using WireGuardian.Server.Operators.Oidc;

namespace WireGuardian.Server.ControlPlane;

/// <summary>
/// Tells <c>wgctl login</c> where to sign in: OAuth 2.0 protected resource metadata (RFC 9728), with members of its own for the client. Nothing in it is
/// secret, so nobody has to be anybody to read it.
/// </summary>
internal static class LoginMetadata
{
    public const string Path = "/.well-known/oauth-protected-resource";

    public static Task WriteAsync(HttpContext call, OidcOptions oidc)
    {
        call.Response.ContentType = "application/json";
        return call.Response.WriteAsync(
            new JsonObject
            {
                ["resource"] = $"{call.Request.Scheme}://{call.Request.Host.Value}",
                ["authorization_servers"] = new JsonArray(oidc.Issuer),
                ["scopes_supported"] = new JsonArray([.. oidc.Scopes.Select(scope => JsonValue.Create(scope))]),
                ["bearer_methods_supported"] = new JsonArray("header"),
                ["wgctl_client_id"] = oidc.ClientId,
                ["wgctl_token"] = oidc.TakesIdTokens ? "id_token" : "access_token",
            }.ToJsonString(),
            call.RequestAborted);
    }
}
