using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Identity;
using WireGuardian.MySql.Authentication;
using WireGuardian.MySql.Catalog;
using WireGuardian.MySql.Startup;
using WireGuardian.Proxy.Limits;
using WireGuardian.Proxy.Listening;
using WireGuardian.Proxy.Session;

namespace WireGuardian.MySql.Session;

/// <summary>The MySQL side of a listener: logs clients in, keeps their sessions, takes KILLs to where they belong.</summary>
public sealed class MySqlSessions : ISessionHandler
{
    private readonly SessionServices _services;
    private readonly MySqlCatalog? _catalog;
    private readonly LoginPhase _logins;
    private readonly ConnectionCounts _counts = new();
    private readonly ConcurrentDictionary<ulong, MySqlSession> _byConnection = new();
    private readonly LiveSessions _sessions;

    /// <param name="services">What the sessions share.</param>
    /// <param name="catalog">The server's catalog, owned from here on; null where the listener has no catalog login.</param>
    public MySqlSessions(SessionServices services, MySqlCatalog? catalog)
    {
        (_services, _catalog) = (services, catalog);
        _logins = new(services.Options, new UpstreamConnector(services.Options, services.Time), services.Time, services.Canaries);
        _sessions = new(services);
    }

    /// <inheritdoc/>
    public async Task RunAsync(Socket socket, CancellationToken stopping)
    {
        var address = (socket.RemoteEndPoint as IPEndPoint)?.Address.ToString() ?? "";
        using var admission = new ConnectionAdmission(_counts, _services.Options.Limits);
        try
        {
            switch (await _logins.RunAsync(socket, admission, stopping))
            {
                case LoginOutcome.LoggedIn login:
                    // Also where the session does not come about, because its login cannot be recorded.
                    await using (login.Client)
                    await using (login.Server)
                        await ServeAsync(login, address);
                    break;
                case LoginOutcome.Closed closed when admission.Identity is { } identity:
                    _services.Audit.Append(_services.Record(AuditEvents.LoginFailed, identity.User, address, "") with { Detail = closed.Reason });
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
    }

    /// <inheritdoc/>
    public Task DrainAsync() => _sessions.DrainAsync();

    /// <inheritdoc/>
    public void Abort() => _sessions.Abort();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _sessions.DisposeAsync();
        _logins.Dispose();
        if (_catalog is not null)
            await _catalog.DisposeAsync();
    }

    private async Task ServeAsync(LoginOutcome.LoggedIn login, string address)
    {
        var identity = login.Identity;
        var principal = new Principal(identity.User, _services.Policies.Current.GroupsOf(identity.User), address, identity.Application);
        _services.Audit.Append(_services.Record(AuditEvents.Login, identity.User, address, identity.Database));
        using var session = new MySqlSession(_services, login, principal, _catalog, _logins.Key, Kill);
        _byConnection[login.ConnectionId] = session;
        try
        {
            await _sessions.RunAsync(session.Session, identity.Database, login.ClientLeftover, login.ServerLeftover);
        }
        finally
        {
            _byConnection.TryRemove(new(login.ConnectionId, session));
        }
    }

    private void Kill(ulong connectionId)
    {
        if (_byConnection.TryGetValue(connectionId, out var session))
            session.WithdrawHeld();
    }
}
