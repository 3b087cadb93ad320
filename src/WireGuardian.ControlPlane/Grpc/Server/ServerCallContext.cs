using Microsoft.AspNetCore.Http;

namespace WireGuardian.ControlPlane.Grpc.Server;

/// <summary>One call as its service sees it.</summary>
public sealed class ServerCallContext
{
    internal ServerCallContext(HttpContext httpContext, string method, CancellationToken cancellationToken)
    {
        HttpContext = httpContext;
        Method = method;
        CancellationToken = cancellationToken;
    }

    /// <summary>The method's full name: <c>/package.Service/Method</c>.</summary>
    public string Method { get; }

    /// <summary>Ends with the caller's cancel, its connection, its deadline, or the server's stop.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>What an interceptor leaves for the service, for example who the caller is.</summary>
    public IDictionary<object, object> UserState { get; } = new Dictionary<object, object>();

    public HttpContext GetHttpContext() => HttpContext;

    private HttpContext HttpContext { get; }
}
