using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace WireGuardian.Cli.Login;

/// <summary>Where operators of a server sign in.</summary>
/// <param name="Issuer">The OpenID provider.</param>
/// <param name="ClientId">The client that <c>wgctl</c> is there.</param>
/// <param name="TokenKind"><c>id_token</c> or <c>access_token</c>.</param>
/// <param name="Scopes">What to ask for.</param>
internal sealed record LoginServer(string Issuer, string ClientId, string TokenKind, IReadOnlyList<string> Scopes)
{
    private const string Metadata = "/.well-known/oauth-protected-resource";

    /// <summary>Asks the server (RFC 9728).</summary>
    /// <exception cref="LoginFailedException">It does not say.</exception>
    public static async Task<LoginServer> AskAsync(Uri server, X509Certificate2Collection? roots, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false };
        if (roots is not null)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(roots);
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }
        using var http = new HttpClient(handler)
        {
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = TimeSpan.FromSeconds(30),
        };
        try
        {
            using var response = await http.GetAsync(new Uri(server, Metadata), cancellationToken);
            // The path is one of gRPC's to a server that has no login, and gRPC is asked with POST only.
            if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed)
                throw new LoginFailedException("This server has no login: its configuration names no OpenID provider with a clientId. Use a token or a certificate.");
            var answer = await JsonAnswer.ReadAsync(response, cancellationToken);

            // RFC 9728, section 3.3: what is said must be said of the server that was asked.
            if (answer.Text("resource") != LoginStore.NameOf(server))
                throw new LoginFailedException("The server's login information is about another server.");
            return answer.Texts("authorization_servers") is [var issuer, ..] && answer.Text("wgctl_client_id") is { } client
                ? new LoginServer(issuer, client, answer.Text("wgctl_token") == "id_token" ? "id_token" : "access_token", answer.Texts("scopes_supported"))
                : throw new LoginFailedException("The server's login information is incomplete.");
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new LoginFailedException($"Cannot reach {server.Authority}: {(e.InnerException ?? e).Message}");
        }
    }
}
