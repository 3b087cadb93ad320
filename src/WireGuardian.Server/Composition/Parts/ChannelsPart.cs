using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using WireGuardian.Core.Approvals;
using WireGuardian.Server.Channels;
using WireGuardian.Server.Channels.Callbacks;
using WireGuardian.Server.Channels.Slack;
using WireGuardian.Server.Channels.Teams;
using WireGuardian.Server.Channels.Webhook;
using WireGuardian.Server.Configuration;
using WireGuardian.Server.ControlPlane;
using WireGuardian.Server.Operators;

namespace WireGuardian.Server.Composition.Parts;

/// <summary>Tells the channels of every change of a request, and takes what comes back from them. The queue waits for none of it.</summary>
internal sealed class ChannelsPart(ServerContext context, StorePart store, OperatorsPart operators) : IServerPart
{
    private readonly List<(ChannelOptions Options, ChannelWorker Worker)> _workers = [];
    private readonly HttpClient _http = OutgoingHttp.Create();
    private readonly CancellationTokenSource _stop = new();
    private CallbackServices? _services;
    private CallbackEndpoint? _callbacks;
    private Task _following = Task.CompletedTask;

    public string Name => "channels";

    public string? Problem => null;

    /// <summary>Where callbacks are taken, once started; null for nowhere.</summary>
    public Uri? CallbackAddress => _callbacks?.Address;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var logger = context.Loggers.CreateLogger("WireGuardian.Channels");
        var limit = new RefusalLimit(new ControlPlaneOptions());
        _services = new CallbackServices(
            store.Queue, store.Audit, () => operators.Registry, new OperatorGate(operators.Verifier, store.Audit, context.Time, limit, DecisionChannels.Teams), limit, context.Time, logger);
        var slack = MakeChannels(logger, out var page);
        var changes = store.Queue.WatchAsync(_stop.Token);
        // What an earlier process left pending was perhaps never told, and its links are dead.
        foreach (var pending in store.Queue.Pending)
            Post(pending);
        foreach (var (_, worker) in _workers)
            worker.Start();
        _following = FollowAsync(changes);
        if (context.Configuration.Callbacks is { } options && page is not null)
        {
            _callbacks = new CallbackEndpoint(options, slack, page, context.Loggers, logger);
            await _callbacks.StartAsync(cancellationToken);
        }
    }

    /// <summary>Requests that end with the listeners are still told of, for a few seconds.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_callbacks is not null)
            await _callbacks.StopAsync(cancellationToken);
        await _stop.CancelAsync();
        await _following;
        await Task.WhenAll(_workers.Select(one => one.Worker.StopAsync()));
    }

    public void Apply(WireGuardianConfiguration configuration)
    {
        // Channels take a restart.
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following;
        foreach (var (_, worker) in _workers)
            await worker.DisposeAsync();
        if (_callbacks is not null)
            await _callbacks.DisposeAsync();
        if (_services is not null)
            await _services.DisposeAsync();
        _http.Dispose();
        _stop.Dispose();
    }

    private Dictionary<string, Func<HttpContext, Task>> MakeChannels(ILogger logger, out ActionPage? page)
    {
        var metrics = new ChannelMetrics(context.Meter);
        var url = context.Configuration.Callbacks?.Url;
        var links = url is null ? null : new ActionLink(url, context.Time);
        page = links is null ? null : new ActionPage(links, url!, _services!, operators.SignIn is { } flow ? new SignIn(flow, url!, _services!) : null);
        var slack = new Dictionary<string, Func<HttpContext, Task>>(StringComparer.Ordinal);
        foreach (var options in context.Configuration.Channels)
        {
            if (options.Slack is { } slackOptions)
            {
                var api = new SlackApi(slackOptions, _http, context.Time);
                var channel = new SlackChannel(slackOptions, api);
                slack.Add(options.Name, new SlackCallback(options.Name, slackOptions, api, channel, Add(channel), _services!).HandleAsync);
            }
            else if (options.Teams is { } teams)
            {
                Add(new TeamsChannel(teams, _http, links!, context.Time));
            }
            else
            {
                Add(new WebhookChannel(options.Webhook!, _http, context.Time));
            }

            ChannelWorker Add(IMessageChannel channel)
            {
                var worker = new ChannelWorker(options.Name, channel, metrics, context.Time, logger);
                _workers.Add((options, worker));
                return worker;
            }
        }
        return slack;
    }

    private async Task FollowAsync(IAsyncEnumerable<ApprovalRequest> changes)
    {
        await foreach (var request in changes)
            Post(request);
    }

    private void Post(ApprovalRequest request)
    {
        var change = new ChannelEvent(request, context.Time.GetUtcNow());
        foreach (var (options, worker) in _workers)
        {
            // Broken glass is for everybody to hear.
            if (options.Rules.Count == 0 || options.Rules.Contains(request.Rule) || request.GlassIsBroken)
                worker.Post(change);
        }
    }
}
