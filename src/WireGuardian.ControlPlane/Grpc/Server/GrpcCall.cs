using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using WireGuardian.ControlPlane.Grpc.Framing;

namespace WireGuardian.ControlPlane.Grpc.Server;

/// <summary>What is the same for every call: its preconditions, its deadline, and how its end is told to the caller.</summary>
internal static class GrpcCall
{
    public static async Task RunAsync(HttpContext call, GrpcServiceOptions options, Func<HttpContext, ServerCallContext, Task> handler)
    {
        if (!GrpcHeaders.IsGrpc(call.Request.ContentType))
        {
            call.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        if (!call.Response.SupportsTrailers())
        {
            call.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return;
        }

        call.Response.ContentType = GrpcHeaders.ContentType;
        call.Response.Headers[GrpcHeaders.AcceptEncoding] = GrpcHeaders.Identity;
        Finish(call.Response, await StatusOfAsync(call, options, handler));
    }

    private static async Task<Status> StatusOfAsync(
        HttpContext call, GrpcServiceOptions options, Func<HttpContext, ServerCallContext, Task> handler)
    {
        var stopping = call.RequestServices?.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None;
        using var deadline = new CancellationTokenSource(Timeout.InfiniteTimeSpan, options.TimeProvider);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(call.RequestAborted, deadline.Token, stopping);
        try
        {
            RefuseCompression(call.Request);
            SetDeadline(call.Request, deadline);
            var context = new ServerCallContext(call, call.Request.Path.Value ?? "", ended.Token);
            if (options.Interceptor is { } interceptor)
                await interceptor(context);
            await handler(call, context);
            return Status.OK;
        }
        catch (RpcException refused)
        {
            return refused.Status;
        }
        catch (Exception) when (ended.IsCancellationRequested)
        {
            // Whatever is thrown once the call has ended is a consequence of its end.
            return deadline.IsCancellationRequested ? new Status(StatusCode.DeadlineExceeded, "The deadline has passed.")
                : stopping.IsCancellationRequested ? new Status(StatusCode.Unavailable, "The server is stopping.")
                : new Status(StatusCode.Cancelled, "The call was cancelled.");
        }
        catch (Exception e)
        {
            // An exception's message may quote what users stored: the caller and the log get neither.
            var logger = call.RequestServices?.GetService<ILoggerFactory>()?.CreateLogger("WireGuardian.ControlPlane");
            GrpcLog.CallFailed(logger ?? NullLogger.Instance, call.Request.Path.Value ?? "", e.GetType().FullName ?? "", e.StackTrace ?? "");
            return new Status(StatusCode.Internal, "The server failed to answer this call; its log says more.");
        }
    }

    private static void RefuseCompression(HttpRequest request)
    {
        var encoding = request.Headers[GrpcHeaders.Encoding].ToString();
        if (encoding.Length > 0 && encoding != GrpcHeaders.Identity)
            throw new RpcException(StatusCode.Unimplemented, "Compressed messages are not supported.");
    }

    private static void SetDeadline(HttpRequest request, CancellationTokenSource deadline)
    {
        var value = request.Headers[GrpcHeaders.Timeout].ToString();
        if (value.Length == 0)
            return;
        if (!GrpcTimeout.TryParse(value, out var timeout))
            throw new RpcException(StatusCode.Internal, "grpc-timeout is not a timeout.");
        deadline.CancelAfter(timeout);
    }

    /// <summary>Trailers where a message went before, otherwise the status in the only headers there are ("Trailers-Only").</summary>
    private static void Finish(HttpResponse response, Status status)
    {
        var trailers = response.HasStarted ? response.HttpContext.Features.Get<IHttpResponseTrailersFeature>()!.Trailers : response.Headers;
        trailers[GrpcHeaders.Status] = ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture);
        if (status.Detail.Length > 0)
            trailers[GrpcHeaders.Message] = PercentEncoding.Encode(status.Detail);
    }
}
