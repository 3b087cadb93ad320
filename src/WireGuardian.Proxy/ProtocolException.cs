namespace WireGuardian.Proxy;

/// <summary>
/// Bytes that the protocol does not allow where they stand. The message says what was expected and never holds a value from the wire,
/// so that it can be logged and shown.
/// </summary>
/// <param name="fault">The side that broke the protocol.</param>
/// <param name="message">What was expected.</param>
/// <param name="inner">The exception that made it known, if there was one.</param>
public sealed class ProtocolException(ProtocolFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public ProtocolFault Fault { get; } = fault;
}
