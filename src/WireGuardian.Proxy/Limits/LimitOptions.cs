namespace WireGuardian.Proxy.Limits;

/// <summary>The limits of one listener. Every buffer, queue and wait has one.</summary>
public sealed record LimitOptions
{
    /// <summary>Client connections at once; more are refused with the protocol's own error.</summary>
    public int MaxConnections { get; init; } = 5000;

    /// <summary>Client connections at once of one database login.</summary>
    public int MaxConnectionsPerUser { get; init; } = 5000;

    /// <summary>From accept to the end of the login.</summary>
    public TimeSpan LoginTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For a connection to the server, TLS included.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes of one statement's message: it has to be read whole before it is sent.</summary>
    public int MaxStatementBytes { get; init; } = 64 << 20;

    /// <summary>Bytes of one message that must be seen whole to be masked, for example a row whose masks change its length.</summary>
    public int MaxBufferedRowBytes { get; init; } = 16 << 20;

    /// <summary>Requests of one client that the server has not answered yet; more wait.</summary>
    public int MaxPipelinedRequests { get; init; } = 10_000;

    /// <summary>Prepared statements and portals of one connection.</summary>
    public int MaxPreparedStatements { get; init; } = 10_000;

    /// <summary>Cancel requests on their way to the server at once; more wait, and beyond ten times as many are dropped.</summary>
    public int MaxConcurrentCancels { get; init; } = 32;

    /// <summary>Wait for the catalog before a statement is refused.</summary>
    public TimeSpan CatalogTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For the statement in flight when the proxy is asked to stop.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A client that takes nothing of what it asked for, for so long, is disconnected; zero means never.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.Zero;
}
