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

    /// <summary>One per target column.</summary>
    public required IReadOnlyList<StoredColumn> Writes { get; init; }

    /// <summary>OIDs of all relations named, views and those behind them included.</summary>
    public required IReadOnlySet<uint> Relations { get; init; }

    /// <summary>OIDs of all functions called: those of operators, aggregates, windows and casts included.</summary>
    public required IReadOnlySet<uint> Functions { get; init; }
}
