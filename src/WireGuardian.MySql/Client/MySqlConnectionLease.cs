namespace WireGuardian.MySql.Client;

/// <summary>The use of a connection; disposing gives it back, or away where it is broken. Disposing twice does no harm.</summary>
public sealed class MySqlConnectionLease : IAsyncDisposable
{
    private MySqlConnections? _owner;

    internal MySqlConnectionLease(MySqlConnections owner, MySqlConnection connection)
    {
        (_owner, Connection) = (owner, connection);
    }

    public MySqlConnection Connection { get; }

    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _owner, null)?.ReturnAsync(Connection) ?? default;
}
