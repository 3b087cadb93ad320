using static WireGuardian.Postgres.Tests.Lineage.Generated.GeneratedType;

namespace WireGuardian.Postgres.Tests.Lineage.Generated;

/// <summary>A FROM clause and the columns that it brings.</summary>
internal sealed record GeneratedFrom(string Sql, IReadOnlyList<GeneratedColumn> Columns);

/// <summary>Builds FROM clauses: one or two sources, joined in every way.</summary>
internal sealed class FromBuilder(QueryBuilder queries, Choices choices)
{
    public GeneratedFrom Build(int depth, IReadOnlyList<GeneratedColumn> around)
    {
        var left = Source(depth, around);
        return choices.Next(6) switch
        {
            3 => Join(left, Source(depth, around)),
            4 => Lateral(left, depth, around),
            5 => Merged(),
            _ => left,
        };
    }

    /// <summary>A table or view as it is.</summary>
    public GeneratedFrom Table()
    {
        var relation = choices.Of(GeneratedSchema.Relations);
        var alias = queries.Name("t");
        return new GeneratedFrom($"{GeneratedSchema.Placeholder}.{relation.Name} {alias}", [.. relation.Columns.Select(column => column with { Sql = $"{alias}.{column.Sql}" })]);
    }

    private GeneratedFrom Source(int depth, IReadOnlyList<GeneratedColumn> around)
    {
        switch (choices.Next(4))
        {
            case 2 when queries.CommonTables.Count > 0:
                var (name, types) = choices.Of(queries.CommonTables);
                return Named(name, types);
            case 3 when queries.MayNest(depth):
                return Subquery("", queries.Query(depth + 1, around, choices.Of<GeneratedType[]>([Text, Number], [Number, Text, Text], [Text, List])));
            default:
                return Table();
        }
    }

    private GeneratedFrom Named(string name, IReadOnlyList<GeneratedType> types)
    {
        var alias = queries.Name("q");
        return new GeneratedFrom($"{name} {alias}", [.. types.Select((type, index) => new GeneratedColumn($"{alias}.c{index + 1}", type))]);
    }

    private GeneratedFrom Subquery(string lateral, GeneratedQuery query)
    {
        var alias = queries.Name("s");
        var columns = query.Types.Select((_, index) => $"c{index + 1}");
        return new GeneratedFrom(
            $"{lateral}({query.Sql}) {alias} ({string.Join(", ", columns)})", [.. query.Types.Select((type, index) => new GeneratedColumn($"{alias}.c{index + 1}", type))]);
    }

    private GeneratedFrom Join(GeneratedFrom left, GeneratedFrom right)
    {
        IReadOnlyList<GeneratedColumn> columns = [.. left.Columns, .. right.Columns];
        var clean = !choices.Once(6);
        return Key(left) is { } one && Key(right) is { } other
            ? new GeneratedFrom($"{left.Sql} {choices.Of("join", "left join", "right join", "full join")} {right.Sql} on {one} = {other}", columns)
            : new GeneratedFrom($"{left.Sql} cross join {right.Sql}", columns);

        string? Key(GeneratedFrom from) => from.Columns.LastOrDefault(column => column.Type == GeneratedType.Number && (column.IsClean || !clean))?.Sql;
    }

    private GeneratedFrom Lateral(GeneratedFrom left, int depth, IReadOnlyList<GeneratedColumn> around)
    {
        if (left.Columns.FirstOrDefault(column => column.Type == List) is { } list && choices.Once(2))
        {
            var alias = queries.Name("u");
            return new GeneratedFrom(
                $"{left.Sql} left join lateral unnest({list.Sql}) with ordinality {alias} (c1, c2) on true",
                [.. left.Columns, new($"{alias}.c1", Text), new($"({alias}.c2)::int", GeneratedType.Number)]);
        }
        if (!queries.MayNest(depth))
            return left;
        var right = Subquery("lateral ", queries.Query(depth + 1, [.. left.Columns, .. around], [Text, GeneratedType.Number]));
        return new GeneratedFrom(choices.Once(2) ? $"{left.Sql} left join {right.Sql} on true" : $"{left.Sql} cross join {right.Sql}", [.. left.Columns, .. right.Columns]);
    }

    /// <summary>A column that USING merges from both sides.</summary>
    private GeneratedFrom Merged()
    {
        var alias = queries.Name("j");
        var join = choices.Of("join", "left join", "right join", "full join");
        var (text, schema) = (choices.Of("ssn", "name", "pay::text"), GeneratedSchema.Placeholder);
        return new GeneratedFrom(
            $"((select id, {text} as c from {schema}.person) a {join} (select id, secret as c, title from {schema}.team) b using (id, c)) as {alias}",
            [new($"{alias}.c", Text), new($"{alias}.id", GeneratedType.Number), new($"{alias}.title", Text, IsClean: true)]);
    }
}
