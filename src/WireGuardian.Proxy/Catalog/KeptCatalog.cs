using WireGuardian.Core.Policies;

namespace WireGuardian.Proxy.Catalog;

/// <summary>
/// The newest picture of a catalog: loaded when asked for, and looked after in the background from then on. Knows whether what passed through the proxy can have
/// made it stale.
/// </summary>
public sealed class KeptCatalog<TSnapshot> : ICatalog<TSnapshot>, IAsyncDisposable
    where TSnapshot : class
{
    /// <summary>Between two looks passes this many times what the last one took, so that looking stays a small part of the server's time …</summary>
    private const int PauseByDuration = 50;

    /// <summary>… but no more than this many intervals.</summary>
    private const int LongestPause = 15;

    private readonly Func<IReadOnlyList<MaskingRule>, CancellationToken, Task<TSnapshot>> _read;
    private readonly KeptCatalogOptions _options;
    private readonly LoadQueue<TSnapshot> _loads;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ITimer _timer;

    private volatile Loaded? _loaded;
    private volatile string? _trouble;
    private int _changesInFlight;
    private long _changes;

    /// <param name="read">Reads a picture under these rules; throws nothing but <see cref="CatalogUnavailableException"/>. One call at a time.</param>
    /// <param name="options">How it is kept.</param>
    public KeptCatalog(Func<IReadOnlyList<MaskingRule>, CancellationToken, Task<TSnapshot>> read, KeptCatalogOptions options)
    {
        (_read, _options) = (read, options);
        Stopped = _stopping.Token;
        _loads = new LoadQueue<TSnapshot>(LoadAsync);
        _timer = options.Time.CreateTimer(static state => ((KeptCatalog<TSnapshot>)state!).Poll(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private sealed record Loaded(TSnapshot Snapshot, long Changes, IReadOnlyList<MaskingRule> Rules);

    /// <summary>Cancelled when the catalog is closed.</summary>
    public CancellationToken Stopped { get; }

    /// <inheritdoc/>
    public TSnapshot? Current => _loaded?.Snapshot;

    /// <inheritdoc/>
    public bool IsFresh =>
        _loaded is { } loaded && Volatile.Read(ref _changesInFlight) == 0 && Volatile.Read(ref _changes) == loaded.Changes
        && _trouble is null && ReferenceEquals(loaded.Rules, _options.Rules());

    /// <summary>Grows when a change begins and when one ends.</summary>
    public long ChangeCount => Volatile.Read(ref _changes);

    /// <inheritdoc/>
    public async ValueTask<TSnapshot> GetFreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _loads.Join().WaitAsync(_options.Timeout, _options.Time, cancellationToken);
        }
        catch (TimeoutException timeout)
        {
            throw new CatalogUnavailableException(_options.NoAnswer, timeout);
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

    /// <summary>Ends the background look, and the load that is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _timer.DisposeAsync();
        await ((Task)_loads.Join()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task<TSnapshot> LoadAsync()
    {
        // Counted before anything is read: a change that begins later makes the count differ.
        var changes = Volatile.Read(ref _changes);
        var rules = _options.Rules();
        var started = _options.Time.GetTimestamp();
        try
        {
            var snapshot = await _read(rules, Stopped);
            _loaded = new Loaded(snapshot, changes, rules);
            Tell(null);
            return snapshot;
        }
        catch (CatalogUnavailableException unavailable)
        {
            Tell(unavailable.Message);
            throw;
        }
        finally
        {
            Arm(_options.Time.GetElapsedTime(started));
        }
    }

    /// <summary>Looks for changes made around the proxy. A look that fails leaves the picture not fresh: then statements ask for themselves, and learn why.</summary>
    private void Poll() => Forget(_loads.Join());

    /// <summary>Whoever needs the result asks for it; a failure was told to the diagnostics.</summary>
    private static async void Forget(Task load) => await load.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private void Arm(TimeSpan took)
    {
        if (Stopped.IsCancellationRequested)
            return;
        var pause = took * PauseByDuration;
        var longest = _options.PollInterval * LongestPause;
        _timer.Change(pause < _options.PollInterval ? _options.PollInterval : pause < longest ? pause : longest, Timeout.InfiniteTimeSpan);
    }

    private void Tell(string? trouble)
    {
        if (trouble == _trouble)
            return;
        // That it no longer answers once it is closed is no news.
        if (!Stopped.IsCancellationRequested)
            _options.Diagnostics?.Invoke(trouble ?? $"the catalog of {_options.Name} answers again");
        _trouble = trouble;
    }
}
