using System.Net;
using System.Net.Sockets;
using WireGuardian.Core.Masking;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Postgres.Session;
using WireGuardian.Proxy.Gating;
using WireGuardian.Proxy.Listening;

namespace WireGuardian.Server.Composition.Parts;

/// <summary>A listener for PostgreSQL.</summary>
internal sealed class PostgresListener(ListenerOptions options, ServerContext context, StorePart store) : IProxyListener
{
    private ConnectionListener? _listener;

    public string Name => options.Name;

    public IPEndPoint? LocalEndPoint => _listener?.LocalEndPoint;

    public string? Problem => _listener is null ? "not started" : _listener.Problem;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var logger = context.Loggers.CreateLogger("WireGuardian.Postgres");
        var metrics = context.Metrics.ForListener(options.Name, options.Protocol);
        var services = new SessionServices
        {
            Options = options,
            Policies = context.Policies,
            MaskKey = new MaskKey(context.MaskingKey),
            Audit = store.Audit,
            Gate = new Gate(store.Queue, store.Audit, context.Time),
            Metrics = metrics,
            Time = context.Time,
        };
        var catalogs = new PostgresCatalogs(() => context.Policies.Current.Masking, context.Time, diagnostics: logger.Catalog);
        var listener = new ConnectionListener(options, new PostgresSessions(services, catalogs), metrics);
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
