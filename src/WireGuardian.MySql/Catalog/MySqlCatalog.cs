using System.Net.Sockets;
using WireGuardian.Core.Policies;
using WireGuardian.MySql.Client;
using WireGuardian.MySql.Startup;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Catalog;
using WireGuardian.Proxy.Listening;
using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Catalog;

/// <summary>The catalog of a listener's server, read over the listener's catalog login. Nothing is asked before the first session needs it.</summary>
public sealed class MySqlCatalog : IServerCatalog, IAsyncDisposable
{
    /// <summary>Between two looks passes this many times what the last one took, so that looking stays a small part of the server's time …</summary>
    private const int PauseByDuration = 50;

    /// <summary>… but no more than this many intervals.</summary>
    private const int LongestPause = 15;

    private readonly ListenerOptions _listener;
    private readonly Func<IReadOnlyList<MaskingRule>> _rules;
    private readonly TimeProvider _time;
    private readonly MySqlCatalogOptions _options;
    private readonly Action<string>? _diagnostics;
    private readonly MySqlConnections _connections;
    private readonly LoadQueue<MySqlSnapshot> _loads;
    private readonly ColumnBindings _bindings = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stopped;
    private readonly ITimer _timer;

    private volatile Loaded? _loaded;
    private volatile string? _trouble;
    private int _changesInFlight;
    private long _changes;

