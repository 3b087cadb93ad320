using Google.Protobuf;

namespace WireGuardian.ControlPlane.Grpc;

/// <summary>One method of a service: its name on the wire and how its messages are read.</summary>
/// <param name="ServiceName">With the package: <c>wireguardian.control.v1.ControlPlane</c>.</param>
/// <param name="Name">For example <c>Approve</c>.</param>
public sealed record Method<TRequest, TResponse>(
    string ServiceName, string Name, MessageParser<TRequest> RequestParser, MessageParser<TResponse> ResponseParser)
    where TRequest : IMessage<TRequest>
    where TResponse : IMessage<TResponse>
{
    /// <summary>The path of the HTTP/2 request.</summary>
    public string FullName => $"/{ServiceName}/{Name}";
}
