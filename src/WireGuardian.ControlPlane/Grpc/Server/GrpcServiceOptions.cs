namespace WireGuardian.ControlPlane.Grpc.Server;

/// <summary>How a service is served.</summary>
public sealed record GrpcServiceOptions
{
    /// <summary>The limit of one message in either direction, in bytes.</summary>
    public int MaxMessageSize { get; init; } = 4 * 1024 * 1024;

    /// <summary>Runs before anything of the request's body is read; throws <see cref="RpcException"/> to refuse the call.</summary>
    public Func<ServerCallContext, ValueTask>? Interceptor { get; init; }

    /// <summary>Clock of the deadlines.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
