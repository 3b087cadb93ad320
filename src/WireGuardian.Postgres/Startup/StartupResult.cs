using WireGuardian.Proxy;

namespace WireGuardian.Postgres.Startup;

/// <summary>What a client's first packets came to.</summary>
public abstract record StartupResult
{
    private StartupResult()
    {
    }

    /// <summary>A request to cancel; the connection carries nothing else and is closed by whoever handles the request.</summary>
    public sealed record Cancel(CancelRequest Request, Leg Leg) : StartupResult;

    /// <summary>A login may begin.</summary>
    public sealed record Session(StartupMessage Message, Leg Leg) : StartupResult;

    /// <summary>The connection is closed; the client was told why where its state allowed that.</summary>
    /// <param name="Fault">Whose fault it was; null where a client merely left.</param>
    /// <param name="Reason">For the log.</param>
    public sealed record Closed(ProtocolFault? Fault, string Reason) : StartupResult;
}
