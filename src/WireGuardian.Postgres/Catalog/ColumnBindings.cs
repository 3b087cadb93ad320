using WireGuardian.Core.Policies;

namespace WireGuardian.Postgres.Catalog;

/// <summary>
/// Which columns the rules in force have come to stand for. A rule names a column as it stood when the rule was loaded: once bound, a column
/// stays bound through renames, moves and swaps of names, until it is dropped or the rule itself leaves the configuration.
/// Outlives the catalogs that use it, so that a pause between two connections does not take a mask off.
/// </summary>
internal sealed class ColumnBindings
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ColumnKey, MaskingRule> _rules = [];
    private IReadOnlyList<MaskingRule> _order = [];

    /// <summary>The same of functions and their labels.</summary>
    public FunctionBindings Functions { get; } = new();

    public IReadOnlyList<ColumnKey> Keys
    {
        get
        {
            lock (_lock)
                return _rules.Keys.ToArray();
        }
    }

    /// <summary>Carries over what is bound to rules that are still in force, and forgets the rest.</summary>
    public void Keep(IReadOnlyList<MaskingRule> rules)
    {
        lock (_lock)
        {
            _order = rules;
            foreach (var (key, former) in _rules.ToArray())
            {
                if (ColumnRules.Renewed(former, one => rules.FirstOrDefault(rule => IsSame(rule, one)), rules) is { } present)
                    _rules[key] = present;
                else
                    _rules.Remove(key);
            }
        }
    }

    /// <summary>Binds a column to a rule, unless it is bound as a whole already; or a place in its documents.</summary>
    public void Bind(ColumnKey key, RulePart part)
    {
        lock (_lock)
            _rules[key] = ColumnRules.With(_rules.GetValueOrDefault(key), part, _order);
    }

    /// <summary>Forgets the columns that no longer exist, and gives the others with their present names.</summary>
    public IReadOnlyList<BoundColumn> Settle(IReadOnlyDictionary<ColumnKey, string> names)
    {
        lock (_lock)
        {
            foreach (var gone in _rules.Keys.Where(key => !names.ContainsKey(key)).ToArray())
                _rules.Remove(gone);
            return _rules.Select(binding => new BoundColumn(binding.Key, names[binding.Key], binding.Value)).OrderBy(column => column.Key.Relation).ToArray();
        }
    }

    /// <summary>A rule whose mask or exemptions were edited is still the rule that its columns were bound to.</summary>
    private static bool IsSame(MaskingRule one, MaskingRule other) =>
        ReferenceEquals(one, other) || (one.Name == other.Name && one.Columns.SequenceEqual(other.Columns));
}
