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
