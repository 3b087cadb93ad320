using System.Collections.Concurrent;

namespace WireGuardian.Core.Labels;

/// <summary>
/// The bindings of all databases. What changes is in force at once, for as long as the process lives; <see cref="Save"/> makes it durable. Safe for several threads.
/// </summary>
/// <param name="store">Where they are kept beyond the process; null for nowhere, which nobody is told of.</param>
public sealed class BindingBook(ILabelStore? store)
{
    /// <summary>Bindings at once. Those beyond it are in force and not kept.</summary>
    public const int MostBindings = 200_000;

    private readonly Lock _lock = new();
    private readonly Lock _saving = new();
    private readonly ConcurrentDictionary<string, ColumnBinding> _all = new((store?.Bindings() ?? []).Select(binding => KeyValuePair.Create(binding.Id, binding)), StringComparer.Ordinal);

    /// <summary>Ids of what the store does not have as it is, or still has.</summary>
    private HashSet<string> _unsaved = new(StringComparer.Ordinal);
    private int _retries;
    private volatile string? _problem;

    /// <summary>Why the store does not have all of it; null where it has.</summary>
    public string? Problem => _problem;

    /// <summary>All bindings, in no order.</summary>
    public IEnumerable<ColumnBinding> All => _all.Values;

    /// <summary>The bindings that may concern a database as a listener shows it: all of the same server, and those of databases of that name which it has shown elsewhere.</summary>
    public IReadOnlyList<ColumnBinding> Of(string listener, string upstream, string database) =>
        [.. _all.Values.Where(binding => binding.Upstream == upstream || (binding.Database == database && binding.Listener == listener))];

    /// <summary>Removes bindings and adds others, to what there is of the same column already. In force on return.</summary>
    public void Change(IEnumerable<string> removed, IEnumerable<ColumnBinding> added)
    {
        lock (_lock)
        {
            foreach (var id in removed)
            {
                if (_all.TryRemove(id, out _))
                    _unsaved.Add(id);
            }
            foreach (var binding in added)
            {
                var former = _all.GetValueOrDefault(binding.Id);
                if (former?.Covers(binding) == true)
                    continue;
                _all[binding.Id] = former?.With(binding) ?? binding;
                _unsaved.Add(binding.Id);
            }
        }
    }

    /// <summary>
    /// Makes durable what is not yet, and waits for the disk; but where that was not possible the last time, it is tried again meanwhile. False while the store does not have all of it.
    /// </summary>
    public bool Save()
    {
        if (_problem is null)
            return TrySave();
        if (Interlocked.Exchange(ref _retries, 1) == 0)
        {
            _ = Task.Run(() =>
            {
                TrySave();
                Volatile.Write(ref _retries, 0);
            });
        }
        return false;
    }

    private bool TrySave()
    {
        lock (_saving)
        {
            HashSet<string> ids;
            lock (_lock)
            {
                if (_unsaved.Count == 0 && _problem is null)
                    return true;
                (ids, _unsaved) = (_unsaved, new(StringComparer.Ordinal));
            }
            try
            {
                if (_all.Count > MostBindings)
                    throw new LabelStoreException($"there are more than {MostBindings} masked columns");
                var saved = ids.Select(id => _all.GetValueOrDefault(id)).OfType<ColumnBinding>().ToArray();
                store?.ChangeBindings([.. ids.Except(saved.Select(binding => binding.Id), StringComparer.Ordinal)], saved);
                _problem = null;
                return true;
            }
            catch (LabelStoreException broken)
            {
                lock (_lock)
                    _unsaved.UnionWith(ids);
                _problem = broken.Message;
                return false;
            }
        }
    }
}
