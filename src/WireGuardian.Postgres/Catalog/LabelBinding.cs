using WireGuardian.Core.Labels;

namespace WireGuardian.Postgres.Catalog;

/// <summary>Puts the labels into a picture: each is bound to its column by number, one for a relation that was not there yet by the relation's name.</summary>
/// <param name="labels">The labels.</param>
/// <param name="settled">Ids of those whose columns were there, or would never come, before the picture's transaction began.</param>
/// <param name="relations">All relations.</param>
/// <param name="databaseNumber">pg_database's oid.</param>
/// <param name="made">Makes rules for what several of them mask, or mask as a whole.</param>
internal sealed class LabelBinding(DatabaseLabels labels, IReadOnlySet<string> settled, IReadOnlyList<Relation> relations, uint databaseNumber, LabelRules made)
{
    private readonly long _version = labels.Version;
    private readonly IReadOnlyList<ColumnLabel> _all = labels.All;
    private readonly List<(ColumnLabel Label, ColumnKey Key)> _placed = [];
    private readonly List<ColumnLabel> _elsewhere = [];

    /// <summary>Ids of labels whose column is no more, or never came.</summary>
    public List<string> Gone { get; } = [];

    /// <summary>Labels that have found their column.</summary>
    public List<ColumnLabel> Found { get; } = [];

    /// <summary>What the columns of labels are called, by the ids of labels that have it otherwise.</summary>
    public Dictionary<string, ColumnName> Renamed { get; } = new(StringComparer.Ordinal);

    /// <summary>The labels as the picture was made with them.</summary>
    public IReadOnlyList<ColumnLabel> All => _all;

    /// <summary>The bound columns, those with labels among them.</summary>
    public async Task<(IReadOnlyList<BoundColumn> Bound, PictureLabels Labels)> BindAsync(CatalogReader reader, IReadOnlyList<BoundColumn> bound, CancellationToken cancellationToken)
    {
        Place();
        var names = await NamesAsync(reader, cancellationToken);
        PlaceByName(names);
        Settle(names);
        var own = bound.ToDictionary(column => column.Key);
        var labelled = new Dictionary<ColumnKey, IReadOnlyList<string>>();
        foreach (var column in _placed.Where(one => names.ContainsKey(one.Key)).GroupBy(one => one.Key, one => one.Label))
        {
            if (made.Of(column.SelectMany(label => label.Column.Rules), column.Any(label => label.Column.IsDerived)) is not { } rule)
                continue;
            labelled[column.Key] = [.. column.Where(label => !label.Column.IsPending).Select(label => label.Id)];
            own[column.Key] = own.TryGetValue(column.Key, out var former)
                ? former with { Rule = made.Both(former.Rule, rule), IsHeld = false, IsPartial = false }
                : new BoundColumn(column.Key, names[column.Key], rule);
        }
        return ([.. own.Values.OrderBy(column => column.Key.Relation)], new PictureLabels(_version, labelled, made.Made));
    }

    private void Place()
    {
        var byName = relations.Where(relation => relation.CanHoldData).ToLookup(relation => relation.Name, StringComparer.Ordinal);
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
        foreach (var (label, key) in _placed.Where(one => !one.Label.Column.IsPending && IsHere(one.Label)))
        {
            if (names.TryGetValue(key, out var name) && byNumber.TryGetValue(key.Relation, out var relation)
                && (label.Column.Schema, label.Column.Table, label.Column.Column) != (relation.Schema, relation.Name, name))
                Renamed[label.Id] = new(relation.Schema, relation.Name, name);
        }

        bool IsOver(ColumnLabel label) => settled.Contains(label.Id)
            && (label.Column.IsPending || (IsHere(label) && !names.ContainsKey(new ColumnKey(label.Column.Relation, label.Column.Attribute))));
    }
}
