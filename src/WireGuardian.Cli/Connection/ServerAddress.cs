using System.Net;

namespace WireGuardian.Cli.Connection;

/// <summary>Makes a URL of what <c>--server</c> may be: <c>host:port</c>, or a URL with http or https.</summary>
internal static class ServerAddress
{
    private const int DefaultPort = 7300;

    /// <param name="tls">Whether the command line asks for TLS; an address off loopback always gets it.</param>
    /// <exception cref="UsageException">It is neither, or would send the token in clear over a network.</exception>
    public static Uri Parse(string text, bool tls)
    {
        var named = text.Contains("://", StringComparison.Ordinal);
        if (!Uri.TryCreate(named ? text : $"https://{text}", UriKind.Absolute, out var uri) || uri.Host.Length == 0
            || uri.Scheme is not ("http" or "https") || uri.PathAndQuery != "/" || uri.UserInfo.Length > 0)
            throw new UsageException($"'{text}' is not a server's address: give host:port, or a URL such as https://proxy.example:{DefaultPort}.");

        var loopback = IsLoopback(uri);
        var secure = named ? uri.Scheme == "https" : tls || !loopback;
        if (!secure && tls)
            throw new UsageException("--ca and --certificate ask for TLS, but the server's URL starts with http:. Use https:.");
        if (!secure && !loopback)
            throw new UsageException($"Your token would travel in clear to {uri.Host}: use https:, or a tunnel to 127.0.0.1.");

        var port = HasPort(text, uri) ? uri.Port : DefaultPort;
        return new UriBuilder(secure ? "https" : "http", uri.Host, port).Uri;
    }

    /// <summary>Uri hides a port that its scheme has by default.</summary>
    private static bool HasPort(string text, Uri uri)
        => text.TrimEnd('/').EndsWith($":{uri.Port}", StringComparison.Ordinal);

    private static bool IsLoopback(Uri uri)
        => IPAddress.TryParse(uri.DnsSafeHost, out var address) ? IPAddress.IsLoopback(address) : uri.IsLoopback;
}
