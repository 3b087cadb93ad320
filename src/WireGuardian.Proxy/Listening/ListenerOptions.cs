using System.Net;
using WireGuardian.Proxy.Limits;
using WireGuardian.Proxy.Tls;

namespace WireGuardian.Proxy.Listening;

/// <summary>One entry of <c>listeners:</c>, checked and resolved.</summary>
public sealed record ListenerOptions
{
    public required string Name { get; init; }

    /// <summary><c>postgres</c> or <c>mysql</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>Where the proxy listens.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>The server: a host name or address, resolved at each connection.</summary>
    public required DnsEndPoint Upstream { get; init; }

    public ClientTlsOptions Tls { get; init; } = new(TlsMode.Off, null);

    public UpstreamTlsOptions UpstreamTls { get; init; } = new(TlsMode.Off);

    /// <summary>The login for catalog reads; null where none is configured (then nothing can be masked).</summary>
    public CatalogLogin? Catalog { get; init; }

    /// <summary>MySQL only: whether a server may ask a client for a file (LOAD DATA LOCAL INFILE).</summary>
    public bool LocalInfile { get; init; }

    /// <summary>What operators see of it with each request, such as <c>production</c>; empty for nothing.</summary>
    public string Environment { get; init; } = "";

    public LimitOptions Limits { get; init; } = new();
}

/// <summary>The login that reads catalogs.</summary>
/// <param name="Username">Database login.</param>
/// <param name="Password">Its password; null for logins that need none.</param>
public sealed record CatalogLogin(string Username, string? Password)
{
    public override string ToString() => $"CatalogLogin {{ Username = {Username} }}";
}
