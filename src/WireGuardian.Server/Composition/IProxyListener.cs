using System.Net;

namespace WireGuardian.Server.Composition;

/// <summary>One listener with its sessions, as the server's life sees it.</summary>
public interface IProxyListener : IAsyncDisposable
{
    /// <summary>Its name in the configuration.</summary>
    string Name { get; }

    /// <summary>Where it listens once started, with the port that a configured port 0 came to; null before.</summary>
    IPEndPoint? LocalEndPoint { get; }

    /// <summary>Why it does not accept clients now, for <c>/readyz</c>; null while it does.</summary>
    string? Problem { get; }

    /// <summary>Completes once clients can connect.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Accepts no more clients, lets every session finish its statement in flight, closes it, and completes when none is left or after
    /// <paramref name="timeout"/>. Cancelled, it closes everything at once.
    /// </summary>
    Task DrainAsync(TimeSpan timeout, CancellationToken cancellationToken);
}
