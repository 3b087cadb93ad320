using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Identity;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Authentication;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Postgres.Startup;
using WireGuardian.Proxy.Listening;

namespace WireGuardian.Postgres.Session;

/// <summary>The PostgreSQL side of a listener: logs clients in, keeps their sessions, takes cancel requests to where they belong.</summary>
public sealed class PostgresSessions : ISessionHandler
{
    private const string TooManyConnections = "53300";
    private static readonly TimeSpan TickPeriod = TimeSpan.FromSeconds(1);

    private readonly SessionServices _services;
    private readonly PostgresCatalogs _catalogs;
    private readonly IScramVerifierSource _verifiers;
    private readonly LoginPhase _logins;
    private readonly CancelForwarder _cancels;
    private readonly CancelKeys _keys = new();
    private readonly ConcurrentDictionary<PostgresSession, byte> _sessions = new();
    private readonly ConcurrentDictionary<string, int> _perUser = new(StringComparer.Ordinal);
    private readonly ITimer _ticks;
    private int _admitted;

    public PostgresSessions(SessionServices services, PostgresCatalogs catalogs)
    {
        (_services, _catalogs) = (services, catalogs);
        var connector = new UpstreamConnector(services.Options, services.Time);
        _verifiers = services.Options.Catalog is null ? new NoVerifierSource() : new CatalogVerifierSource(services.Options, services.Time);
        _logins = new(services.Options, connector, _verifiers, services.Time, services.Canaries);
        _cancels = new(connector, services.Options.Limits, services.Time);
        _ticks = services.Time.CreateTimer(_ => Tick(), null, TickPeriod, TickPeriod);
    }

    /// <inheritdoc/>
    public async Task RunAsync(Socket socket, CancellationToken stopping)
    {
        var address = (socket.RemoteEndPoint as IPEndPoint)?.Address.ToString() ?? "";
        string? admitted = null;
        FatalError? AdmitAndNote(StartupMessage startup) => Admit(startup, address, ref admitted);
        try
        {
            var outcome = await _logins.RunAsync(socket, AdmitAndNote, stopping);
            switch (outcome)
            {
                case LoginOutcome.Cancel cancel:
                    await using (cancel.Client)
                        await CancelAsync(cancel.Request, stopping);
                    break;
                case LoginOutcome.LoggedIn login:
                    // Also where the session does not come about, because its login cannot be recorded.
                    await using (login.Client)
                    await using (login.Server)
                        await ServeAsync(login, address);
                    break;
                case LoginOutcome.Closed closed when admitted is not null:
                    Record(AuditEvents.LoginFailed, admitted, address, "", closed.Reason);
                    break;
                case LoginOutcome.Closed { Fault: { } fault }:
                    _services.Metrics.ProtocolError(fault.ToString().ToLowerInvariant());
                    break;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException or AuditUnavailableException)
        {
            // Stopping, or the connection broke, or nothing can be recorded: it is closed.
        }
        finally
        {
            if (admitted is not null)
                Leave(admitted);
        }
    }

    /// <inheritdoc/>
    public Task DrainAsync() => Task.WhenAll(_sessions.Keys.Select(session => session.DrainAsync()));

    /// <inheritdoc/>
    public void Abort()
    {
        foreach (var session in _sessions.Keys)
            session.Abort();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ticks.DisposeAsync();
        _cancels.Dispose();
        if (_verifiers is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
        await _catalogs.DisposeAsync();
    }

    private async Task ServeAsync(LoginOutcome.LoggedIn login, string address)
    {
        var startup = login.Startup;
        var groups = _services.Policies.Current.GroupsOf(startup.User);
        var principal = new Principal(startup.User, groups, address, startup.ApplicationName ?? "");
        Record(AuditEvents.Login, startup.User, address, startup.Database, "");
        using var lease = _catalogs.Acquire(_services.Options, startup.Database);
        using var session = new PostgresSession(_services, login, principal, lease?.Catalog, _keys);
        _sessions[session] = 0;
        try
        {
            await session.RunAsync();
        }
        finally
        {
            _sessions.TryRemove(session, out _);
            Record(AuditEvents.Logout, startup.User, address, startup.Database, "");
        }
    }

    private FatalError? Admit(StartupMessage startup, string address, ref string? admitted)
    {
        var limits = _services.Options.Limits;
        if (Interlocked.Increment(ref _admitted) > limits.MaxConnections)
        {
            Interlocked.Decrement(ref _admitted);
            return new(TooManyConnections, "sorry, too many clients already", $"The listener takes {limits.MaxConnections} connections (limits.maxConnections).");
        }
        if (_perUser.AddOrUpdate(startup.User, 1, static (_, count) => count + 1) > limits.MaxConnectionsPerUser)
        {
            Leave(startup.User);
            return new(TooManyConnections, "too many connections for this user",
                $"The listener takes {limits.MaxConnectionsPerUser} connections of one user (limits.maxConnectionsPerUser).");
        }
        admitted = startup.User;
        return startup.IsReplication ? RefuseReplication(startup, address) : null;
    }

    /// <summary>A replication connection streams the write-ahead log, in which nothing can be masked or told apart: it takes an explicit rule.</summary>
    private FatalError? RefuseReplication(StartupMessage startup, string address)
    {
        var policy = _services.Policies.Current;
        var listener = _services.Options.Name;
        var verdict = ApprovalDecider.Decide(policy, listener, StatementKinds.Export);
        var masks = policy.MaskingFor(listener).Count > 0;
        if (verdict is { Action: RuleAction.Allow } && (verdict.Rule is not null || !masks))
            return null;
        Record(AuditEvents.LoginFailed, startup.User, address, startup.Database, "replication is refused");
        return new("42501", "replication is refused", "The write-ahead log cannot be masked.",
            "A rule with kinds: [export] and action: allow would let it through.");
    }

    private void Leave(string user)
    {
        Interlocked.Decrement(ref _admitted);
        // A name that nobody uses any more is forgotten, or a flood of made-up names would fill the table.
        if (_perUser.AddOrUpdate(user, 0, static (_, count) => count - 1) <= 0)
            _perUser.TryRemove(new(user, 0));
    }

    private async Task CancelAsync(CancelRequest request, CancellationToken stopping)
    {
        if (_keys.Find(request.ProcessId, request.SecretKey) is { } session && session.CancelHeld())
            return;
        await _cancels.ForwardAsync(request, stopping);
    }

    private void Tick()
    {
        foreach (var session in _sessions.Keys)
            session.Tick();
    }

    private void Record(string auditEvent, string user, string address, string database, string detail) => _services.Audit.Append(new()
    {
        Time = _services.Time.GetUtcNow(),
        Event = auditEvent,
        Principal = user,
        Client = address,
        Listener = _services.Options.Name,
        Database = database,
        Detail = detail,
    });
}
