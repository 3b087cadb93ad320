using Npgsql;
using WireGuardian.Core.Policies;
using WireGuardian.Proxy.Catalog;
using WireGuardian.Proxy.Listening;

namespace WireGuardian.Postgres.Catalog;

/// <summary>The catalog of one database of a listener, read over the listener's catalog login.</summary>
public sealed class PostgresCatalog : IDatabaseCatalog, IAsyncDisposable
{
    /// <summary>Between two looks passes this many times what the last one took, so that looking stays a small part of the server's time …</summary>
    private const int PauseByDuration = 50;

    /// <summary>… but no more than this many intervals.</summary>
    private const int LongestPause = 15;

    private readonly string _target;
    private readonly Func<IReadOnlyList<MaskingRule>> _rules;
    private readonly TimeSpan _timeout;
    private readonly TimeSpan _pollInterval;
    private readonly TimeProvider _time;
    private readonly Action<string>? _diagnostics;
    private readonly NpgsqlDataSource _source;
    private readonly CatalogConnection _connection;
    private readonly CatalogConnection _syntaxConnection;
    private readonly NpgsqlDataSource _lineageSource;
    private readonly CatalogConnection _lineageConnection;
    private readonly StatementLineages _lineages;
    private readonly CatalogLoader _loader;
    private readonly SyntaxOracle _syntax;
    private readonly LoadQueue<PostgresSnapshot> _loads;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stopped;
    private readonly ITimer _timer;

    private volatile Loaded? _loaded;
    private volatile string? _trouble;
    private int _changesInFlight;
    private long _changes;

    /// <param name="listener">Where the server is and how to log in; it has a catalog login.</param>
    /// <param name="database">The database's name.</param>
    /// <param name="rules">The masking rules in force, of all listeners; a new list when the configuration was reloaded.</param>
    /// <param name="time">For pauses and the background look.</param>
    /// <param name="options">How often to look; null for the defaults.</param>
    /// <param name="diagnostics">Told, in a sentence without values, when the catalog stops and starts to answer; may be null.</param>
    public PostgresCatalog(
        ListenerOptions listener,
        string database,
        Func<IReadOnlyList<MaskingRule>> rules,
        TimeProvider time,
        PostgresCatalogOptions? options = null,
        Action<string>? diagnostics = null)
        : this(listener, database, rules, time, options ?? new PostgresCatalogOptions(), diagnostics, new ColumnBindings())
    {
    }

    internal PostgresCatalog(
        ListenerOptions listener,
        string database,
        Func<IReadOnlyList<MaskingRule>> rules,
        TimeProvider time,
        PostgresCatalogOptions options,
        Action<string>? diagnostics,
        ColumnBindings bindings)
    {
        var login = listener.Catalog ?? throw new ArgumentException($"listener {listener.Name} has no catalog login", nameof(listener));
        _stopped = _stopping.Token;
        _target = $"database \"{database}\" on {listener.Upstream.Host}:{listener.Upstream.Port} as \"{login.Username}\"";
        _rules = rules;
        _timeout = listener.Limits.CatalogTimeout;
        _pollInterval = options.PollInterval;
        _time = time;
        _diagnostics = diagnostics;
        _source = CatalogSource.Create(listener, login, database);
        _connection = new CatalogConnection(_source, _target, time);
        _syntaxConnection = new CatalogConnection(_source, _target, time);
        _lineageSource = CatalogSource.Create(listener, login, database, readsDetails: true);
        _lineageConnection = new CatalogConnection(_lineageSource, _target, time);
        _lineages = new StatementLineages(_lineageConnection, _timeout, time);
        _loader = new CatalogLoader(listener.Name, bindings);
        _syntax = new SyntaxOracle(_syntaxConnection);
        _loads = new LoadQueue<PostgresSnapshot>(LoadAsync);
        _timer = time.CreateTimer(static state => ((PostgresCatalog)state!).Poll(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private sealed record Loaded(PostgresSnapshot Snapshot, long Changes, IReadOnlyList<MaskingRule> Rules);

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
            return await _loads.Join().WaitAsync(_timeout, _time, cancellationToken);
        }
        catch (TimeoutException timeout)
        {
            throw new CatalogUnavailableException($"the catalog login got no answer from {_target} within {_timeout.TotalSeconds} s", timeout);
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
    public async ValueTask<bool> IsSyntaxErrorAsync(string statement, bool standardConformingStrings, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token, _stopped);
        try
        {
            return await _syntax.RefusesAsync(statement, standardConformingStrings, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public LineageAnswer? FindLineage(in LineageQuestion question, ICatalogSnapshot snapshot) => _lineages.Find(question, snapshot);

    /// <inheritdoc/>
    public async ValueTask<LineageAnswer> AskLineageAsync(LineageQuestion question, ICatalogSnapshot snapshot, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopped);
        return await _lineages.AskAsync(question, (PostgresSnapshot)snapshot, IsStillAsync, either.Token);

        // DDL that is under way may have been committed by now: then only a look tells.
        async ValueTask<bool> IsStillAsync(CancellationToken cancel) =>
            (IsFresh && ReferenceEquals(Current, snapshot)) || ReferenceEquals(await GetFreshAsync(cancel), snapshot);
    }

    /// <summary>Ends the background look and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _timer.DisposeAsync();
        await ((Task)_loads.Join()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _connection.DisposeAsync();
        await _syntaxConnection.DisposeAsync();
        await _lineageConnection.DisposeAsync();
        await _source.DisposeAsync();
        await _lineageSource.DisposeAsync();
        _lineages.Dispose();
        _syntax.Dispose();
        _stopping.Dispose();
    }

    private async Task<PostgresSnapshot> LoadAsync()
    {
        // Counted before the transaction begins: a change that begins later makes the count differ.
        var changes = Volatile.Read(ref _changes);
        var rules = _rules();
        var started = _time.GetTimestamp();
        try
        {
            _stopped.ThrowIfCancellationRequested();
            var snapshot = await _connection.UseAsync((open, cancel) => _loader.LoadAsync(open, rules, cancel), _stopped);
            _loaded = new Loaded(snapshot, changes, rules);
            Tell(null);
            return snapshot;
        }
        catch (PostgresException refusal)
        {
            // The transaction is broken; a new connection is simpler than mending it.
            await _connection.CloseAsync();
            throw Unavailable($"the catalog login cannot read {_target}: SQLSTATE {refusal.SqlState}", refusal);
        }
        catch (CatalogUnavailableException unavailable)
        {
            Tell(unavailable.Message);
            throw;
        }
        catch (Exception exception)
        {
            await _connection.CloseAsync();
            throw Unavailable(
                _stopped.IsCancellationRequested ? $"the catalog of {_target} is closed" : $"the catalog login cannot read {_target}: {exception.GetType().Name}", exception);
        }
        finally
        {
            Arm(_time.GetElapsedTime(started));
        }
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
        var longest = _pollInterval * LongestPause;
        _timer.Change(pause < _pollInterval ? _pollInterval : pause < longest ? pause : longest, Timeout.InfiniteTimeSpan);
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
        _diagnostics?.Invoke(trouble ?? $"the catalog of {_target} answers again");
        _trouble = trouble;
    }
}
