using Microsoft.Extensions.Logging;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Policies;
using WireGuardian.Server.Configuration;
using WireGuardian.Server.Metrics;

namespace WireGuardian.Server.Composition;

/// <summary>Starts, reloads and stops the parts of one server, in their order. When to do so is the <see cref="Lifecycle"/>'s to say.</summary>
public sealed class ServerHost : IAsyncDisposable
{
    private readonly ServerContext _context;
    private readonly ServerParts _parts;
    private readonly MetricsEndpoint? _endpoint;
    private readonly ILogger _logger;
    private volatile string? _phase = "starting";
    private bool _isStartRecorded;

    /// <param name="context">What the parts were made from.</param>
    /// <param name="parts">The parts, not started.</param>
    /// <param name="metricsText">Gives the text of <c>/metrics</c>.</param>
    public ServerHost(ServerContext context, ServerParts parts, Func<string> metricsText)
    {
        _context = context;
        _parts = parts;
        _logger = context.Loggers.CreateLogger("WireGuardian.Server");
        if (context.Configuration.Metrics is { } metrics)
            _endpoint = new MetricsEndpoint(metrics.Listen, metricsText, () => Problems, context.Loggers);
    }

    /// <summary>Where metrics are, once started; null where the configuration has none.</summary>
    public Uri? MetricsAddress => _endpoint?.Address;

    /// <summary>What keeps the server from being ready; empty when it is.</summary>
    public IReadOnlyList<string> Problems =>
    [
        .. _phase is { } phase ? [phase] : Array.Empty<string>(),
        .. _parts.Parts.Where(part => part.Problem is not null).Select(part => $"{part.Name}: {part.Problem}"),
        .. _parts.Listeners.Where(listener => listener.Problem is not null).Select(listener => $"listener {listener.Name}: {listener.Problem}"),
    ];

    /// <summary>Starts the metrics endpoint, the parts, records the start, and starts the listeners last: no client before everything behind it works.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_endpoint is not null)
        {
            await _endpoint.StartAsync(cancellationToken);
            _logger.MetricsStarted(_endpoint.Address?.ToString() ?? "");
        }
        foreach (var part in _parts.Parts)
        {
            await part.StartAsync(cancellationToken);
            _logger.PartStarted(part.Name);
        }
        await RecordAsync(AuditEvents.Start, _context.Policies.Current, ConfigurationDigest.Of(_context.Configuration), cancellationToken);
        _isStartRecorded = true;
        foreach (var listener in _parts.Listeners)
        {
            await listener.StartAsync(cancellationToken);
            _logger.ListenerStarted(listener.Name, listener.LocalEndPoint?.ToString() ?? "");
        }
        _phase = null;
    }

    /// <summary>
    /// Puts the policy and operators of <paramref name="next"/> in force, once the reload is on record. Returns why it did not, where it must not.
    /// </summary>
    /// <exception cref="AuditUnavailableException">The record could not be written; nothing changed.</exception>
    public async Task<IReadOnlyList<string>> ReloadAsync(WireGuardianConfiguration next, CancellationToken cancellationToken)
    {
        var refusals = ReloadRules.Refusals(_context.Configuration, next);
        if (refusals.Count > 0)
            return refusals;
        // On record before it is in force, under the version that it will have.
        var installed = next.Policy with { Version = _context.Policies.Current.Version + 1 };
        await RecordAsync(AuditEvents.Reload, installed, ConfigurationDigest.Of(next), cancellationToken);
        var policy = _context.Policies.Replace(next.Policy);
        foreach (var part in _parts.Parts)
            part.Apply(next);
        _logger.Reloaded(policy.Version);
        foreach (var key in ReloadRules.KeysThatNeedRestart(_context.Configuration, next))
            _logger.NeedsRestart(key);
        return [];
    }

    /// <summary>Drains the listeners, all at once, then stops the rest in the reverse order. What fails to stop is logged and does not keep the rest running.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _phase = "stopping";
        await Task.WhenAll(_parts.Listeners.Select(listener =>
            StopOneAsync(listener.Name, () => listener.DrainAsync(DrainTimeout(listener.Name), cancellationToken))));
        // Where the start is not on record, because it failed before, its end is nothing to record either.
        if (_isStartRecorded)
            await StopOneAsync("audit", () => RecordAsync(AuditEvents.Stop, _context.Policies.Current, "", cancellationToken));
        foreach (var part in _parts.Parts.Reverse())
            await StopOneAsync(part.Name, () => part.StopAsync(cancellationToken));
        if (_endpoint is not null)
            await StopOneAsync("metrics", () => _endpoint.StopAsync(cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var listener in _parts.Listeners)
            await listener.DisposeAsync();
        foreach (var part in _parts.Parts.Reverse())
            await part.DisposeAsync();
        if (_endpoint is not null)
            await _endpoint.DisposeAsync();
    }

    private TimeSpan DrainTimeout(string listener) =>
        _context.Configuration.Listeners.FirstOrDefault(options => options.Name == listener)?.Limits.DrainTimeout ?? _context.Configuration.Limits.DrainTimeout;

    private Task RecordAsync(string auditEvent, Policy policy, string digest, CancellationToken cancellationToken)
    {
        if (_parts.Audit is null)
            return Task.CompletedTask;
        var record = new AuditRecord
        {
            Time = _context.Time.GetUtcNow(),
            Event = auditEvent,
            Detail = $"wireguardian {ProductVersion.Text}",
            PolicyVersion = policy.VersionName,
            Digest = digest,
        };
        return _parts.Audit.AppendDurableAsync(record, cancellationToken).AsTask();
    }

    private async Task StopOneAsync(string name, Func<Task> stop)
    {
        try
        {
            await stop();
        }
        catch (Exception exception)
        {
            _logger.StopFailed(name, exception);
        }
    }
}
