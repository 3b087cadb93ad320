using System.Collections.Concurrent;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;

namespace WireGuardian.MySql.Catalog;

/// <summary>
/// Which columns the rules in force have come to stand for. A rule names a column as it stood when the rule was loaded; MySQL gives columns no numbers, so a
/// rename is known by what vanished and what appeared between two pictures, and a swap by the tables' identities, or by the statement that may have swapped:
/// the rule goes to wherever the column can have gone.
/// </summary>
internal sealed class ColumnBindings
{
    private readonly Dictionary<(string Schema, string Table, string Column), MaskingRule> _rules = [];
    private IReadOnlyList<MaskingRule> _order = [];
    private readonly ConcurrentQueue<IReadOnlyCollection<Identifier>> _maybeSwapped = new();
    private CatalogPicture? _before;

    /// <summary>True when a statement may have swapped names since the last picture: it may look the same.</summary>
    public bool HasNews => !_maybeSwapped.IsEmpty;

    /// <summary>Relations of these names may have taken each other's.</summary>
    public void MayHaveSwapped(IReadOnlyCollection<Identifier> names) => _maybeSwapped.Enqueue(names);

    /// <summary>Brings the bindings to a new picture, under these rules, and gives them.</summary>
    public IReadOnlyDictionary<(string Schema, string Table, string Column), MaskingRule> Settle(CatalogPicture picture, IReadOnlyList<MaskingRule> rules)
    {
        _order = rules;
        KeepThoseInForce(rules);
        var masked = new MaskedColumns(rules);
        foreach (var relation in picture.Relations.Values)
        {
            foreach (var column in relation.Columns)
            {
                foreach (var part in masked.PartsOf(relation, column))
                    Bind((relation.Schema, relation.Name, column.Name), part);
            }
        }
        Mix(picture);
        // A column that a rule names is bound to that rule, whatever it was called before.
        if (_before is not null && !ReferenceEquals(_before, picture))
        {
            FollowIdentities(_before, picture);
            FollowSwappedColumns(_before, picture);
            FollowRenames(_before, picture);
        }
        foreach (var gone in _rules.Keys.Where(key => !Has(picture, key)).ToArray())
            _rules.Remove(gone);
        _before = picture;
        return new Dictionary<(string, string, string), MaskingRule>(_rules);
    }

    /// <summary>Binds a column to a rule, unless it is bound as a whole already; or a place in its documents.</summary>
    private void Bind((string Schema, string Table, string Column) key, RulePart part) =>
        _rules[key] = ColumnRules.With(_rules.GetValueOrDefault(key), part, _order);

    /// <summary>Binds what a column can have become to what stood for it, unless a rule names it as a whole.</summary>
    private void Move((string Schema, string Table, string Column) key, MaskingRule rule)
    {
        if (_rules.TryGetValue(key, out var known) && known.Parts is null)
            return;
        foreach (var part in rule.Parts ?? [new RulePart(rule, null)])
            Bind(key, part);
    }

    private void KeepThoseInForce(IReadOnlyList<MaskingRule> rules)
    {
        foreach (var (key, former) in _rules.ToArray())
        {
            // A rule whose mask or exemptions were edited is still the rule that its columns were bound to.
            if (ColumnRules.Renewed(former, one => rules.FirstOrDefault(rule => ReferenceEquals(rule, one) || (rule.Name == one.Name && rule.Columns.SequenceEqual(one.Columns))), rules) is { } present)
                _rules[key] = present;
            else
                _rules.Remove(key);
        }
    }

    /// <summary>A table that is the same under another name takes its rules along.</summary>
    private void FollowIdentities(CatalogPicture before, CatalogPicture after)
    {
        var identified = before.Relations.Values.Where(relation => relation.Identity is not null).ToLookup(relation => relation.Identity!, StringComparer.Ordinal);
        foreach (var relation in after.Relations.Values)
        {
            if (relation.Identity is null || identified[relation.Identity].FirstOrDefault() is not { } was || (was.Schema == relation.Schema && was.Name == relation.Name))
                continue;
            foreach (var column in relation.Columns)
            {
                if (_rules.TryGetValue((was.Schema, was.Name, column.Name), out var rule))
                    Move((relation.Schema, relation.Name, column.Name), rule);
            }
        }
    }

    /// <summary>The same columns in another order: they were moved, or they took each other's names. Then what stands in a masked column's place can be it.</summary>
    private void FollowSwappedColumns(CatalogPicture before, CatalogPicture after)
    {
        foreach (var ((schema, table, column), rule) in _rules.ToArray())
        {
            if (!before.Relations.TryGetValue((schema, table), out var was) || !after.Relations.TryGetValue((schema, table), out var relation)
                || was.Columns.Count != relation.Columns.Count || !was.Columns.Select(one => one.Name).ToHashSet(StringComparer.Ordinal).SetEquals(relation.Columns.Select(one => one.Name)))
            {
                continue;
            }
            var place = was.Columns.TakeWhile(one => one.Name != column).Count();
            if (place < was.Columns.Count && relation.Columns[place] is var there && there.Name != column && there.FullType == was.Columns[place].FullType)
                Move((schema, table, there.Name), rule);
        }
    }

    /// <summary>Where identities cannot be seen, every relation that a statement can have given the name of another has the rules of all of them.</summary>
    private void Mix(CatalogPicture picture)
    {
        var names = new HashSet<Identifier>();
        while (_maybeSwapped.TryDequeue(out var some))
            names.UnionWith(some);
        var named = picture.Relations.Values
            .Where(one => one.Identity is null && one.View is null && (names.Contains(new(null, one.Name)) || names.Contains(new(one.Schema, one.Name)))).ToArray();
        foreach (var column in named.SelectMany(one => one.Columns.Select(column => (one.Schema, one.Name, Column: column.Name))).ToArray())
        {
            if (!_rules.TryGetValue((column.Schema, column.Name, column.Column), out var rule))
                continue;
            foreach (var other in named.Where(one => one.Columns.Any(same => same.Name == column.Column)))
                Move((other.Schema, other.Name, column.Column), rule);
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
                    Move((schema, table, added.Name), rule);
                continue;
            }
            // The relation has another name now: any new one that has such a column can be it.
            foreach (var renamed in newRelations.Where(one => one.Columns.Any(other => other.Name == column)))
                Move((renamed.Schema, renamed.Name, column), rule);
        }
    }

    private static bool Has(CatalogPicture picture, (string Schema, string Table, string Column) key) =>
        picture.Relations.TryGetValue((key.Schema, key.Table), out var relation) && relation.Columns.Any(column => column.Name == key.Column);
}
