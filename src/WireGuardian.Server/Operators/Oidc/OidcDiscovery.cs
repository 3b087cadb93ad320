using System.Text.Json;

namespace WireGuardian.Server.Operators.Oidc;

/// <summary>What a provider says of itself (OpenID Connect Discovery 1.0).</summary>
internal sealed class OidcDiscovery(JsonElement document)
{
    /// <summary>Throws <see cref="HttpRequestException"/>, <see cref="JsonException"/>, <see cref="InvalidDataException"/> or <see cref="OperationCanceledException"/>.</summary>
    public static async Task<OidcDiscovery> FetchAsync(OidcOptions options, HttpClient http, CancellationToken cancellationToken)
    {
        var text = await http.GetStringAsync(new Uri($"{options.Issuer.TrimEnd('/')}/.well-known/openid-configuration"), cancellationToken);
        using var document = JsonDocument.Parse(text);
        var discovery = new OidcDiscovery(document.RootElement.Clone());

        // Section 4.3: the issuer there must be the one that was asked.
        return discovery.Text("issuer") == options.Issuer ? discovery : throw new InvalidDataException("the provider names another issuer");
    }

    /// <summary>An address of the provider's. Throws <see cref="InvalidDataException"/> where there is none, or none that is safe to use.</summary>
    public Uri Address(string name) => Uri.TryCreate(Text(name), UriKind.Absolute, out var address) && OidcAddress.IsSafe(address)
        ? address
        : throw new InvalidDataException($"the provider names no usable {name}");

    private string? Text(string name) => document.ValueKind == JsonValueKind.Object && document.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
        ? value.GetString()
        : null;
}
