using System.Net;
using System.Net.Sockets;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Identity;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Authentication;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Postgres.Startup;
using WireGuardian.Proxy.Catalog;
using WireGuardian.Proxy.Limits;
using WireGuardian.Proxy.Listening;
using WireGuardian.Proxy.Session;

namespace WireGuardian.Postgres.Session;

/// <summary>The PostgreSQL side of a listener: logs clients in, keeps their sessions, takes cancel requests to where they belong.</summary>
public sealed class PostgresSessions : ISessionHandler
{
    private const string TooManyConnections = "53300";
    private const string ConfigurationLimitExceeded = "53400";

    private readonly SessionServices _services;
    private readonly PostgresCatalogs _catalogs;
    private readonly IScramVerifierSource _verifiers;
    private readonly LoginPhase _logins;
    private readonly CancelForwarder _cancels;
    private readonly CancelKeys _keys = new();
    private readonly ConnectionCounts _counts = new();
    private readonly LiveSessions _sessions;

    public PostgresSessions(SessionServices services, PostgresCatalogs catalogs)
    {
        (_services, _catalogs) = (services, catalogs);
        var connector = new UpstreamConnector(services.Options, services.Time);
        _verifiers = services.Options.Catalog is null ? new NoVerifierSource() : new CatalogVerifierSource(services.Options, services.Time);
        _logins = new(services.Options, connector, _verifiers, services.Time, services.Canaries);
        _cancels = new(connector, services.Options.Limits, services.Time);
        _sessions = new(services);
    }

    /// <inheritdoc/>
    public async Task RunAsync(Socket socket, CancellationToken stopping)
    {
        var address = (socket.RemoteEndPoint as IPEndPoint)?.Address.ToString() ?? "";
        StartupMessage? admitted = null;
        FatalError? AdmitAndNote(StartupMessage startup) => Admit(startup, ref admitted);
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
                    _services.Audit.Append(_services.Record(AuditEvents.LoginFailed, admitted.User, address, admitted.Database) with { Detail = closed.Reason });
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
            {
                _counts.Leave();
                _counts.Leave(admitted.User);
            }
        }
    }

    /// <inheritdoc/>
    public Task DrainAsync() => _sessions.DrainAsync();

    /// <inheritdoc/>
    public void Abort() => _sessions.Abort();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _sessions.DisposeAsync();
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
        _services.Audit.Append(_services.Record(AuditEvents.Login, startup.User, address, startup.Database));
        CatalogLease? lease;
        try
        {
            lease = _catalogs.Acquire(_services.Options, startup.Database);
        }
        catch (CatalogUnavailableException problem)
        {
            _services.Audit.Append(_services.Record(AuditEvents.Logout, startup.User, address, startup.Database) with { Detail = problem.Message });
            await new FatalError(ConfigurationLimitExceeded, problem.Message).TrySendAsync(login.Client, _services.Time);
            return;
        }
        using (lease)
        {
            using var session = new PostgresSession(_services, login, principal, lease?.Catalog, _keys, _cancels);
            await _sessions.RunAsync(session.Session, startup.Database, login.ClientLeftover, login.ServerLeftover);
        }
    }

    private FatalError? Admit(StartupMessage startup, ref StartupMessage? admitted)
    {
        var limits = _services.Options.Limits;
        if (!_counts.TryEnter(limits.MaxConnections))
            return new(TooManyConnections, "sorry, too many clients already", $"The listener takes {limits.MaxConnections} connections (limits.maxConnections).");
        if (!_counts.TryEnter(startup.User, limits.MaxConnectionsPerUser))
        {
            _counts.Leave();
            return new(TooManyConnections, "too many connections for this user",
                $"The listener takes {limits.MaxConnectionsPerUser} connections of one user (limits.maxConnectionsPerUser).");
        }
        admitted = startup;
        return startup.IsReplication ? RefuseReplication() : null;
    }

    /// <summary>A replication connection streams the write-ahead log, in which nothing can be masked or told apart: it takes an explicit rule.</summary>
    private FatalError? RefuseReplication()
    {
        var policy = _services.Policies.Current;
        var listener = _services.Options.Name;
        var verdict = ApprovalDecider.Decide(policy, listener, StatementKinds.Export);
        var masks = policy.MaskingFor(listener).Count > 0;
        if (verdict is { Action: RuleAction.Allow, LimitedBy: null } && (verdict.Rule is not null || !masks))
            return null;
        return new("42501", "replication is refused", "The write-ahead log cannot be masked.",
            "A rule with kinds: [export] and action: allow, without maxRows and maxBytes, would let it through.");
    }

    private async Task CancelAsync(CancelRequest request, CancellationToken stopping)
    {
        if (_keys.Find(request.ProcessId, request.SecretKey) is { } session && session.CancelHeld())
            return;
        await _cancels.ForwardAsync(request, stopping);
    }
}
