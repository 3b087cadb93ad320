using System.Net.Sockets;

namespace WireGuardian.Proxy.Listening;

/// <summary>One protocol's side of a listener: takes accepted connections and knows their sessions.</summary>
public interface ISessionHandler : IAsyncDisposable
{
    /// <summary>Serves one connection to its end and closes it. Never throws for what the other side does.</summary>
    Task RunAsync(Socket socket, CancellationToken stopping);

    /// <summary>Asks every session to end as soon as nothing is under way in it.</summary>
    Task DrainAsync();

    /// <summary>Ends every session at once.</summary>
    void Abort();
}
