using WireGuardian.Core.Labels;
using WireGuardian.Core.Policies;
using WireGuardian.Proxy.Catalog;
using WireGuardian.Proxy.Listening;

namespace WireGuardian.Postgres.Catalog;

/// <summary>The catalogs in use, one per listener and database, shared by the sessions there.</summary>
public sealed class PostgresCatalogs : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Listener, string Database), Entry> _entries = [];
    private readonly Dictionary<(string Listener, string Database), FunctionBindings> _functionBindings = [];
    private readonly BindingBook _bindings;
    private readonly Func<IReadOnlyList<MaskingRule>> _rules;
    private readonly Func<IReadOnlyList<FunctionLabel>>? _functions;
    private readonly TimeProvider _time;
    private readonly PostgresCatalogOptions _options;
    private readonly Action<string>? _diagnostics;
    private readonly CatalogLabels? _labels;
    private readonly Func<IReadOnlyList<DetectionRule>>? _detection;
    private readonly ITimer _sweep;

    /// <param name="rules">The masking rules in force, of all listeners; a new list when the configuration was reloaded.</param>
    /// <param name="time">For pauses, the background look and closing what is not used.</param>
    /// <param name="options">Intervals and bounds; null for the defaults.</param>
    /// <param name="diagnostics">Told, in a sentence without values, when a catalog stops and starts to answer; may be null.</param>
    /// <param name="functions">The labels of functions in force, of all listeners; a new list when the configuration was reloaded. Null: there are none.</param>
    /// <param name="labels">Where labels of columns are kept; null for none.</param>
    /// <param name="detection">The detection rules in force, of all listeners, which are loaded together with the others; null: there are none.</param>
    public PostgresCatalogs(
        Func<IReadOnlyList<MaskingRule>> rules, TimeProvider time, PostgresCatalogOptions? options = null, Action<string>? diagnostics = null,
        Func<IReadOnlyList<FunctionLabel>>? functions = null, CatalogLabels? labels = null, Func<IReadOnlyList<DetectionRule>>? detection = null)
    {
        _detection = detection;
        _functions = functions;
        _labels = labels;
        _bindings = labels?.Book.Bindings ?? new BindingBook(null);
        _rules = rules;
        _time = time;
        _options = options ?? new PostgresCatalogOptions();
        _diagnostics = diagnostics;
        _sweep = time.CreateTimer(static state => ((PostgresCatalogs)state!).Sweep(), this, _options.IdleAfter, _options.IdleAfter);
    }

    private sealed class Entry(ListenerOptions listener, PostgresCatalog catalog)
    {
        public ListenerOptions Listener => listener;

        public PostgresCatalog Catalog => catalog;

        public int Leases { get; set; }

        public long UnusedSince { get; set; }
    }

    /// <summary>Databases that have a catalog now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _entries.Count;
        }
    }

    /// <summary>
    /// The catalog of a database, for as long as the lease is not disposed; null where the listener has no catalog login. Asks nothing of the server yet.
    /// Throws <see cref="CatalogUnavailableException"/> when there are too many.
    /// </summary>
    public CatalogLease? Acquire(ListenerOptions listener, string database)
    {
        if (listener.Catalog is null)
            return null;
        var key = (listener.Name, database);
        lock (_lock)
        {
            if (_entries.TryGetValue(key, out var entry) && !IsSameServer(entry.Listener, listener))
            {
                // Sessions of before the reload keep what they hold; it is closed with the last of them.
                _entries.Remove(key);
                if (!Equals(entry.Listener.Upstream, listener.Upstream))
                    _functionBindings.Remove(key);
                if (entry.Leases == 0)
                    _ = entry.Catalog.DisposeAsync().AsTask();
                entry = null;
            }
            entry ??= Create(key, listener);
            entry.Leases++;
            return new CatalogLease(entry.Catalog, () => Release(key, entry));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _sweep.DisposeAsync();
        Entry[] entries;
        lock (_lock)
        {
            entries = [.. _entries.Values];
            _entries.Clear();
        }
        foreach (var entry in entries)
            await entry.Catalog.DisposeAsync();
    }

    private Entry Create((string Listener, string Database) key, ListenerOptions listener)
    {
        if (_entries.Count >= _options.MaxCatalogs)
        {
            var unused = _entries.Where(entry => entry.Value.Leases == 0).OrderBy(entry => entry.Value.UnusedSince).Take(1).ToArray();
            if (unused.Length == 0)
                throw new CatalogUnavailableException($"the catalogs of {_options.MaxCatalogs} databases are in use, no more are read");
            Remove(unused[0].Key, unused[0].Value);
        }
        if (!_functionBindings.TryGetValue(key, out var bindings))
            _functionBindings[key] = bindings = new FunctionBindings();
        return _entries[key] = new Entry(
            listener, new PostgresCatalog(listener, key.Database, _rules, _time, _options, _diagnostics, _bindings, bindings, _functions, _labels, _detection));
    }

    private void Release((string Listener, string Database) key, Entry entry)
    {
        lock (_lock)
        {
            entry.UnusedSince = _time.GetTimestamp();
            if (--entry.Leases == 0 && !(_entries.TryGetValue(key, out var present) && ReferenceEquals(present, entry)))
                _ = entry.Catalog.DisposeAsync().AsTask();
        }
    }

    private void Sweep()
    {
        lock (_lock)
        {
            foreach (var (key, entry) in _entries.ToArray())
            {
                if (entry.Leases == 0 && _time.GetElapsedTime(entry.UnusedSince) >= _options.IdleAfter)
                    Remove(key, entry);
            }
        }
    }

    /// <summary>What labels vouch for there stays: a function that is replaced while nobody is connected has none. Names of databases that bind nothing do not pile up.</summary>
    private void Remove((string Listener, string Database) key, Entry entry)
    {
        _entries.Remove(key);
        if (_functionBindings.TryGetValue(key, out var bindings) && bindings.IsEmpty)
            _functionBindings.Remove(key);
        _ = entry.Catalog.DisposeAsync().AsTask();
    }

    private static bool IsSameServer(ListenerOptions one, ListenerOptions other) =>
        Equals(one.Upstream, other.Upstream) && one.UpstreamTls == other.UpstreamTls && one.Catalog == other.Catalog;
}
