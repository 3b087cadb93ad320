using static WireGuardian.Postgres.Tests.Lineage.Generated.GeneratedType;

namespace WireGuardian.Postgres.Tests.Lineage.Generated;

/// <summary>Builds expressions over the columns in scope.</summary>
internal sealed class ExpressionBuilder(QueryBuilder queries, Choices choices, IReadOnlyList<GeneratedColumn> columns, int depth)
{
    private const int DeepestExpression = 3;

    /// <param name="type">Of the value.</param>
    /// <param name="level">Of the expression within others.</param>
    public string Value(GeneratedType type, int level) => type switch
    {
        Text => TextValue(level),
        Number => NumberValue(level),
        _ => ListValue(level),
    };

    public string Condition(int level) => choices.Next(level < DeepestExpression ? 9 : 3) switch
    {
        0 => $"{NumberValue(DeepestExpression)} > 1",
        1 => $"{TextValue(DeepestExpression)} is not null",
        2 => $"{TextValue(DeepestExpression)} >= 'b'",
        3 => $"{TextValue(level + 1)} = {TextValue(level + 1)}",
        4 => $"not ({Condition(level + 1)})",
        5 => $"({Condition(level + 1)} {choices.Of("and", "or")} {Condition(level + 1)})",
        6 => $"{TextValue(level + 1)} is distinct from {TextValue(level + 1)}",
        7 => Nested([Text]) is { } query ? $"{choices.Of("", "not ")}exists ({query})" : "true",
        _ => Nested([Number]) is { } query ? $"{NumberValue(level + 1)} {choices.Of("in", "> all", "<> any")} ({query})" : "false",
    };

    public string Aggregate(GeneratedType type)
    {
        var filter = choices.Once(5) ? $" filter (where {Condition(2)})" : "";
        return type switch
        {
            Text => choices.Next(5) switch
            {
                0 => $"max({Value(Text, 1)}){filter}",
                1 => $"min({Value(Text, 1)}){filter}",
                2 => $"string_agg({Value(Text, 1)}, ',' order by {Value(choices.Of(Text, Number), 2)}){filter}",
                3 => $"count({Value(choices.Of(Text, Number), 1)})::text",
                _ => $"json_agg({Value(Number, 1)} order by {Value(Text, 2)})::text",
            },
            Number => choices.Next(5) switch
            {
                0 => $"max({Value(Number, 1)}){filter}",
                1 => $"count(*){filter}::int",
                2 => $"count({choices.Of("", "distinct ")}{Value(choices.Of(Text, Number), 1)}){filter}::int",
                3 => $"(sum({Value(Number, 1)}){filter})::int",
                _ => $"regr_count({Value(Number, 2)}, {Value(Number, 2)})::int",
            },
            _ => $"array_agg({Value(Text, 1)} order by {Value(Text, 2)}){filter}",
        };
    }

    /// <param name="type">Of the value.</param>
    /// <param name="keys">Makes what the window partitions and orders by.</param>
    public string Window(GeneratedType type, ExpressionBuilder keys)
    {
        var window = choices.Of(
            $"over (order by {keys.Value(choices.Of(Number, Text), 2)})",
            $"over (partition by {keys.Value(Number, 2)})",
            $"over (partition by {keys.Value(Number, 2)} order by {keys.Value(Text, 2)} rows between 1 preceding and current row)");
        return type switch
        {
            Text => $"{choices.Of("max", "first_value", "last_value", "lag")}({Value(Text, 1)}) {window}",
            Number => choices.Of($"(count({Value(Text, 1)}) {window})::int", $"(row_number() {window})::int", $"(sum({Value(Number, 1)}) {window})::int"),
            _ => $"array_agg({Value(Text, 1)}) {window}",
        };
    }

    private string TextValue(int level) => choices.Next(level < DeepestExpression ? 16 : 3) switch
    {
        0 or 1 or 12 => Column(Text) ?? "'k'::text",
        2 => choices.Of("'b'::text", "null::text", "'ann'::text"),
        3 => $"upper({TextValue(level + 1)})",
        4 => $"({TextValue(level + 1)} || {TextValue(level + 1)})",
        5 => $"left({TextValue(level + 1)}, {NumberValue(level + 1)} % 5)",
        6 => $"coalesce({TextValue(level + 1)}, {TextValue(level + 1)})",
        7 => $"nullif({TextValue(level + 1)}, {TextValue(level + 1)})",
        8 => $"case when {Condition(level + 1)} then {TextValue(level + 1)} else {TextValue(level + 1)} end",
        9 => $"({NumberValue(level + 1)})::text",
        10 => Nested([Text]) is { } query ? $"(select * from ({query}) z limit 1)" : "'n'::text",
        11 => $"({ListValue(level + 1)})[1]",
        13 => $"greatest({TextValue(level + 1)}, {TextValue(level + 1)})",
        14 => $"row({TextValue(level + 1)}, {NumberValue(level + 1)})::text",
        _ => $"(to_jsonb({TextValue(level + 1)}) ->> 0)",
    };

    private string NumberValue(int level) => choices.Next(level < DeepestExpression ? 10 : 3) switch
    {
        0 or 1 or 8 => Column(Number) ?? "7",
        2 => choices.Of("1", "0", "null::int"),
        3 => $"length({TextValue(level + 1)})",
        4 => $"({NumberValue(level + 1)} % 9 + {NumberValue(level + 1)} % 7)",
        5 => $"case when {Condition(level + 1)} then {NumberValue(level + 1)} end",
        6 => $"coalesce({NumberValue(level + 1)}, {NumberValue(level + 1)})",
        7 => Nested([Number]) is { } query ? $"(select * from ({query}) z limit 1)" : "5",
        _ => $"cardinality({ListValue(level + 1)})",
    };

    private string ListValue(int level) => choices.Next(level < DeepestExpression ? 4 : 1) switch
    {
        0 => Column(List) ?? "'{l}'::text[]",
        1 => $"array[{TextValue(level + 1)}, {TextValue(level + 1)}]",
        2 => Nested([Text]) is { } query ? $"array({query})" : "'{m}'::text[]",
        _ => $"({ListValue(level + 1)} || {TextValue(level + 1)})",
    };

    private string? Column(GeneratedType type)
    {
        GeneratedColumn[] fitting = [.. columns.Where(column => column.Type == type)];
        return fitting.Length == 0 ? null : choices.Of(fitting).Sql;
    }

    private string? Nested(IReadOnlyList<GeneratedType> types) => queries.MayNest(depth) ? queries.Query(depth + 1, columns, types).Sql : null;
}
