namespace WireGuardian.ControlPlane.Grpc;

/// <summary>A call's end other than OK. A service throws it to refuse; a client gets it.</summary>
/// <param name="status">The status and what it says to people.</param>
/// <param name="inner">On a client: the connection's own error, where there was one.</param>
public sealed class RpcException(Status status, Exception? inner = null) : Exception(status.Detail, inner)
{
    public RpcException(StatusCode statusCode, string detail, Exception? inner = null)
        : this(new Status(statusCode, detail), inner)
    {
    }

    public Status Status { get; } = status;
    public StatusCode StatusCode => Status.StatusCode;
}

/// <summary>What stands in <c>grpc-status</c> and <c>grpc-message</c>.</summary>
public readonly record struct Status(StatusCode StatusCode, string Detail)
{
    public static readonly Status OK = new(StatusCode.OK, "");
}
