using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using WireGuardian.ControlPlane.Tests.Hosting;
using WireGuardian.ControlPlane.Tests.Operators;
using WireGuardian.Core.Approvals;
using WireGuardian.Core.Identity;
using WireGuardian.Proxy.Tls;
using WireGuardian.Server.Channels;
using WireGuardian.Server.Channels.Callbacks;
using WireGuardian.Server.Channels.Slack;
using WireGuardian.Server.Configuration;
using WireGuardian.Server.ControlPlane;
using WireGuardian.Server.Operators;
using WireGuardian.Server.Operators.Oidc;
using WireGuardian.Testing.Approvals;
using WireGuardian.Testing.Audit;
using WireGuardian.Testing.Time;

namespace WireGuardian.ControlPlane.Tests.Channels;

/// <summary>The approval queue, a Slack channel and the callbacks' listener on loopback, with a receiver in Slack's place.</summary>
internal sealed class CallbackHost : IAsyncDisposable
{
    public const string SigningSecret = "8f742231b10e8888abcd99yyyzzz85a5";
    public const string DanasToken = "danas-token-0123456789";
    private static readonly People Who = new([new Person { Name = "Erin Roe", Operators = ["erin"], Logins = [new PersonLogin(null, "erin_pg")] }]);
    private readonly Meter _meter = new("callbacks");
    private readonly HttpClient _http = new();
    private readonly CancellationTokenSource _stop = new();
    private CallbackEndpoint _endpoint = null!;
    private CallbackServices _services = null!;
    private ChannelWorker _worker = null!;
    private Task _following = Task.CompletedTask;
    private OidcKeys? _keys;

    public FakeTime Time { get; } = new();

    public InMemoryAuditLog Audit { get; } = new();

    public required Receiver Slack { get; init; }

    public ApprovalQueue Queue { get; private set; } = null!;

    public ActionLink Links { get; private set; } = null!;

    public Uri Address => _endpoint.Address;

    /// <summary>The provider that operators can sign in at; null for none.</summary>
    public Provider? Provider { get; init; }

    /// <param name="provider">Who can sign in there, as <c>wgctl</c>, is an operator by groups and names; null for no provider.</param>
    public static async Task<CallbackHost> StartAsync(Provider? provider = null)
    {
        var host = new CallbackHost { Slack = await Receiver.StartAsync(), Provider = provider };
        await host.ComposeAsync();
        return host;
    }

    /// <summary>Holds a statement and awaits Slack's message about it.</summary>
    public async Task<ApprovalRequest> HoldAsync(string user = "ana", int minimum = 1, string statement = "DELETE FROM people WHERE id = ?")
    {
        var posted = Slack.Requests.Count;
        var now = Time.GetUtcNow();
        var held = await Queue.SubmitAsync(
            Samples.Request("x", user) with { CreatedAt = now, ExpiresAt = now.AddMinutes(30), Minimum = minimum, Statement = statement, Person = Who.OfLogin("app-pg", user) }, CancellationToken.None);
        await Slack.NextAsync(posted, CancellationToken.None);
        return held.Request;
    }

    /// <summary>A click on a button, as Slack passes it on.</summary>
    public Task<HttpResponseMessage> ClickAsync(ApprovalRequest request, string action, string user) => SendAsync(Click(request, action, user));

    /// <summary>The fields of a block_actions payload that Slack documents, for a button of a message.</summary>
    public static string Click(ApprovalRequest request, string action, string user, string? value = null) => JsonSerializer.Serialize(new
    {
        type = "block_actions",
        user = new { id = user, username = "somebody", name = "somebody", team_id = "T1" },
        api_app_id = "A1",
        token = "deprecated",
        container = new { type = "message", message_ts = "1700000000.000100", channel_id = "C1", is_ephemeral = false },
        trigger_id = "12321423423.333649436676.d8c1bb837935619ccad0f624c448ffb3",
        team = new { id = "T1", domain = "example" },
        channel = new { id = "C1", name = "dba" },
        response_url = "https://hooks.slack.com/actions/T1/1/x",
        actions = new[] { new { action_id = action, block_id = "decision", text = new { type = "plain_text", text = "x", emoji = false }, value = value ?? $"{request.Id} {request.Digest}", type = "button", action_ts = "1700000001.000200" } },
    });

    /// <summary>A view_submission payload.</summary>
    public static string Submit(ApprovalRequest request, string user, string? reason) => JsonSerializer.Serialize(new
    {
        type = "view_submission",
        team = new { id = "T1", domain = "example" },
        user = new { id = user, username = "somebody", name = "somebody", team_id = "T1" },
        api_app_id = "A1",
        view = new
        {
            id = "V1",
            type = "modal",
            callback_id = "wireguardian_deny_reason",
            private_metadata = $"{request.Id} {request.Digest} C1 1700000000.000100",
            state = new { values = new { reason = new { text = new { type = "plain_text_input", value = reason } } } },
        },
    });

