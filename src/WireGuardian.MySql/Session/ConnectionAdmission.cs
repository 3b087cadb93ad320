using System.Collections.Concurrent;
using WireGuardian.MySql.Authentication;
using WireGuardian.MySql.Startup;
using WireGuardian.Proxy.Limits;

namespace WireGuardian.MySql.Session;

/// <summary>How many connections a listener and each of its logins have. Disposing gives the connection's place back.</summary>
internal sealed class ConnectionAdmission(ConnectionCounts counts, LimitOptions limits) : ILoginAdmission, IDisposable
{
    private const ushort TooManyConnections = 1040;
    private const ushort TooManyOfUser = 1203;

    private bool _admitted;

    /// <summary>The login that was let on; null before.</summary>
    public ClientIdentity? Identity { get; private set; }

    public FatalError? AdmitConnection()
    {
        _admitted = counts.TryEnter(limits.MaxConnections);
        return _admitted
            ? null
            : new(TooManyConnections, "08004", $"Too many connections: the listener takes {limits.MaxConnections} (limits.maxConnections)");
    }

    public FatalError? AdmitUser(ClientIdentity identity)
    {
        if (!counts.TryEnter(identity.User, limits.MaxConnectionsPerUser))
        {
            return new(TooManyOfUser, "42000",
                $"User has already more than {limits.MaxConnectionsPerUser} active connections (limits.maxConnectionsPerUser)");
        }
        Identity = identity;
        return null;
    }

    public void Dispose()
    {
        if (Identity is not null)
            counts.Leave(Identity.User);
        if (_admitted)
            counts.Leave();
        (Identity, _admitted) = (null, false);
    }
}

/// <summary>Connections of one listener.</summary>
internal sealed class ConnectionCounts
{
    private readonly ConcurrentDictionary<string, int> _perUser = new(StringComparer.Ordinal);
    private int _all;

    public bool TryEnter(int limit)
    {
        if (Interlocked.Increment(ref _all) <= limit)
            return true;
        Interlocked.Decrement(ref _all);
        return false;
    }

    public bool TryEnter(string user, int limit)
    {
        if (_perUser.AddOrUpdate(user, 1, static (_, count) => count + 1) <= limit)
            return true;
        Leave(user);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _all);

    public void Leave(string user)
    {
        // A name that nobody uses any more is forgotten, or a flood of made-up names would fill the table.
        if (_perUser.AddOrUpdate(user, 0, static (_, count) => count - 1) <= 0)
            _perUser.TryRemove(new(user, 0));
    }
}
