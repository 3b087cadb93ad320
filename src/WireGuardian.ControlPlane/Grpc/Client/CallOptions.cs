namespace WireGuardian.ControlPlane.Grpc.Client;

/// <summary>What belongs to one call.</summary>
/// <param name="Timeout">How long the caller waits, and lets the server work; none by default.</param>
/// <param name="CancellationToken">Ends the call on both sides.</param>
public readonly record struct CallOptions(TimeSpan? Timeout = null, CancellationToken CancellationToken = default);
