using System.Net;
using System.Security.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace WireGuardian.Server.Channels.Callbacks;

/// <summary>Listens for chat services and their users, apart from the control plane: it may have to face the internet.</summary>
internal sealed class CallbackEndpoint : IAsyncDisposable
{
    private const int MostConnections = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly WebApplication _application;

    /// <param name="slack">Handlers by the name of their channel, at <c>/slack/NAME</c>.</param>
    /// <param name="page">The page at <c>/requests/ID</c>.</param>
    public CallbackEndpoint(CallbackOptions options, IReadOnlyDictionary<string, Func<HttpContext, Task>> slack, ActionPage page, ILoggerFactory loggers, ILogger logger)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Listen(kestrel, options));
        _application = builder.Build();
        _application.UseRouting();
        _application.MapPost("/slack/{name}", call => GuardedAsync(
            call, logger, name => slack.TryGetValue(name, out var handler) ? handler(call) : NotFound(call)));
        _application.MapGet("/requests/{name}", call => GuardedAsync(call, logger, id => page.ShowAsync(call, id)));
        _application.MapGet("/requests/{name}/signin", call => GuardedAsync(call, logger, id => page.SignInAsync(call, id)));
        _application.MapGet(SignIn.Path, call => GuardedAsync(call, logger, _ => page.SignedInAsync(call)));
        _application.MapPost("/requests/{name}", call => GuardedAsync(call, logger, id => page.DecideAsync(call, id)));
    }

    /// <summary>Where it listens, once started.</summary>
    public Uri Address => new(_application.Urls.First());

    public Task StartAsync(CancellationToken cancellationToken) => _application.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => _application.StopAsync(cancellationToken);

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    /// <exception cref="ArgumentException">In clear, and not on loopback.</exception>
    internal static void Listen(KestrelServerOptions kestrel, CallbackOptions options)
    {
        if (options.Tls.Certificate is null && !IPAddress.IsLoopback(options.Listen.Address))
            throw new ArgumentException($"Callbacks need TLS at {options.Listen}: in clear they are taken on loopback only.", nameof(options));
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = MostConnections;
        kestrel.Limits.MaxRequestBodySize = CallbackBody.Largest;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        kestrel.Limits.RequestHeadersTimeout = Patience;
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(1);
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(240, Patience / 2);
        kestrel.Listen(options.Listen, listen =>
        {
            if (options.Tls.Certificate is not { } certificate)
                return;
            listen.UseHttps(https =>
            {
                https.ServerCertificate = certificate;
                https.ServerCertificateChain = options.Tls.Chain;
                https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
            });
        });
    }

    /// <summary>Nothing of a failure goes to the caller, and of its message nothing to the log: it could quote what users wrote.</summary>
    private static async Task GuardedAsync(HttpContext call, ILogger logger, Func<string, Task> handle)
    {
        var name = call.Request.RouteValues["name"] as string ?? "";
        try
        {
            await handle(name);
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException refused)
        {
            if (!call.Response.HasStarted)
                call.Response.StatusCode = refused.StatusCode;
        }
        catch (OperationCanceledException) when (call.RequestAborted.IsCancellationRequested)
        {
            // The caller is gone.
        }
        catch (Exception exception)
        {
            logger.CallbackFailed(MessageText.Line(name, 100), exception.GetType().Name, exception.StackTrace ?? "");
            if (!call.Response.HasStarted)
                call.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }

    private static Task NotFound(HttpContext call)
    {
        call.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
