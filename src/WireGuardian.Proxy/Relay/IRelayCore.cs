namespace WireGuardian.Proxy.Relay;

/// <summary>
/// The part of a session that knows the protocol: a synchronous state machine over spans that does no I/O and owns no task or timer. A driver feeds it and
/// serialises the calls.
/// </summary>
public interface IRelayCore
{
    /// <summary>Takes bytes of the client. Slices of <paramref name="input"/> in <paramref name="toServer"/> must be sent before the next call.</summary>
    RelayStep FromClient(Span<byte> input, RelayOutput toServer);

    /// <summary>Takes bytes of the server. Slices of <paramref name="input"/> in <paramref name="toClient"/> must be sent before the next call.</summary>
    RelayStep FromServer(Span<byte> input, RelayOutput toClient);

    /// <summary>True when all that was sent to the client so far ends at a message's end, so that a message can be put in.</summary>
    bool ClientStreamIsAtBoundary { get; }

    /// <summary>True when these bytes, which wait to be taken, hold a goodbye of the client's that is to be heeded before what stands in front of it.</summary>
    bool HoldsGoodbye(ReadOnlySpan<byte> waiting);

    /// <summary>Time spent in the core and on statistics, in <see cref="System.Diagnostics.Stopwatch"/> ticks; the driver adds to it.</summary>
    long ProcessingTicks { get; set; }
}

/// <summary>What a core did with bytes and what it needs to go on.</summary>
/// <param name="Consumed">Bytes dealt with; the rest comes again with the next call.</param>
/// <param name="Need">What it waits for.</param>
/// <param name="Wanted">With <see cref="RelayNeed.Bytes"/>: bytes that must be there at once, counted after the consumed ones; 0 when any more will do. With <see cref="RelayNeed.Answer"/>:
/// bytes of the message that waits, for the driver to read the client beyond it.</param>
public readonly record struct RelayStep(int Consumed, RelayNeed Need, int Wanted = 0);

/// <summary>What a core waits for.</summary>
public enum RelayNeed
{
    /// <summary>More bytes of the same leg.</summary>
    Bytes,

    /// <summary>The output is full: send it and call again.</summary>
    Flush,

    /// <summary>An answer that takes time (verdict, catalog, the server catching up): ask the session, then call again.</summary>
    Answer,

    /// <summary>The session is over once the output is sent.</summary>
    End,
}
