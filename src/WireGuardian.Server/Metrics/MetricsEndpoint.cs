using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace WireGuardian.Server.Metrics;

/// <summary>
/// Answers <c>/metrics</c>, <c>/healthz</c> (the process lives) and <c>/readyz</c> (200 only when there is nothing to say against it). It is Kestrel
/// alone, without a host around it: a host would take SIGTERM for itself.
/// </summary>
public sealed class MetricsEndpoint : IHttpApplication<HttpContext>, IAsyncDisposable
{
    private const int MaxConnections = 100;
    private readonly KestrelServer _server;
    private readonly Func<string> _metrics;
    private readonly Func<IReadOnlyList<string>> _problems;

    /// <param name="listen">Where to listen.</param>
    /// <param name="metrics">Gives the text of <c>/metrics</c>.</param>
    /// <param name="problems">Gives what keeps the server from being ready; empty when it is.</param>
    /// <param name="loggers">For what the web server has to say.</param>
    public MetricsEndpoint(IPEndPoint listen, Func<string> metrics, Func<IReadOnlyList<string>> problems, ILoggerFactory loggers)
    {
        _metrics = metrics;
        _problems = problems;
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxConcurrentConnections = MaxConnections;
        options.Limits.MaxRequestBodySize = 0;
        options.Listen(listen, endpoint => endpoint.Protocols = HttpProtocols.Http1);
        var sockets = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers);
        _server = new KestrelServer(Options.Create(options), sockets, loggers);
    }

    /// <summary>The address with the port that port 0 came to; null before the start.</summary>
    public Uri? Address => _server.Features.Get<IServerAddressesFeature>()?.Addresses.Select(address => new Uri(address)).FirstOrDefault();

    public Task StartAsync(CancellationToken cancellationToken) => _server.StartAsync(this, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => _server.StopAsync(cancellationToken);

    public ValueTask DisposeAsync()
    {
        _server.Dispose();
        return ValueTask.CompletedTask;
    }

    HttpContext IHttpApplication<HttpContext>.CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    void IHttpApplication<HttpContext>.DisposeContext(HttpContext context, Exception? exception)
    {
        // Nothing of a request outlives it.
    }

    Task IHttpApplication<HttpContext>.ProcessRequestAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD";
            return Answer(context, StatusCodes.Status405MethodNotAllowed, "only GET is answered\n");
        }
        return context.Request.Path.Value switch
        {
            "/metrics" => Answer(context, StatusCodes.Status200OK, _metrics(), PrometheusText.ContentType),
            "/healthz" => Answer(context, StatusCodes.Status200OK, "ok\n"),
            "/readyz" => Ready(context),
            _ => Answer(context, StatusCodes.Status404NotFound, "here are /metrics, /healthz and /readyz\n"),
        };
    }

    private Task Ready(HttpContext context)
    {
        var problems = _problems();
        return problems.Count == 0
            ? Answer(context, StatusCodes.Status200OK, "ready\n")
            : Answer(context, StatusCodes.Status503ServiceUnavailable, string.Concat(problems.Select(problem => problem + "\n")));
    }

    private static async Task Answer(HttpContext context, int status, string text, string contentType = "text/plain; charset=utf-8")
    {
        var body = System.Text.Encoding.UTF8.GetBytes(text);
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
