using System.Collections.Concurrent;
using System.Net.Sockets;
using WireGuardian.MySql.Startup;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Listening;

namespace WireGuardian.MySql.Client;

/// <summary>
/// The connections of one listener's catalog login: so many at once, opened when asked for, kept while they are whole. While the server keeps refusing,
/// callers get the last refusal for a growing while, so that a wrong password is not tried with every statement.
/// </summary>
public sealed class MySqlConnections(ListenerOptions listener, CatalogLogin login, MySqlClientOptions options, int most, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>After so long without use the server may have closed it, or somebody on the way.</summary>
    private static readonly TimeSpan TrustedFor = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim _free = new(most);
    private readonly ConcurrentStack<(MySqlConnection Connection, long Since)> _idle = new();
    private readonly Lock _refusing = new();
    private CatalogLoginException? _refusal;
    private long _refusedAt;
    private TimeSpan _pause;
    private volatile bool _disposed;

    /// <summary>
    /// A connection for one use; waits where all are in use. The default database is none, or whatever the last user chose. Throws
    /// <see cref="CatalogLoginException"/>.
    /// </summary>
    public async Task<MySqlConnectionLease> RentAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        await _free.WaitAsync(cancellationToken);
        try
        {
            while (_idle.TryPop(out var idle))
            {
                if (await IsAliveAsync(idle.Connection, idle.Since, cancellationToken))
                    return new MySqlConnectionLease(this, idle.Connection);
                await idle.Connection.DisposeAsync();
            }
            return new MySqlConnectionLease(this, await OpenAsync(cancellationToken));
        }
        catch
        {
            _free.Release();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        while (_idle.TryPop(out var idle))
            await idle.Connection.DisposeAsync();
    }

    internal async ValueTask ReturnAsync(MySqlConnection connection)
    {
        if (connection.IsBroken || _disposed)
            await connection.DisposeAsync();
        else
            _idle.Push((connection, time.GetTimestamp()));
        _free.Release();
    }

    private async Task<bool> IsAliveAsync(MySqlConnection connection, long since, CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(since) < TrustedFor)
            return true;
        try
        {
            await connection.PingAsync(cancellationToken);
            return true;
        }
        catch (Exception exception) when (IsFailure(exception))
        {
            return false;
        }
    }

    private async Task<MySqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        lock (_refusing)
        {
            if (_refusal is not null && time.GetElapsedTime(_refusedAt) < _pause)
                throw new CatalogLoginException(_refusal.Message, _refusal);
        }
        try
        {
            var connection = await MySqlConnection.ConnectAsync(listener, login, database: "", options, time, cancellationToken);
            lock (_refusing)
                (_refusal, _pause) = (null, TimeSpan.Zero);
            return connection;
        }
        catch (Exception exception) when (IsFailure(exception))
        {
            throw Refuse(exception);
        }
    }

    private CatalogLoginException Refuse(Exception exception)
    {
        // What the server says at login names logins, hosts and databases only.
        var reason = exception is ServerErrorException refused ? $"{refused.ServerMessage} (error {refused.Code})" : exception.Message;
        lock (_refusing)
        {
            _pause = _pause == TimeSpan.Zero ? FirstPause : _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
            _refusedAt = time.GetTimestamp();
            return _refusal = new CatalogLoginException($"the catalog login cannot use {listener.Upstream.Host}:{listener.Upstream.Port}: {reason}", exception);
        }
    }

    private static bool IsFailure(Exception exception) =>
        exception is ServerErrorException or LoginRefusedException or ProtocolException or IOException or SocketException or TimeoutException;
}
