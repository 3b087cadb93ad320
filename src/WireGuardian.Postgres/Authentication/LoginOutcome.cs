using WireGuardian.Postgres.Startup;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Transport;

namespace WireGuardian.Postgres.Authentication;

/// <summary>What an accepted connection came to.</summary>
public abstract record LoginOutcome
{
    private LoginOutcome()
    {
    }

    /// <summary>A request to cancel. Whoever takes it closes <paramref name="Client"/> once it is done.</summary>
    public sealed record Cancel(CancelRequest Request, Leg Client) : LoginOutcome;

    /// <summary>
    /// The user is logged in and the client knows (AuthenticationOk was sent); whatever the server sends after that is untouched.
    /// </summary>
    /// <param name="Startup">User, database, application name, every parameter.</param>
    /// <param name="ProtocolMinor">0 or 2: what client and server settled on.</param>
    /// <param name="Client">The client's leg; the taker disposes it.</param>
    /// <param name="ClientLeftover">Bytes of the client's that were read already and stand before what <see cref="Leg.Stream"/> gives.</param>
    /// <param name="Server">The server's leg; the taker disposes it.</param>
    /// <param name="ServerLeftover">The same for the server: ParameterStatus, BackendKeyData, ReadyForQuery, as far as they came.</param>
    public sealed record LoggedIn(
        StartupMessage Startup, int ProtocolMinor, Leg Client, byte[] ClientLeftover, Leg Server, byte[] ServerLeftover) : LoginOutcome;

    /// <summary>Both connections are closed; the client was told why where its state allowed that.</summary>
    /// <param name="Fault">Whose fault it was; null where a client merely left or the server refused the login.</param>
    /// <param name="Reason">For the log.</param>
    public sealed record Closed(ProtocolFault? Fault, string Reason) : LoginOutcome;
}
