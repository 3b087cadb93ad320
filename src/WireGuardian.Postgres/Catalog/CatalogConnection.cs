using Npgsql;
using WireGuardian.Proxy.Catalog;

namespace WireGuardian.Postgres.Catalog;

/// <summary>
/// One long-lived connection of the catalog login. It is opened when first asked for, and again after a failure; while the server keeps
/// refusing, callers get the last refusal for a growing while, so that a wrong password is not tried with every statement.
/// </summary>
internal sealed class CatalogConnection(NpgsqlDataSource source, string target, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>Nothing of the login's or the database's own settings may bend how names resolve, and nothing may wait for long.</summary>
    private const string Prepare =
        """
        select pg_catalog.set_config('search_path', 'pg_catalog', false),
               pg_catalog.set_config('default_transaction_read_only', 'on', false),
               pg_catalog.set_config('statement_timeout', '30s', false),
               pg_catalog.set_config('lock_timeout', '250ms', false),
               pg_catalog.set_config('idle_in_transaction_session_timeout', '60s', false),
               pg_catalog.set_config('standard_conforming_strings', 'on', false),
               pg_catalog.set_config('jit', 'off', false)
        """;

    private NpgsqlConnection? _connection;
    private CatalogUnavailableException? _refusal;
    private long _refusedAt;
    private TimeSpan _pause;

    /// <summary>
    /// Does <paramref name="work"/> on the connection. A connection that had been open before and turns out to be broken is replaced once.
    /// Throws <see cref="CatalogUnavailableException"/>, or what <paramref name="work"/> throws itself while the connection stays whole.
    /// </summary>
    public async Task<T> UseAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        var reused = _connection is not null;
        while (true)
        {
            var connection = _connection ?? await OpenAsync(cancellationToken);
            try
            {
                return await work(connection, cancellationToken);
            }
            catch (Exception exception) when (exception is NpgsqlException or IOException or InvalidOperationException or TimeoutException)
            {
                if (IsWhole(connection, exception))
                    throw;
                await CloseAsync();
                if (!reused)
                    throw Refuse(exception);
                reused = false;
            }
            catch
            {
                // Cancelled in the middle: what the server still sends is not worth waiting for.
                await CloseAsync();
                throw;
            }
        }
    }

    /// <summary>Closes the connection; the next use opens a new one.</summary>
    public async ValueTask CloseAsync()
    {
        if (_connection is not { } connection)
            return;
        _connection = null;
        await connection.DisposeAsync();
    }

    public ValueTask DisposeAsync() => CloseAsync();

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        if (_refusal is not null && time.GetElapsedTime(_refusedAt) < _pause)
            throw new CatalogUnavailableException(_refusal.Message, _refusal);

        NpgsqlConnection? connection = null;
        try
        {
            connection = await source.OpenConnectionAsync(cancellationToken);
            await using var command = new NpgsqlCommand(Prepare, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            if (connection is not null)
                await connection.DisposeAsync();
            throw Refuse(exception);
        }
        _refusal = null;
        _pause = TimeSpan.Zero;
        return _connection = connection;
    }

    private CatalogUnavailableException Refuse(Exception exception)
    {
        _pause = _pause == TimeSpan.Zero ? FirstPause : _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
        _refusedAt = time.GetTimestamp();
        return _refusal = new CatalogUnavailableException($"the catalog login cannot use {target}: {Reason(exception)}", exception);
    }

    /// <summary>A server's own words at login name logins and databases only; those of later failures may quote more, so the code has to do.</summary>
    private static string Reason(Exception exception) => exception switch
    {
        PostgresException { SqlState: ['2', '8', ..] or ['3', 'D', ..] or ['5', '3', ..] or ['5', '7', ..] } refusal =>
            $"{refusal.MessageText} (SQLSTATE {refusal.SqlState})",
        PostgresException refusal => $"SQLSTATE {refusal.SqlState}",
        _ => exception.GetBaseException().Message,
    };

    private static bool IsWhole(NpgsqlConnection connection, Exception exception) =>
        exception is PostgresException { InvariantSeverity: "ERROR" } && connection.FullState is System.Data.ConnectionState.Open;
}
