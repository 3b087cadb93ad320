using WireGuardian.Core.Policies;
using WireGuardian.Postgres.Catalog;

namespace WireGuardian.Postgres.Lineage;

/// <summary>A column of a result, under the name that RowDescription gives it.</summary>
internal sealed record OutputColumn(string Name, ColumnLineage Lineage);

/// <summary>A value that a statement stores in a column, by INSERT, UPDATE, MERGE or ON CONFLICT, defaults included.</summary>
internal sealed record StoredColumn(ColumnKey Target, ColumnLineage Lineage);

/// <summary>What the server's own rewritten query tree says of one statement.</summary>
internal sealed record StatementLineage
{
    /// <summary>The columns of the result, in order; none where the statement returns no rows.</summary>
    public required IReadOnlyList<OutputColumn> Columns { get; init; }

    /// <summary>
    /// The results of queries that rules add (<c>DO ALSO SELECT …</c>): over the simple protocol the server sends them too, each with a RowDescription of its own.
    /// </summary>
    public required IReadOnlyList<IReadOnlyList<OutputColumn>> RuleResults { get; init; }

    /// <summary>
    /// The columns that decide which rows there are, how many and in what order: WHERE, ON and USING, HAVING, GROUP BY, DISTINCT, set operations, ORDER BY, windows,
    /// LIMIT, row security, functions that return rows; of the statement, its subqueries and its views. Whatever else is known of it, never plain.
    /// </summary>
    public required ColumnLineage Predicates { get; init; }

    /// <summary>All base columns that anything in the statement names, and those of its views; what is used of them or not.</summary>
    public required IReadOnlySet<ColumnKey> Reads { get; init; }

    /// <summary>Entries of the configuration that say what functions in it give, instead of their bodies.</summary>
    public IReadOnlySet<FunctionLabel> Labels { get; init; } = new HashSet<FunctionLabel>();

    /// <summary>True where it would be another if the statement's constants were others.</summary>
    public bool MindsConstants { get; init; }

    /// <summary>True where it calls a function whose result was followed to columns that the statement does not name.</summary>
    public bool SeesThrough { get; init; }

    /// <summary>True where it calls a function that reads what its arguments do not say, and that was not followed.</summary>
    public bool ReadsElsewhere { get; init; }

    /// <summary>One per target column of a relation.</summary>
    public required IReadOnlyList<StoredColumn> Writes { get; init; }

    /// <summary>OIDs of all relations named, views and those behind them included.</summary>
    public required IReadOnlySet<uint> Relations { get; init; }

    /// <summary>OIDs of all functions called: those of operators, aggregates, windows and casts included, and in the place of one that was followed those that its body calls.</summary>
    public required IReadOnlySet<uint> Functions { get; init; }

    /// <summary>Of a statement that means either this or the other; null where their columns are not the same in number and name.</summary>
    public StatementLineage? Or(StatementLineage other)
    {
        if (RuleResults.Count + other.RuleResults.Count > 0 || !Columns.Select(column => column.Name).SequenceEqual(other.Columns.Select(column => column.Name)))
            return null;
        return new()
        {
            Columns = [.. Columns.Zip(other.Columns, (one, another) => one with { Lineage = one.Lineage.Or(another.Lineage) })],
            RuleResults = [],
            Predicates = Predicates.Or(other.Predicates),
            Writes = [.. Writes, .. other.Writes],
            Relations = Both(Relations, other.Relations),
            Functions = Both(Functions, other.Functions),
            Reads = Both(Reads, other.Reads),
            Labels = Both(Labels, other.Labels),
            MindsConstants = MindsConstants || other.MindsConstants,
            SeesThrough = SeesThrough || other.SeesThrough,
            ReadsElsewhere = ReadsElsewhere || other.ReadsElsewhere,
        };
    }

    private static HashSet<T> Both<T>(IReadOnlySet<T> one, IReadOnlySet<T> other) => [.. one, .. other];
}
