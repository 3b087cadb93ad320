using WireGuardian.Proxy;
using WireGuardian.Proxy.Transport;

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

    /// <summary>The client speaks a protocol that the proxy does not.</summary>
    /// <param name="Packet">What it sent instead of a StartupMessage of protocol 3.</param>
    /// <param name="Error">What to tell it if the server cannot be asked.</param>
    /// <param name="Leg">Closed by whoever answers.</param>
    public sealed record UnsupportedVersion(StartupPacket Packet, FatalError Error, Leg Leg) : StartupResult;

    /// <summary>The connection is closed; the client was told why where its state allowed that.</summary>
    /// <param name="Fault">Whose fault it was; null where a client merely left.</param>
    /// <param name="Reason">For the log.</param>
    public sealed record Closed(ProtocolFault? Fault, string Reason) : StartupResult;
}
