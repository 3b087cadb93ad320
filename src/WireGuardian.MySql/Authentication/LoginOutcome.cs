using WireGuardian.MySql.Packets;
using WireGuardian.MySql.Startup;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Transport;

namespace WireGuardian.MySql.Authentication;

/// <summary>What an accepted connection came to.</summary>
public abstract record LoginOutcome
{
    private LoginOutcome()
    {
    }

    /// <summary>The user is logged in and the client knows: both sides count from 0 with the next command.</summary>
    public sealed record LoggedIn : LoginOutcome
    {
        public required ClientIdentity Identity { get; init; }

        /// <summary>What both legs agreed on; TLS and compression are not among it.</summary>
        public required CapabilityFlags Capabilities { get; init; }

        /// <summary>The client's leg is compressed: <see cref="Client"/> gives and takes what is inside.</summary>
        public required bool Compresses { get; init; }

        public required ServerVersion Version { get; init; }

        /// <summary>The server's thread, by which KILL ends it and by which the client knows itself.</summary>
        public required uint ConnectionId { get; init; }

        /// <summary>Collation that the client asked for, its lower byte.</summary>
        public required byte CharacterSet { get; init; }

        /// <summary>The server's OK packet, without header: the session's first status, and session state where that is tracked.</summary>
        public required byte[] Ok { get; init; }

        /// <summary>From <see cref="Ok"/>.</summary>
        public required StatusFlags Status { get; init; }

        /// <summary>Which legs are TLS, for COM_CHANGE_USER.</summary>
        public required LegSecurity Security { get; init; }

        /// <summary>The scramble in force, for COM_CHANGE_USER.</summary>
        public required byte[] Nonce { get; init; }

        /// <summary>The taker disposes it.</summary>
        public required Leg Client { get; init; }

        /// <summary>Bytes of the client's that were read already and stand before what the leg gives.</summary>
        public required byte[] ClientLeftover { get; init; }

        /// <summary>The taker disposes it.</summary>
        public required Leg Server { get; init; }

        /// <summary>Bytes of the server's that were read already and stand before what the leg gives.</summary>
        public required byte[] ServerLeftover { get; init; }
    }

    /// <summary>Both connections are closed; the client was told why where its state allowed that.</summary>
    /// <param name="Fault">Whose fault it was; null where a client merely left or the server refused the login.</param>
    /// <param name="Reason">For the log.</param>
    public sealed record Closed(ProtocolFault? Fault, string Reason) : LoginOutcome;
}
