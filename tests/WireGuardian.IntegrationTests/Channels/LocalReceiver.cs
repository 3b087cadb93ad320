using System.Net;
using System.Text;
using System.Threading.Channels;
using WireGuardian.Testing.Processes;

namespace WireGuardian.IntegrationTests.Channels;

/// <summary>An HTTP server on loopback in the place of Slack, Teams and a webhook's receiver.</summary>
internal sealed class LocalReceiver : IDisposable
{
    public const string MessageTimestamp = "1700000000.000100";

    private readonly HttpListener _listener = new();
    private readonly Dictionary<string, Channel<Received>> _paths = new(StringComparer.Ordinal);

    public LocalReceiver()
    {
        Url = new Uri($"http://127.0.0.1:{FreePort.Next()}/");
        foreach (var path in new[] { "/api/chat.postMessage", "/api/chat.update", "/teams", "/hook" })
            _paths[path] = Channel.CreateUnbounded<Received>();
        _listener.Prefixes.Add(Url.AbsoluteUri);
        _listener.Start();
        _ = ServeAsync();
    }

    public Uri Url { get; }

    public sealed record Received(WebHeaderCollection Headers, byte[] Body)
    {
        public string Text => Encoding.UTF8.GetString(Body);
    }

    /// <summary>The next request to a path that <paramref name="matches"/>; those before it are passed over.</summary>
    public async Task<Received> NextAsync(string path, Func<Received, bool> matches)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await foreach (var received in _paths[path].Reader.ReadAllAsync(patience.Token))
        {
            if (matches(received))
                return received;
        }
        throw new InvalidOperationException("the receiver is closed");
    }

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext call;
            try
            {
                call = await _listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            using var body = new MemoryStream();
            await call.Request.InputStream.CopyToAsync(body);
            var path = call.Request.Url!.AbsolutePath;
            var isKnown = _paths.TryGetValue(path, out var channel);
            call.Response.StatusCode = isKnown ? path == "/teams" ? 202 : 200 : 404;
            if (path.StartsWith("/api/", StringComparison.Ordinal))
                call.Response.OutputStream.Write(Encoding.UTF8.GetBytes($$$"""{"ok":true,"channel":"C012AB3CD","ts":"{{{MessageTimestamp}}}","message":{}}"""));
            call.Response.Close();
            channel?.Writer.TryWrite(new Received((WebHeaderCollection)call.Request.Headers, body.ToArray()));
        }
    }
}