    /// <param name="listener">Where the server is and how to log in; it has a catalog login.</param>
    /// <param name="rules">The masking rules in force, of all listeners; a new list when the configuration was reloaded.</param>
    /// <param name="time">For pauses and the background look.</param>
    /// <param name="options">How often to look; null for the defaults.</param>
    /// <param name="diagnostics">Told, in a sentence without values, when the catalog stops and starts to answer; may be null.</param>
    public MySqlCatalog(
        ListenerOptions listener, Func<IReadOnlyList<MaskingRule>> rules, TimeProvider time, MySqlCatalogOptions? options = null, Action<string>? diagnostics = null)
    {
        var login = listener.Catalog ?? throw new ArgumentException($"listener {listener.Name} has no catalog login", nameof(listener));
        (_listener, _rules, _time, _options, _diagnostics) = (listener, rules, time, options ?? new(), diagnostics);
        _stopped = _stopping.Token;
        _connections = new(listener, login, new() { CommandTimeout = listener.Limits.CatalogTimeout }, _options.MaxConnections, time);
        _loads = new LoadQueue<MySqlSnapshot>(LoadAsync);
        _timer = time.CreateTimer(static state => ((MySqlCatalog)state!).Poll(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private sealed record Loaded(MySqlSnapshot Snapshot, CatalogPicture Picture, string Fingerprint, long Changes, IReadOnlyList<MaskingRule> Rules);

    /// <inheritdoc/>
    public ICatalogSnapshot? Current => _loaded?.Snapshot;

    /// <inheritdoc/>
    public bool IsFresh =>
        _loaded is { } loaded && Volatile.Read(ref _changesInFlight) == 0 && Volatile.Read(ref _changes) == loaded.Changes
        && _trouble is null && ReferenceEquals(loaded.Rules, _rules());

    /// <inheritdoc/>
    public async ValueTask<ICatalogSnapshot> GetFreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _loads.Join().WaitAsync(_listener.Limits.CatalogTimeout, _time, cancellationToken);
        }
        catch (TimeoutException timeout)
        {
            throw new CatalogUnavailableException("the catalog login got no answer in time (limits.catalogTimeout)", timeout);
        }
    }

    /// <inheritdoc/>
    public void BeginChange()
    {
        Interlocked.Increment(ref _changesInFlight);
        Interlocked.Increment(ref _changes);
    }

    /// <inheritdoc/>
    public void EndChange()
    {
        Interlocked.Increment(ref _changes);
        Interlocked.Decrement(ref _changesInFlight);
        Forget(_loads.Join());
    }

    /// <inheritdoc/>
    public async ValueTask<bool> IsSyntaxErrorAsync(ReadOnlyMemory<byte> sql, MySqlSqlSettings settings, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopped);
        try
        {
            await using var lease = await _connections.RentAsync(either.Token);
            return await SyntaxOracle.RefusesAsync(lease.Connection, sql, settings, either.Token);
        }
        catch (Exception exception) when (exception is CatalogLoginException or ServerErrorException or ProtocolException or IOException or SocketException or TimeoutException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <summary>Ends the background look and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _timer.DisposeAsync();
        await ((Task)_loads.Join()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _connections.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task<MySqlSnapshot> LoadAsync()
    {
        // Counted before anything is read: a change that begins later makes the count differ.
        var changes = Volatile.Read(ref _changes);
        var rules = _rules();
        var started = _time.GetTimestamp();
        try
        {
            _stopped.ThrowIfCancellationRequested();
            await using var lease = await _connections.RentAsync(_stopped);
            var rows = await CatalogLoader.LoadAsync(lease.Connection, _stopped);
            var loaded = Conclude(rows, lease.Connection.Version, rules, changes);
            _loaded = loaded;
            Tell(null);
            return loaded.Snapshot;
        }
        catch (Exception exception) when (exception is CatalogLoginException or ServerErrorException)
        {
            throw Unavailable(exception.Message, exception);
        }
        catch (Exception exception) when (exception is ProtocolException or IOException or SocketException or TimeoutException or OperationCanceledException)
        {
            throw Unavailable(
                _stopped.IsCancellationRequested ? "the catalog is closed" : $"the catalog login cannot read the catalog: {exception.GetType().Name}", exception);
        }
        finally
        {
            Arm(_time.GetElapsedTime(started));
        }
    }

    /// <summary>A picture that shows nothing new is the one before: what was concluded from that stays.</summary>
    private Loaded Conclude(CatalogRows rows, ServerVersion version, IReadOnlyList<MaskingRule> rules, long changes)
    {
        var fingerprint = rows.Fingerprint();
        var before = _loaded;
        if (before is not null && before.Fingerprint == fingerprint && ReferenceEquals(before.Rules, rules))
            return before with { Changes = changes };
        var server = new MySqlServerVersion(version.Flavour == ServerFlavour.MariaDb ? MySqlFlavour.MariaDb : MySqlFlavour.MySql, version.CommentVersion);
        var picture = before is not null && before.Fingerprint == fingerprint ? before.Picture : CatalogPicture.Create(rows, server);
        var own = rules.Where(rule => rule.AppliesTo(_listener.Name)).ToArray();
        return new(new MySqlSnapshot(picture, _bindings.Settle(picture, own), own), picture, fingerprint, changes, rules);
    }

    /// <summary>Looks for changes made around the proxy. A look that fails leaves the picture not fresh: then statements ask for themselves, and learn why.</summary>
    private void Poll() => Forget(_loads.Join());

    /// <summary>Whoever needs the result asks for it; a failure was told to the diagnostics.</summary>
    private static async void Forget(Task load) => await load.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private void Arm(TimeSpan took)
    {
        if (_stopped.IsCancellationRequested)
            return;
        var pause = took * PauseByDuration;
        var longest = _options.PollInterval * LongestPause;
        _timer.Change(pause < _options.PollInterval ? _options.PollInterval : pause < longest ? pause : longest, Timeout.InfiniteTimeSpan);
    }

    private CatalogUnavailableException Unavailable(string message, Exception inner)
    {
        Tell(message);
        return new CatalogUnavailableException(message, inner);
    }

    private void Tell(string? trouble)
    {
        if (trouble == _trouble)
            return;
        _diagnostics?.Invoke(trouble ?? $"the catalog of listener {_listener.Name} answers again");
        _trouble = trouble;
    }
}
