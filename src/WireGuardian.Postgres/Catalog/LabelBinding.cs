using System.Collections.Frozen;
using WireGuardian.Core.Labels;
using WireGuardian.Core.Policies;

namespace WireGuardian.Postgres.Catalog;

/// <summary>Puts the labels into a picture: each is bound to its column by number, one for a relation that was not there yet by the relation's name.</summary>
/// <param name="labels">The labels.</param>
/// <param name="settled">Ids of those whose columns were there, or would never come, before the picture's transaction began.</param>
/// <param name="relations">All relations.</param>
/// <param name="databaseNumber">pg_database's oid.</param>
internal sealed class LabelBinding(DatabaseLabels labels, IReadOnlySet<string> settled, IReadOnlyList<Relation> relations, uint databaseNumber)
{
    private readonly long _version = labels.Version;
    private readonly IReadOnlyList<ColumnLabel> _all = labels.All;
    private readonly List<(ColumnLabel Label, ColumnKey Key)> _placed = [];
    private readonly List<ColumnLabel> _elsewhere = [];

    /// <summary>Ids of labels whose column is no more, or never came.</summary>
    public List<string> Gone { get; } = [];

    /// <summary>Labels that have found their column.</summary>
    public List<ColumnLabel> Found { get; } = [];

    /// <summary>The bound columns, those with labels among them.</summary>
    public async Task<(IReadOnlyList<BoundColumn> Bound, IReadOnlyList<MaskingRule> Rules, PictureLabels Labels)> BindAsync(
        CatalogReader reader, IReadOnlyList<BoundColumn> bound, IReadOnlyList<MaskingRule> all, IReadOnlyList<MaskingRule> here, CancellationToken cancellationToken)
    {
        Place();
        var names = await NamesAsync(reader, cancellationToken);
        PlaceByName(names);
        Settle(names);
        var made = new LabelRules(all, here);
        var own = bound.ToDictionary(column => column.Key);
        var labelled = new HashSet<ColumnKey>();
        foreach (var column in _placed.Where(one => names.ContainsKey(one.Key)).GroupBy(one => one.Key, one => one.Label.Column))
        {
            if (made.Of(column.SelectMany(label => label.Rules), column.Any(label => label.IsDerived)) is not { } rule)
                continue;
            labelled.Add(column.Key);
            own[column.Key] = new BoundColumn(column.Key, names[column.Key], own.TryGetValue(column.Key, out var former) ? made.Both(former.Rule, rule) : rule);
        }
        return ([.. own.Values.OrderBy(column => column.Key.Relation)], [.. here, .. made.Made.Keys],
            new PictureLabels(_version, databaseNumber, labelled.ToFrozenSet(), made.Made));
    }

    private void Place()
    {
        var byName = relations.Where(CanHoldData).ToLookup(relation => relation.Name, StringComparer.Ordinal);
        foreach (var label in _all)
        {
            if (label.Column.IsPending)
                _placed.AddRange(byName[label.Column.Table].Where(relation => !label.Column.Namesakes.Contains(relation.Oid)).Select(relation => (label, KeyIn(relation, label))));
            else if (IsHere(label))
                _placed.Add((label, new ColumnKey(label.Column.Relation, label.Column.Attribute)));
            else
                _elsewhere.Add(label);
        }
    }

    private static bool CanHoldData(Relation relation) => relation.Kind is 'r' or 'p' or 'm' or 'f';

    private static ColumnKey KeyIn(Relation relation, ColumnLabel label) => new(relation.Oid, label.Column.Attribute);

    private bool IsHere(ColumnLabel label) => label.Upstream == labels.Upstream && label.DatabaseNumber == databaseNumber;

    /// <summary>The present names of the columns that labels are placed on, or may be by their names.</summary>
    private async Task<Dictionary<ColumnKey, string>> NamesAsync(CatalogReader reader, CancellationToken cancellationToken)
    {
        if (_all.Count == 0)
            return [];
        var found = relations.Where(relation => _elsewhere.Exists(label => IsNamed(relation, label)));
        return (await reader.ReadAsync(
            CatalogQueries.Columns,
            row => KeyValuePair.Create(new ColumnKey(row.GetFieldValue<uint>(0), row.GetInt16(1)), row.GetString(2)),
            cancellationToken,
            CatalogReader.Oids(_placed.Select(one => one.Key.Relation).Concat(found.Select(relation => relation.Oid)).Distinct()))).ToDictionary();
    }

    private static bool IsNamed(Relation relation, ColumnLabel label) => relation.Name == label.Column.Table && relation.Schema == label.Column.Schema;

    /// <summary>A database that was restored, or moved to another server, numbers its columns anew.</summary>
    private void PlaceByName(Dictionary<ColumnKey, string> names)
    {
        foreach (var label in _elsewhere)
        {
            if (relations.FirstOrDefault(relation => IsNamed(relation, label)) is not { } relation)
                continue;
            foreach (var (key, _) in names.Where(name => name.Key.Relation == relation.Oid && name.Value == label.Column.Column).Take(1).ToArray())
            {
                _placed.Add((label, key));
                Found.Add(label with
                {
                    Upstream = labels.Upstream,
                    DatabaseNumber = databaseNumber,
                    Column = label.Column with { Relation = key.Relation, Attribute = key.Attribute },
                });
            }
        }
    }

    private void Settle(Dictionary<ColumnKey, string> names)
    {
        var byNumber = relations.ToDictionary(relation => relation.Oid);
        foreach (var label in _all.Where(IsOver))
        {
            Gone.Add(label.Id);
            foreach (var (_, key) in _placed.Where(one => ReferenceEquals(one.Label, label) && names.ContainsKey(one.Key)))
            {
                var relation = byNumber[key.Relation];
                Found.Add(label with
                {
                    Id = ColumnLabel.NewId(),
                    DatabaseNumber = databaseNumber,
                    Column = label.Column with { Relation = key.Relation, Schema = relation.Schema, Table = relation.Name, Column = names[key], Namesakes = [] },
                });
            }
        }

        bool IsOver(ColumnLabel label) => settled.Contains(label.Id)
            && (label.Column.IsPending || (IsHere(label) && !names.ContainsKey(new ColumnKey(label.Column.Relation, label.Column.Attribute))));
    }
}
