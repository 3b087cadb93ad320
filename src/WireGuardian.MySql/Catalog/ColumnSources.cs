using WireGuardian.Core.Policies;
using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Catalog;

/// <summary>Tells what the columns of results are, from the shape of their statements.</summary>
internal sealed class ColumnSources(
    CatalogPicture picture, IReadOnlyDictionary<(string Schema, string Table, string Column), MaskingRule> masked, Taint taint)
{
    private const int DeepestViews = 32;

    /// <summary>It may be computed from anything.</summary>
    private static readonly ColumnSource Derived = new(IsPlain: false, null, null);

    private readonly Dictionary<(string Schema, string Name), IReadOnlyList<ColumnSource>> _views = [];
    private readonly Lock _lock = new();

    public IReadOnlyList<ColumnSource>? Resolve(ResultShape shape, string? database, int columns)
    {
        lock (_lock)
            return Resolve(shape, database, columns, depth: 0);
    }

    private List<ColumnSource>? Resolve(ResultShape shape, string? database, int columns, int depth)
    {
        var relations = new List<(string Alias, Relation Relation, IReadOnlyList<ColumnSource> Sources)>(shape.Relations.Count);
        foreach (var (alias, name) in shape.Relations)
        {
            if ((name.Qualifier ?? (database is null ? null : MySqlNames.Fold(database))) is not { } schema || !picture.Relations.TryGetValue((schema, name.Name), out var relation))
                return null;
            relations.Add((alias, relation, SourcesOf(relation, depth)));
        }
        var sources = new List<ColumnSource>(columns);
        foreach (var item in shape.Items)
        {
            switch (item.Kind)
            {
                case ResultItemKind.Star:
                    foreach (var (_, relation, all) in relations)
                        AddVisible(relation, all, sources);
                    break;
                case ResultItemKind.RelationStar:
                    var stars = relations.Where(one => Is(one.Alias, one.Relation, item)).ToArray();
                    if (stars.Length != 1)
                        return null;
                    AddVisible(stars[0].Relation, stars[0].Sources, sources);
                    break;
                case ResultItemKind.Column:
                    sources.Add(Find(item, relations));
                    break;
                case ResultItemKind.Constant:
                    sources.Add(new(IsPlain: true, null, null));
                    break;
                default:
                    sources.Add(Derived);
                    break;
            }
            if (sources.Count > columns)
                return null;
        }
        return sources.Count == columns ? sources : null;
    }

    private static ColumnSource Find(ResultItem item, List<(string Alias, Relation Relation, IReadOnlyList<ColumnSource> Sources)> relations)
    {
        ColumnSource? found = null;
        foreach (var (alias, relation, sources) in relations)
        {
            if (item.Qualifier is not null && !Is(alias, relation, item))
                continue;
            for (var index = 0; index < relation.Columns.Count; index++)
            {
                if (relation.Columns[index].Name != item.Column)
                    continue;
                // Two that can be it: no telling which.
                if (found is not null)
                    return Derived;
                found = sources[index];
            }
        }
        return found ?? Derived;
    }

    private static bool Is(string alias, Relation relation, ResultItem item) =>
        alias == item.Qualifier && (item.Database is null || relation.Schema == item.Database);

    private static void AddVisible(Relation relation, IReadOnlyList<ColumnSource> all, List<ColumnSource> sources)
    {
        for (var index = 0; index < all.Count; index++)
        {
            if (!relation.Columns[index].IsInvisible)
                sources.Add(all[index]);
        }
    }

    private IReadOnlyList<ColumnSource> SourcesOf(Relation relation, int depth)
    {
        if (relation.View is null || !taint.Views.Contains((relation.Schema, relation.Name)))
            return [.. relation.Columns.Select(column => SourceOf(relation, column))];
        if (_views.TryGetValue((relation.Schema, relation.Name), out var known))
            return known;
        var read = depth < DeepestViews && relation.View.Shape is { } shape ? Resolve(shape, relation.Schema, relation.Columns.Count, depth + 1) : null;
        return _views[(relation.Schema, relation.Name)] =
        [
            .. relation.Columns.Select((column, index) =>
                masked.TryGetValue((relation.Schema, relation.Name, column.Name), out var rule) ? new ColumnSource(IsPlain: true, rule, column.Type)
                : read is null ? Derived
                : read[index]),
        ];
    }

    private ColumnSource SourceOf(Relation relation, RelationColumn column)
    {
        if (masked.TryGetValue((relation.Schema, relation.Name, column.Name), out var rule))
            return new(IsPlain: true, rule, column.Type);
        // A generated column may be computed from a masked one.
        var isComputed = column.Expression.Length > 0 && relation.Columns.Any(other =>
            masked.ContainsKey((relation.Schema, relation.Name, other.Name)) && column.Expression.Contains(other.OriginalName, StringComparison.OrdinalIgnoreCase));
        return isComputed ? Derived : new(IsPlain: true, null, column.Type);
    }
}
