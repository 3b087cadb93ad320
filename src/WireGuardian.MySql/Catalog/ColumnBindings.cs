using WireGuardian.Core.Policies;

namespace WireGuardian.MySql.Catalog;

/// <summary>
/// Which columns the rules in force have come to stand for. A rule names a column as it stood when the rule was loaded; MySQL gives columns no numbers, so a
/// rename is known by what vanished and what appeared between two pictures: the rule goes to where the column can have gone.
/// </summary>
internal sealed class ColumnBindings
{
    private readonly Dictionary<(string Schema, string Table, string Column), MaskingRule> _rules = [];
    private CatalogPicture? _before;

    /// <summary>Brings the bindings to a new picture, under these rules, and gives them.</summary>
    public IReadOnlyDictionary<(string Schema, string Table, string Column), MaskingRule> Settle(CatalogPicture picture, IReadOnlyList<MaskingRule> rules)
    {
        KeepThoseInForce(rules);
        var masked = new MaskedColumns(rules);
        foreach (var relation in picture.Relations.Values)
        {
            foreach (var column in relation.Columns)
            {
                if (masked.RuleOf(relation, column) is { } rule)
                    _rules.TryAdd((relation.Schema, relation.Name, column.Name), rule);
            }
        }
        // A column that a rule names is bound to that rule, whatever it was called before.
        if (_before is not null && !ReferenceEquals(_before, picture))
            FollowRenames(_before, picture);
        foreach (var gone in _rules.Keys.Where(key => !Has(picture, key)).ToArray())
            _rules.Remove(gone);
        _before = picture;
        return new Dictionary<(string, string, string), MaskingRule>(_rules);
    }

    private void KeepThoseInForce(IReadOnlyList<MaskingRule> rules)
    {
        foreach (var (key, former) in _rules.ToArray())
        {
            // A rule whose mask or exemptions were edited is still the rule that its columns were bound to.
            if (rules.FirstOrDefault(rule => ReferenceEquals(rule, former) || (rule.Name == former.Name && rule.Columns.SequenceEqual(former.Columns))) is { } present)
                _rules[key] = present;
            else
                _rules.Remove(key);
        }
    }

    private void FollowRenames(CatalogPicture before, CatalogPicture after)
    {
        var newRelations = after.Relations.Values.Where(relation => !before.Relations.ContainsKey((relation.Schema, relation.Name))).ToArray();
        foreach (var ((schema, table, column), rule) in _rules.ToArray())
        {
            if (Has(after, (schema, table, column)) || !before.Relations.TryGetValue((schema, table), out var was))
                continue;
            if (after.Relations.TryGetValue((schema, table), out var relation))
            {
                // The column has another name now: any that is new can be it, or, where all are new, the one in its place.
                var known = was.Columns.Select(one => one.Name).ToHashSet(StringComparer.Ordinal);
                var place = was.Columns.TakeWhile(one => one.Name != column).Count();
                var isAltered = relation.Columns.Any(one => known.Contains(one.Name));
                foreach (var added in relation.Columns.Where((one, index) => !known.Contains(one.Name) && (isAltered || index == place)))
                    _rules.TryAdd((schema, table, added.Name), rule);
                continue;
            }
            // The relation has another name now: any new one that has such a column can be it.
            foreach (var renamed in newRelations.Where(one => one.Columns.Any(other => other.Name == column)))
                _rules.TryAdd((renamed.Schema, renamed.Name, column), rule);
        }
    }

    private static bool Has(CatalogPicture picture, (string Schema, string Table, string Column) key) =>
        picture.Relations.TryGetValue((key.Schema, key.Table), out var relation) && relation.Columns.Any(column => column.Name == key.Column);
}
