using System.Collections.Concurrent;

namespace WireGuardian.Core.Labels;

/// <summary>
/// The labels of all databases, as they are in the store. What is recorded is durable first and in force then; a database's version grows with every change
/// of its labels. Safe for several threads; a change waits for the disk.
/// </summary>
public sealed class LabelBook
{
    /// <summary>Labels at once. Beyond it nothing is labelled, so what needs a label is refused.</summary>
    public const int MostLabels = 100_000;

    /// <summary>So long a label waits for a relation of which nobody can say whether its transaction was committed: its session ended in the midst of it.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromHours(24);

    private readonly Lock _lock = new();
    private readonly ILabelStore _store;
    private readonly ConcurrentDictionary<string, LabelVersion> _versions = new(StringComparer.Ordinal);
    private volatile IReadOnlyList<ColumnLabel> _all;

    /// <summary>Reads the store. Throws <see cref="LabelStoreException"/> when it cannot be read.</summary>
    public LabelBook(ILabelStore store)
    {
        _store = store;
        _all = store.All();
        Bindings = new BindingBook(store);
    }

    /// <summary>What the rules of the configuration are bound to, in the same store.</summary>
    public BindingBook Bindings { get; }

    /// <summary>All labels, oldest first.</summary>
    public IReadOnlyList<ColumnLabel> All => _all;

    /// <summary>The labels that concern a database as a listener shows it: those made through it, and those made on the same server.</summary>
    public IReadOnlyList<ColumnLabel> Of(string listener, string upstream, string database) =>
        [.. _all.Where(label => label.Database == database && (label.Upstream == upstream || label.Listener == listener))];

    /// <summary>Grows when a label of a database of that name comes or goes.</summary>
    public LabelVersion VersionOf(string database) => _versions.GetOrAdd(database, static _ => new LabelVersion());

    /// <summary>Keeps labels. Throws <see cref="LabelStoreException"/> when that is not possible: then none of them is in force.</summary>
    public void Record(IReadOnlyList<ColumnLabel> labels) => Change([], labels);

    /// <summary>The transactions in which these labels' relations were made are over. Where that cannot be kept, they go on waiting.</summary>
    public void Settle(IReadOnlyList<string> ids)
    {
        lock (_lock)
            Change([], [.. _all.Where(label => ids.Contains(label.Id)).Select(label => label with { IsSettled = true })]);
    }

    /// <summary>
    /// Tells the columns of labels what they are called now, which is for people to read, and for databases that number columns anew. Not in force where it cannot be kept; throws
    /// <see cref="LabelStoreException"/> then.
    /// </summary>
    public void Rename(IReadOnlyDictionary<string, ColumnName> names)
    {
        lock (_lock)
        {
            ColumnLabel[] renamed =
            [
                .. _all.Where(label => names.ContainsKey(label.Id)).Select(label => label with
                {
                    Column = label.Column with { Schema = names[label.Id].Schema, Table = names[label.Id].Table, Column = names[label.Id].Column },
                }),
            ];
            if (renamed.Length == 0)
                return;
            _store.Change([], renamed);
            var byId = renamed.ToDictionary(label => label.Id, StringComparer.Ordinal);
            _all = [.. _all.Select(label => byId.GetValueOrDefault(label.Id, label))];
        }
    }

    /// <summary>Takes a label away. Null when there is none of that id. Throws <see cref="LabelStoreException"/>.</summary>
    public ColumnLabel? Remove(string id)
    {
        if (_all.FirstOrDefault(label => label.Id == id) is not { } label)
            return null;
        Change([id], []);
        return label;
    }

    /// <summary>Removes labels and keeps others, as one change. Throws <see cref="LabelStoreException"/>: then nothing has changed.</summary>
    public void Change(IReadOnlyList<string> removed, IReadOnlyList<ColumnLabel> saved)
    {
        if (removed.Count + saved.Count == 0)
            return;
        lock (_lock)
        {
            var gone = removed.Concat(saved.Select(label => label.Id)).ToHashSet(StringComparer.Ordinal);
            ColumnLabel[] next = [.. _all.Where(label => !gone.Contains(label.Id)), .. saved];
            if (next.Length > MostLabels && saved.Count > 0)
                throw new LabelStoreException($"there are {MostLabels} labels already; wgctl labels remove takes away what is not needed");
            _store.Change(removed, saved);
            var changed = new List<LabelVersion>();
            foreach (var database in _all.Where(label => gone.Contains(label.Id)).Concat(saved).Select(label => label.Database).Distinct().ToArray())
                changed.Add(VersionOf(database));
            // Whoever sees the new version sees the new labels.
            _all = next;
            changed.ForEach(version => version.Grow());
        }
    }
}
