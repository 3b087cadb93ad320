using WireGuardian.Core.Policies;
using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Catalog;

/// <summary>Tells what the columns of results are, from the shape of their statements.</summary>
internal sealed class ColumnSources(
    CatalogPicture picture, IReadOnlyDictionary<(string Schema, string Table, string Column), MaskingRule> masked, Taint taint)
{
    private const int DeepestViews = 32;

    /// <summary>More than a server's table can have.</summary>
    private const int MostColumns = 4096;

    /// <summary>Queries that one result is followed through; common table expressions that use others can be far more than their text shows.</summary>
    private const int MostQueries = 1000;

    private readonly Dictionary<(string Schema, string Name), IReadOnlyList<ColumnSource>> _views = [];
    private readonly Lock _lock = new();

    /// <summary>Where a server of another version lacks one of these functions, a call of its name is one of the stored function.</summary>
    private readonly bool _hasItsOwnPureFunctions = picture.Routines.Any(routine => PureFunctions.Contains(routine.Name));

    private int _queries;

    private readonly record struct Source(string Alias, string? Schema, IReadOnlyList<ColumnSource> Columns, IReadOnlyList<ColumnSource> Visible);

    public IReadOnlyList<ColumnSource>? Resolve(ResultShape shape, string? database, int columns)
    {
        lock (_lock)
        {
            _queries = 0;
            return Columns(shape, database, depth: 0) is { } sources && sources.Count == columns ? sources : null;
        }
    }

    /// <summary>It may be computed from anything.</summary>
    private static ColumnSource Derived(string? name) => new(IsPlain: false, null, null) { Name = name };

    private List<ColumnSource>? Columns(ResultShape shape, string? database, int depth)
    {
        List<ColumnSource>? all = null;
        foreach (var block in shape.Blocks)
        {
            if (++_queries > MostQueries || Columns(block, database, depth) is not { } sources || (all is not null && all.Count != sources.Count))
                return null;
            if (all is null)
                all = sources;
            else
                Merge(all, sources);
        }
        return all;
    }

    private List<ColumnSource>? Columns(ResultBlock block, string? database, int depth)
    {
        var relations = new List<Source>(block.Relations.Count);
        foreach (var relation in block.Relations)
        {
            if (SourceOf(relation, database, depth) is not { } source)
                return null;
            relations.Add(source);
        }
        var sources = new List<ColumnSource>(block.Items.Count);
        foreach (var item in block.Items)
        {
            switch (item.Kind)
            {
                case ResultItemKind.Star:
                    foreach (var relation in relations)
                        sources.AddRange(relation.Visible);
                    break;
                case ResultItemKind.RelationStar:
                    var stars = relations.Where(one => Is(one, item)).ToArray();
                    if (stars.Length != 1)
                        return null;
                    sources.AddRange(stars[0].Visible);
                    break;
                case ResultItemKind.Column:
                    sources.Add(Find(item, relations) with { Name = item.Name });
                    break;
                case ResultItemKind.Constant:
                    sources.Add(new(IsPlain: true, null, null) { Name = item.Name });
                    break;
                default:
                    sources.Add(IsComputedFromClear(item, relations, database, depth) ? new(IsPlain: true, null, null) { Name = item.Name } : Derived(item.Name));
                    break;
            }
            if (sources.Count > MostColumns)
                return null;
        }
        return sources;
    }

    /// <summary>A result column of a UNION is one or the other.</summary>
    private static void Merge(List<ColumnSource> all, List<ColumnSource> others)
    {
        for (var index = 0; index < all.Count; index++)
        {
            var (one, other) = (all[index], others[index]);
            if (!one.IsPlain || !other.IsPlain || !ReferenceEquals(one.Rule, other.Rule) || (one.Rule is not null && one.Type != other.Type))
                all[index] = Derived(one.Name);
            else if (one.Origin != other.Origin)
                all[index] = one with { Origin = null };
        }
    }

    private bool IsComputedFromClear(ResultItem item, List<Source> relations, string? database, int depth) =>
        item.Kind == ResultItemKind.Computed && !_hasItsOwnPureFunctions && item.Operands.All(operand => operand.Kind == ResultItemKind.Subquery
            ? Columns(operand.Query!, database, depth) is { } sources && sources.TrueForAll(source => source.IsClear)
            : Find(operand, relations).IsClear);

    private Source? SourceOf(ResultRelation relation, string? database, int depth)
    {
        if (relation.Query is not null)
        {
            if (Columns(relation.Query, database, depth) is not { } made || (relation.Columns is { } names && names.Count != made.Count))
                return null;
            if (relation.Columns is not null)
                made = [.. made.Select((source, index) => source with { Name = relation.Columns[index] })];
            return new(relation.Alias, null, made, made);
        }
        var name = relation.Relation;
        if ((name.Qualifier ?? (database is null ? null : MySqlNames.Fold(database))) is not { } schema || !picture.Relations.TryGetValue((schema, name.Name), out var found))
            return null;
        var columns = SourcesOf(found, depth);
        return new(relation.Alias, found.Schema, columns, found.Columns.Any(column => column.IsInvisible) ? [.. columns.Where((_, index) => !found.Columns[index].IsInvisible)] : columns);
    }

    /// <summary>Of several columns that it can be, all have to be clear: one that USING makes of two is any of them, and one that is ambiguous is an error.</summary>
    private static ColumnSource Find(ResultItem item, List<Source> relations)
    {
        ColumnSource? found = null;
        foreach (var relation in relations)
        {
            if (item.Qualifier is not null && !Is(relation, item))
                continue;
            foreach (var source in relation.Columns)
            {
                if (source.Name != item.Column)
                    continue;
                if (found is null)
                    found = source;
                else if (!found.Value.IsClear || !source.IsClear)
                    return Derived(item.Name);
                else if (found.Value.Origin != source.Origin)
                    found = found.Value with { Origin = null };
            }
        }
        return found ?? Derived(item.Name);
    }

    private static bool Is(Source relation, ResultItem item) => relation.Alias == item.Qualifier && (item.Database is null || relation.Schema == item.Database);

    private IReadOnlyList<ColumnSource> SourcesOf(Relation relation, int depth)
    {
        if (relation.View is null || !taint.Views.Contains((relation.Schema, relation.Name)))
            return [.. relation.Columns.Select(column => SourceOf(relation, column))];
        if (_views.TryGetValue((relation.Schema, relation.Name), out var known))
            return known;
        var read = depth < DeepestViews && relation.View.Shape is { } shape ? Columns(shape, relation.Schema, depth + 1) : null;
        if (read is not null && read.Count != relation.Columns.Count)
            read = null;
        IReadOnlyList<ColumnSource> sources =
        [
            .. relation.Columns.Select((column, index) =>
                masked.TryGetValue((relation.Schema, relation.Name, column.Name), out var rule) ? OfMasked(rule, read?[index], column)
                : (read?[index] ?? Derived(null)) with { Name = column.Name, Origin = null }),
        ];
        // Once too much was asked, what comes out is no fact about the view.
        if (_queries <= MostQueries)
            _views[(relation.Schema, relation.Name)] = sources;
        return sources;
    }

    /// <summary>A rule for places in a view's documents leaves what is masked of the column that it shows.</summary>
    private static ColumnSource OfMasked(MaskingRule rule, ColumnSource? shown, RelationColumn column)
    {
        if (rule.Parts is not null && shown is not { IsPlain: true })
            return Derived(column.Name);
        if (rule.Parts is not null && shown?.Rule is { } below)
            rule = ColumnRules.Together(rule, below, one => (rule.InForce ?? [rule]).Contains(one) || (below.InForce ?? [below]).Contains(one));
        return new(IsPlain: true, rule, column.Type) { Name = column.Name };
    }

    private ColumnSource SourceOf(Relation relation, RelationColumn column)
    {
        masked.TryGetValue((relation.Schema, relation.Name, column.Name), out var rule);
        (string, string, string)? origin = relation.View is null ? (relation.Schema, relation.Name, column.Name) : null;
        // Documents that are computed may hold anything anywhere, whatever a rule says of places in them.
        if (rule is { Parts: null })
            return new(IsPlain: true, rule, column.Type) { Name = column.Name, Origin = origin };
        // A generated column may be computed from a masked one.
        var isComputed = column.Expression.Length > 0 && relation.Columns.Any(other =>
            masked.ContainsKey((relation.Schema, relation.Name, other.Name)) && column.Expression.Contains(other.OriginalName, StringComparison.OrdinalIgnoreCase));
        if (isComputed)
            return Derived(column.Name);
        return new(IsPlain: true, rule, column.Type) { Name = column.Name, Origin = origin };
    }
}
