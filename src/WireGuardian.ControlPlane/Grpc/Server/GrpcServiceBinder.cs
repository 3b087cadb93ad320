using System.IO.Pipelines;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using WireGuardian.ControlPlane.Grpc.Framing;

namespace WireGuardian.ControlPlane.Grpc.Server;

/// <summary>Maps the methods of one service to endpoints.</summary>
public sealed class GrpcServiceBinder(IEndpointRouteBuilder endpoints, GrpcServiceOptions options)
{
    /// <summary>A method with one request and one response.</summary>
    public void Unary<TRequest, TResponse>(
        Method<TRequest, TResponse> method, Func<TRequest, ServerCallContext, Task<TResponse>> handler)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
        => Map(method.FullName, async (call, context) =>
        {
            var request = await ReadOneAsync(call, method.RequestParser, context.CancellationToken);
            var response = await handler(request, context);
            await WriteAsync(call.Response, response, context.CancellationToken);
        });

    /// <summary>A method with one request and any number of responses.</summary>
    public void ServerStreaming<TRequest, TResponse>(
        Method<TRequest, TResponse> method, Func<TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task> handler)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
        => Map(method.FullName, async (call, context) =>
        {
            var request = await ReadOneAsync(call, method.RequestParser, context.CancellationToken);
            await handler(request, new StreamWriter<TResponse>(this, call.Response), context);
        });

    /// <summary>Every other method of every service that nobody else has mapped: UNIMPLEMENTED.</summary>
    public void UnknownMethods() => Map("/{service}/{method}", static (_, context) =>
        throw new RpcException(StatusCode.Unimplemented, $"There is no method {context.Method}."));

    private void Map(string pattern, Func<HttpContext, ServerCallContext, Task> handler)
        => endpoints.MapPost(pattern, call => GrpcCall.RunAsync(call, options, handler));

    private async Task<T> ReadOneAsync<T>(HttpContext call, MessageParser<T> parser, CancellationToken cancellationToken)
        where T : class, IMessage<T>
    {
        var reader = new MessageReader<T>(call.Request.BodyReader, parser, options.MaxMessageSize);
        try
        {
            var request = await reader.ReadAsync(cancellationToken)
                ?? throw new RpcException(StatusCode.Internal, "The request has no message.");
            if (await reader.ReadAsync(cancellationToken) is not null)
                throw new RpcException(StatusCode.Internal, "The request has more than one message.");
            return request;
        }
        catch (IOException e) when (!cancellationToken.IsCancellationRequested)
        {
            // Kestrel's word for a stream that was reset or a body that came too slowly; the call's token may learn of it later.
            throw new RpcException(StatusCode.Cancelled, "The request did not arrive whole.", e);
        }
    }

    private async Task WriteAsync(HttpResponse response, IMessage message, CancellationToken cancellationToken)
    {
        var frame = MessageFrame.Create(message, options.MaxMessageSize);
        FlushResult flushed = await response.BodyWriter.WriteAsync(frame, cancellationToken);
        if (flushed.IsCanceled || flushed.IsCompleted)
            throw new OperationCanceledException("The caller no longer reads.", cancellationToken);
    }

    private sealed class StreamWriter<T>(GrpcServiceBinder binder, HttpResponse response) : IServerStreamWriter<T>
        where T : class, IMessage<T>
    {
        public Task WriteAsync(T message, CancellationToken cancellationToken) => binder.WriteAsync(response, message, cancellationToken);
    }
}