    public Task<HttpResponseMessage> SendAsync(string payload, string? secret = null, long? timestamp = null) => SendAsync(Signed(payload, secret, timestamp));

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _http.SendAsync(request);

    /// <summary>A request as Slack signs it.</summary>
    public HttpRequestMessage Signed(string payload, string? secret = null, long? timestamp = null)
    {
        var body = Encoding.UTF8.GetBytes($"payload={Uri.EscapeDataString(payload)}");
        var seconds = (timestamp ?? Time.GetUtcNow().ToUnixTimeSeconds()).ToString();
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, "/slack/dba"))
        {
            Content = new ByteArrayContent(body) { Headers = { { "Content-Type", "application/x-www-form-urlencoded" } } },
        };
        request.Headers.Add("X-Slack-Request-Timestamp", seconds);
        request.Headers.Add("X-Slack-Signature", SlackSignature.Of(secret ?? SigningSecret, seconds, body));
        return request;
    }

    public async ValueTask DisposeAsync()
    {
        _keys?.Dispose();
        await _endpoint.DisposeAsync();
        await _stop.CancelAsync();
        await _following;
        await _worker.DisposeAsync();
        await _services.DisposeAsync();
        await Queue.DisposeAsync();
        await Slack.DisposeAsync();
        _http.Dispose();
        _meter.Dispose();
        _stop.Dispose();
    }

    private async Task ComposeAsync()
    {
        Slack.Default = (call, request) => call.Response.WriteAsync(request.Path.EndsWith("chat.postMessage", StringComparison.Ordinal)
            ? """{"ok":true,"channel":"C1","ts":"1700000000.000100","message":{}}"""
            : """{"ok":true}""");
        Queue = await ApprovalQueue.StartAsync(new InMemoryApprovalStore(), Audit, Time, new ApprovalMetrics(_meter), null, CancellationToken.None);
        var registry = new OperatorRegistry(
            [
                new OperatorOptions("dana", ["dba"], DanasToken) { Slack = "U0DANA" },
                new OperatorOptions("erin", ["dba"], "") { Slack = "U0ERIN" },
                new OperatorOptions("otto", ["dba"], "") { Oidc = "otto-at-the-provider" },
                new OperatorOptions("guest", [], "") { Slack = "U0GUEST" },
            ],
            Who);
        var limit = new RefusalLimit(new ControlPlaneOptions());
        var verifier = new OperatorVerifier(() => registry, null, Time);
        _services = new CallbackServices(
            Queue, Audit, () => registry, new OperatorGate(verifier, Audit, Time, limit, DecisionChannels.Teams), limit, Time, NullLogger.Instance);
        var options = new SlackOptions("C1", "xoxb-token", SigningSecret, new Uri(Slack.Url, "/api/"));
        var api = new SlackApi(options, _http, Time);
        var channel = new SlackChannel(options, api);
        _worker = new ChannelWorker("dba", channel, new ChannelMetrics(_meter), TimeProvider.System, NullLogger.Instance, () => 0);
        _worker.Start();
        _following = FollowAsync(Queue.WatchAsync(_stop.Token));

        // Links are made for the address from outside, which here is known only once it listens.
        var url = new Uri($"http://127.0.0.1:{FreePort()}");
        Links = new ActionLink(url, Time);
        var slack = new Dictionary<string, Func<HttpContext, Task>> { ["dba"] = new SlackCallback("dba", options, api, channel, _worker, _services).HandleAsync };
        _endpoint = new CallbackEndpoint(
            new CallbackOptions(new IPEndPoint(IPAddress.Loopback, url.Port), new ClientTlsOptions(TlsMode.Off, null), url),
            slack, new ActionPage(Links, url, _services, SignInAt(url)), NullLoggerFactory.Instance, NullLogger.Instance);
        await _endpoint.StartAsync(CancellationToken.None);
    }

    private SignIn? SignInAt(Uri url)
    {
        if (Provider is null)
            return null;
        var oidc = new OidcOptions { Issuer = Provider.Issuer, Audience = "wgctl", ClientId = "wgctl", OperatorGroups = ["dba"] };
        _keys = new OidcKeys(oidc, _http, Time, NullLogger.Instance);
        return new SignIn(new OidcCodeFlow(oidc, new OidcTokens(oidc, _keys, Time), _http), url, _services);
    }

    private async Task FollowAsync(IAsyncEnumerable<ApprovalRequest> changes)
    {
        await foreach (var request in changes)
            _worker.Post(new ChannelEvent(request, Time.GetUtcNow()));
    }

    private static int FreePort()
    {
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
