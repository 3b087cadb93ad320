using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace WireGuardian.ControlPlane.Tests.Channels;

/// <summary>An HTTP server on a loopback port that keeps what it gets and answers as told.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SemaphoreSlim _arrived = new(0);

    private Receiver(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.Single());

    public ConcurrentQueue<Received> Requests { get; } = new();

    /// <summary>Answers of requests to come; when there is none, <see cref="Default"/>.</summary>
    public ConcurrentQueue<Func<HttpContext, Task>> Answers { get; } = new();

    public Func<HttpContext, Received, Task> Default { get; set; } = (_, _) => Task.CompletedTask;

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new Receiver(app);
        app.Run(receiver.HandleAsync);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>The request of this number, from 0, once it has arrived; a test that would wait forever fails.</summary>
    public async Task<Received> NextAsync(int index, CancellationToken cancellationToken)
    {
        while (Requests.Count <= index)
        {
            if (!await _arrived.WaitAsync(TimeSpan.FromSeconds(20), cancellationToken))
                throw new TimeoutException($"Only {Requests.Count} requests arrived.");
        }
        return Requests.ElementAt(index);
    }

    public void AnswerNext(int status, string body = "", string? retryAfter = null) => Answers.Enqueue(call =>
    {
        call.Response.StatusCode = status;
        if (retryAfter is not null)
            call.Response.Headers.RetryAfter = retryAfter;
        return call.Response.WriteAsync(body);
    });

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _arrived.Dispose();
    }

    private async Task HandleAsync(HttpContext call)
    {
        using var body = new MemoryStream();
        await call.Request.Body.CopyToAsync(body);
        var received = new Received(
            call.Request.Method, call.Request.Path.Value!, call.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString()), body.ToArray());
        Requests.Enqueue(received);
        _arrived.Release();
        if (Answers.TryDequeue(out var answer))
            await answer(call);
        else
            await Default(call, received);
    }
}

internal sealed record Received(string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public System.Text.Json.JsonElement Json => System.Text.Json.JsonDocument.Parse(Body).RootElement;
}
