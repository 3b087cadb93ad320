using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using WireGuardian.Core.Masking;
using WireGuardian.Proxy.Egress;
using WireGuardian.Proxy.Gating;
using WireGuardian.Proxy.Listening;

namespace WireGuardian.Server.Composition.Parts;

/// <summary>A listener of any protocol.</summary>
/// <param name="options">Its entry in the configuration.</param>
/// <param name="context">What the server is made of.</param>
/// <param name="store">Where records and approvals are kept.</param>
/// <param name="sessions">Makes the protocol's side of it; given a logger for what the catalog has to say.</param>
internal sealed class ProtocolListener(
    ListenerOptions options, ServerContext context, StorePart store, Func<SessionServices, ILogger, ISessionHandler> sessions) : IProxyListener
{
    private ConnectionListener? _listener;

    public string Name => options.Name;

    public IPEndPoint? LocalEndPoint => _listener?.LocalEndPoint;

    public string? Problem => _listener is null ? "not started" : _listener.Problem;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var metrics = context.Metrics.ForListener(options.Name, options.Protocol);
        var logger = context.Loggers.CreateLogger($"WireGuardian.{options.Protocol}");
        var services = new SessionServices
        {
            Options = options,
            Policies = context.Policies,
            MaskKey = new MaskKey(context.MaskingKey),
            Audit = store.Audit,
            Gate = new Gate(store.Queue, store.Audit, context.Time),
            Metrics = metrics,
            Canaries = new CanarySource(context.Policies, options.Name, store.Audit, metrics, context.Time)
            {
                Log = (canary, record) => logger.CanaryFound(record.Listener, canary.Name, record.Principal, record.Client),
            },
            PredicateBudgets = store.PredicateBudgets,
            Time = context.Time,
        };
        var listener = new ConnectionListener(options, sessions(services, logger), metrics);
        try
        {
            listener.Start();
        }
        catch (SocketException exception)
        {
            throw new IOException($"listener \"{options.Name}\" cannot listen on {options.Listen}: {exception.Message}", exception);
        }
        _listener = listener;
        return Task.CompletedTask;
    }

    public Task DrainAsync(TimeSpan timeout, CancellationToken cancellationToken) =>
        _listener is null ? Task.CompletedTask : _listener.DrainAsync(timeout, cancellationToken);

    public ValueTask DisposeAsync() => _listener is null ? ValueTask.CompletedTask : _listener.DisposeAsync();
}
