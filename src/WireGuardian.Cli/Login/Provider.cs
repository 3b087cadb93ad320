namespace WireGuardian.Cli.Login;

/// <summary>The OpenID provider's endpoints for a device (RFC 8628) and for tokens.</summary>
internal sealed class Provider : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>Reads what the provider says of itself (OpenID Connect Discovery 1.0).</summary>
    /// <exception cref="LoginFailedException">It cannot be reached, or has no login for devices.</exception>
    public async Task<(Uri DeviceEndpoint, Uri TokenEndpoint)> DiscoverAsync(string issuer, CancellationToken cancellationToken)
    {
        var address = Safe($"{issuer.TrimEnd('/')}/.well-known/openid-configuration", "issuer");
        var answer = await ReachAsync(address, () => _http.GetAsync(address, cancellationToken), cancellationToken);
        if (answer.Text("issuer") != issuer)
            throw new LoginFailedException($"{address.Authority} speaks for another issuer than {issuer}.");
        return (Safe(answer.Text("device_authorization_endpoint"), "device_authorization_endpoint"), Safe(answer.Text("token_endpoint"), "token_endpoint"));
    }

    /// <summary>Posts a form; an answer with an error of OAuth is an answer too.</summary>
    /// <exception cref="LoginFailedException">It cannot be reached.</exception>
    public async Task<JsonAnswer> PostAsync(Uri endpoint, IEnumerable<KeyValuePair<string, string>> form, CancellationToken cancellationToken)
    {
        using var content = new FormUrlEncodedContent(form);
        return await ReachAsync(endpoint, () => _http.PostAsync(endpoint, content, cancellationToken), cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Tokens and codes travel there: in clear to this machine only.</summary>
    public static Uri Safe(string? text, string what) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
            ? uri
            : throw new LoginFailedException($"The provider's {what} is missing or not https.");

    private static async Task<JsonAnswer> ReachAsync(Uri endpoint, Func<Task<HttpResponseMessage>> call, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await call();
            return await JsonAnswer.ReadAsync(response, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new ProviderUnreachableException($"Cannot reach {endpoint.Authority}: {(e.InnerException ?? e).Message}", e);
        }
    }
}
