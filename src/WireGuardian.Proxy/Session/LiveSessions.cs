using System.Collections.Concurrent;
using WireGuardian.Core.Audit;
using WireGuardian.Proxy.Listening;

namespace WireGuardian.Proxy.Session;

/// <summary>The sessions of one listener while they live: on record from login to logout, ticking, and there to be drained or ended.</summary>
public sealed class LiveSessions : IAsyncDisposable
{
    private static readonly TimeSpan TickPeriod = TimeSpan.FromSeconds(1);

    private readonly SessionServices _services;
    private readonly ConcurrentDictionary<RelaySession, byte> _sessions = new();
    private readonly ITimer _ticks;

    public LiveSessions(SessionServices services)
    {
        _services = services;
        _ticks = services.Time.CreateTimer(_ => Tick(), null, TickPeriod, TickPeriod);
    }

    /// <summary>Runs a session to its end, and records that.</summary>
    /// <param name="session">The session.</param>
    /// <param name="database">The database of its login.</param>
    /// <param name="clientBytes">Already read of the client after its login.</param>
    /// <param name="serverBytes">The same of the server.</param>
    public async Task RunAsync(RelaySession session, string database, ReadOnlyMemory<byte> clientBytes, ReadOnlyMemory<byte> serverBytes)
    {
        _sessions[session] = 0;
        try
        {
            await session.RunAsync(clientBytes, serverBytes);
        }
        finally
        {
            _sessions.TryRemove(session, out _);
            _services.Audit.Append(_services.Record(AuditEvents.Logout, session.Principal.Login, session.Principal.ClientAddress, database));
        }
    }

    /// <summary>Asks every session to end as soon as nothing is under way in it.</summary>
    public Task DrainAsync() => Task.WhenAll(_sessions.Keys.Select(session => session.DrainAsync()));

    /// <summary>Ends every session at once.</summary>
    public void Abort()
    {
        foreach (var session in _sessions.Keys)
            session.Abort();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _ticks.DisposeAsync();

    private void Tick()
    {
        foreach (var session in _sessions.Keys)
            session.Tick();
    }
}
