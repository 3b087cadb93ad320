using static WireGuardian.Postgres.Tests.Lineage.Generated.GeneratedType;

namespace WireGuardian.Postgres.Tests.Lineage.Generated;

/// <summary>Builds SELECTs: joins, subqueries in FROM and in expressions, LATERAL, WITH, recursion, set operations, groups, windows, each within the other.</summary>
internal sealed class QueryBuilder(Choices choices)
{
    private const int DeepestQuery = 6;
    private const int DeepestRecursion = 3;

    private readonly List<(string Name, IReadOnlyList<GeneratedType> Types)> _commonTables = [];
    private int _names;

    /// <summary>Nested queries that may still be begun: what a level multiplies stays small.</summary>
    private int _subqueriesLeft = 9;

    public static string Build(IReadOnlyList<int> choices) => new QueryBuilder(new Choices(choices)).Query(0, [], [Text, Number, Text]).Sql;

    /// <param name="depth">Of the query within others.</param>
    /// <param name="around">Columns of the queries around it that it may name.</param>
    /// <param name="types">Of its columns.</param>
    public GeneratedQuery Query(int depth, IReadOnlyList<GeneratedColumn> around, IReadOnlyList<GeneratedType> types)
    {
        var known = _commonTables.Count;
        var with = depth < DeepestQuery && choices.Once(6) ? With(depth, around) : "";
        var sql = Body(depth, around, types);
        _commonTables.RemoveRange(known, _commonTables.Count - known);
        return new GeneratedQuery(with + sql, types);
    }

    /// <summary>Takes one of the subqueries that are left; false where there is none.</summary>
    public bool MayNest(int depth) => depth < DeepestQuery && _subqueriesLeft-- > 0;

    public string Name(string prefix) => $"{prefix}{++_names}";

    private string Body(int depth, IReadOnlyList<GeneratedColumn> around, IReadOnlyList<GeneratedType> types)
    {
        if (choices.Once(6) && MayNest(depth))
        {
            var operation = choices.Of("union all", "union all", "union", "except", "intersect all");
            return $"({Query(depth + 1, around, types).Sql}) {operation} ({Query(depth + 1, around, types).Sql})";
        }
        if (choices.Once(12))
            return $"values ({Row(around, types, depth)}), ({Row(around, types, depth)})";

        var from = new FromBuilder(this, choices).Build(depth, around);
        IReadOnlyList<GeneratedColumn> columns = [.. from.Columns, .. around];
        var expressions = new ExpressionBuilder(this, choices, columns, depth);
        var where = choices.Once(4) ? $" where {(choices.Once(4) ? expressions : Clean(columns, depth)).Condition(1)}" : "";
        return choices.Next(5) switch
        {
            3 => Grouped(from, columns, types, depth, where),
            4 => $"select {Columns(types, type => choices.Once(2) ? expressions.Window(type, choices.Once(3) ? expressions : Clean(columns, depth)) : expressions.Value(type, 0))} from {from.Sql}{where}",
            _ => Plain(expressions, from, types, where),
        };
    }

    private string Plain(ExpressionBuilder expressions, GeneratedFrom from, IReadOnlyList<GeneratedType> types, string where)
    {
        var distinct = choices.Once(12) ? "distinct " : "";
        var order = choices.Once(8) ? $" order by {1 + choices.Next(types.Count)}{(choices.Once(2) ? " limit 2" : "")}" : "";
        return $"select {distinct}{Columns(types, type => expressions.Value(type, 0))} from {from.Sql}{where}{order}";
    }

    private string Grouped(GeneratedFrom from, IReadOnlyList<GeneratedColumn> columns, IReadOnlyList<GeneratedType> types, int depth, string where)
    {
        // A key that is a column of FROM: what stands outside it can then be grouped by as well.
        var key = choices.Of<GeneratedColumn>([.. from.Columns.Reverse()]);
        var grouped = new ExpressionBuilder(this, choices, [key], depth);
        var inside = new ExpressionBuilder(this, choices, columns, depth);
        var clause = choices.Of("", "", $" group by {key.Sql}", $" group by {key.Sql}", $" group by rollup ({key.Sql})");
        var having = clause.Length > 0 && choices.Once(6) ? $" having {inside.Aggregate(Number)} > 1" : "";
        return $"select {Columns(types, type => clause.Length > 0 && choices.Once(3) ? grouped.Value(type, 2) : inside.Aggregate(type))} from {from.Sql}{where}{clause}{having}";
    }

    /// <summary>Conditions on masked columns excuse every change: most are to be on others.</summary>
    private ExpressionBuilder Clean(IReadOnlyList<GeneratedColumn> columns, int depth) => new(this, choices, [.. columns.Where(column => column.IsClean)], depth);

    private string Row(IReadOnlyList<GeneratedColumn> around, IReadOnlyList<GeneratedType> types, int depth)
    {
        var expressions = new ExpressionBuilder(this, choices, around, depth);
        return string.Join(", ", types.Select(type => expressions.Value(type, 1)));
    }

    private string With(int depth, IReadOnlyList<GeneratedColumn> around)
    {
        var name = Name("w");
        GeneratedType[] types = [Text, Number];
        if (choices.Once(3))
        {
            var recursion = Recursion(name, depth, around);
            _commonTables.Add((name, types));
            return recursion;
        }
        if (!MayNest(depth))
            return "";
        var query = Query(depth + 1, around, types).Sql;
        _commonTables.Add((name, types));
        return $"with {name} (c1, c2) as {choices.Of("", "materialized ", "not materialized ")}({query}) ";
    }

    private string Recursion(string name, int depth, IReadOnlyList<GeneratedColumn> around)
    {
        var start = new FromBuilder(this, choices).Table();
        var first = new ExpressionBuilder(this, choices, [.. start.Columns, .. around], depth);
        GeneratedColumn[] own = [new("r.c1", Text), new("r.c2", Number)];
        var step = new FromBuilder(this, choices).Table();
        var next = new ExpressionBuilder(this, choices, [.. own, .. step.Columns, .. around], depth);
        return $"with recursive {name} (c1, c2, n) as (select {first.Value(Text, 1)}, {first.Value(Number, 1)}, 0 from {start.Sql} "
            + $"union all select {next.Value(Text, 1)}, {next.Value(Number, 1)}, r.n + 1 from {name} r, {step.Sql} where r.n < {1 + choices.Next(DeepestRecursion - 1)} and {step.Columns[^1].Sql} = 1) ";
    }

    public IReadOnlyList<(string Name, IReadOnlyList<GeneratedType> Types)> CommonTables => _commonTables;

    private static string Columns(IReadOnlyList<GeneratedType> types, Func<GeneratedType, string> expression) =>
        string.Join(", ", types.Select((type, index) => $"{expression(type)} as c{index + 1}"));
}
