using Google.Protobuf;

namespace WireGuardian.ControlPlane.Grpc.Client;

/// <summary>Makes calls to one server.</summary>
public interface IGrpcChannel
{
    /// <exception cref="RpcException">The call ended with another status than OK.</exception>
    Task<TResponse> UnaryCallAsync<TRequest, TResponse>(Method<TRequest, TResponse> method, TRequest request, CallOptions options)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>;

    /// <summary>The answers as they arrive; the enumeration throws <see cref="RpcException"/> where the call ends with another status than OK.</summary>
    IAsyncEnumerable<TResponse> ServerStreamingCallAsync<TRequest, TResponse>(
        Method<TRequest, TResponse> method, TRequest request, CallOptions options)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>;
}
