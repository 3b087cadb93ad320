namespace WireGuardian.ControlPlane.Grpc.Server;

/// <summary>Where a server-streaming method writes its answers.</summary>
public interface IServerStreamWriter<in T>
{
    /// <summary>Sends one message; completes when the connection has taken it, so a slow caller slows the method down.</summary>
    Task WriteAsync(T message, CancellationToken cancellationToken);
}
