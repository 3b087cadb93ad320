using WireGuardian.Core.Policies;

namespace WireGuardian.Postgres.Catalog;

/// <summary>A version of a routine: pg_proc's oid and xmin, and what people call it.</summary>
internal readonly record struct RoutineVersion(uint Oid, uint Version, string Schema, string Name);

/// <summary>A label and the columns that it names, by number; null where one of its patterns names none.</summary>
internal sealed record BoundLabel(FunctionLabel Label, IReadOnlyList<ColumnKey>? Columns);

/// <summary>
/// Which functions the labels in force have come to stand for. A label vouches for a function as it stood when the configuration was loaded: one that was replaced or made since has
/// none until the configuration is loaded again.
/// </summary>
internal sealed class FunctionBindings
{
    private readonly Lock _lock = new();
    private readonly Dictionary<uint, (uint Version, BoundLabel Label)> _bound = [];
    private IReadOnlyList<FunctionLabel>? _labels;

    /// <summary>True when there is nothing to be remembered.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_lock)
                return _labels is null or { Count: 0 };
        }
    }

    /// <summary>The label of each function that has one, by OID.</summary>
    /// <param name="labels">The labels in force for the listener; another list when the configuration was loaded again.</param>
    /// <param name="routines">All routines of the database.</param>
    /// <param name="columns">By label, the columns that its patterns name now; null where one names none.</param>
    public IReadOnlyDictionary<uint, BoundLabel> Bind(
        IReadOnlyList<FunctionLabel> labels, IEnumerable<RoutineVersion> routines, IReadOnlyDictionary<FunctionLabel, IReadOnlyList<ColumnKey>?> columns)
    {
        lock (_lock)
        {
            var present = routines.ToDictionary(routine => routine.Oid);
            if (!ReferenceEquals(labels, _labels))
            {
                _bound.Clear();
                foreach (var routine in present.Values)
                {
                    if (labels.FirstOrDefault(label => label.Schema == routine.Schema && label.Name == routine.Name) is { } label)
                        _bound[routine.Oid] = (routine.Version, new(label, columns.GetValueOrDefault(label)));
                }
                _labels = labels;
            }
            foreach (var (oid, bound) in _bound.ToArray())
            {
                if (!present.TryGetValue(oid, out var routine) || routine.Version != bound.Version)
                    _bound.Remove(oid);
            }
            return _bound.ToDictionary(one => one.Key, one => one.Value.Label);
        }
    }
}
