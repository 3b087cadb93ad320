using System.Collections.Concurrent;
using WireGuardian.Core.Identity;
using WireGuardian.Core.Policies;

namespace WireGuardian.MySql.Catalog;

/// <summary>An immutable picture of one server, with a view for every set of rules that some principal is subject to.</summary>
internal sealed class MySqlSnapshot(
    CatalogPicture picture, IReadOnlyDictionary<(string Schema, string Table, string Column), MaskingRule> bindings, IReadOnlyList<MaskingRule> rules) : ICatalogSnapshot
{
    // Rules that are bound to no column mask nothing here, whoever is exempt from them.
    private readonly MaskingRule[] _rules = [.. rules.Where(bindings.Values.SelectMany(ColumnRules.Behind).ToHashSet<MaskingRule>(ReferenceEqualityComparer.Instance).Contains)];
    private readonly ConcurrentDictionary<string, ICatalogView> _byRules = new(StringComparer.Ordinal);

    public ICatalogView ViewFor(Principal principal)
    {
        // One character per rule: the key of the views that principals with the same exemptions share.
        var key = string.Create(_rules.Length, (Rules: _rules, Principal: principal), static (characters, state) =>
        {
            for (var index = 0; index < characters.Length; index++)
                characters[index] = state.Rules[index].Exempts(state.Principal) ? '-' : '+';
        });
        return _byRules.GetOrAdd(key, CreateView);
    }

    private ICatalogView CreateView(string key)
    {
        var effective = _rules.Where((_, index) => key[index] == '+').ToHashSet<MaskingRule>(ReferenceEqualityComparer.Instance);
        return new MySqlView(picture, bindings
            .Select(binding => (binding.Key, Rule: ColumnRules.Effective(binding.Value, effective.Contains)))
            .Where(binding => binding.Rule is not null)
            .ToDictionary(binding => binding.Key, binding => binding.Rule!));
    }
}
