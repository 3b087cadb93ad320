using WireGuardian.Core.Statements;

namespace WireGuardian.Sql.MySql;

/// <summary>
/// Where the result columns of a query come from, told from its text alone. There is none (null) for what the text does not prove: recursive WITH, table functions,
/// LATERAL, VALUES, stars over NATURAL, USING or RIGHT joins. What the names mean is for the catalog to say: a name
/// may be that of a view, or of a temporary table that hides another; a star leaves out invisible columns; where items and result columns do
/// not come out at the same number and under the same names, nothing of this holds.
/// </summary>
/// <param name="Blocks">The query blocks that UNION, EXCEPT and INTERSECT put together: a result column may come from the one in its place in any of them.</param>
public sealed record ResultShape(IReadOnlyList<ResultBlock> Blocks);

/// <summary>A query block: SELECT … FROM, or TABLE.</summary>
/// <param name="Items">The items of the select list, in order.</param>
/// <param name="Relations">The relations of FROM, in order.</param>
public sealed record ResultBlock(IReadOnlyList<ResultItem> Items, IReadOnlyList<ResultRelation> Relations);

/// <summary>A relation of FROM.</summary>
/// <param name="Alias">The name by which columns can be qualified, folded.</param>
/// <param name="Relation">What it names, folded; the qualifier is the database, null for the session's own. Of no meaning for a query.</param>
public sealed record ResultRelation(string Alias, Identifier Relation)
{
    /// <summary>The query that makes it: a derived table or a common table expression; null for a relation of the catalog's.</summary>
    public ResultShape? Query { get; init; }

    /// <summary>The names that are given to the columns of the query, folded; null where they keep their own.</summary>
    public IReadOnlyList<string>? Columns { get; init; }
}

/// <summary>What an item of a select list is.</summary>
public enum ResultItemKind
{
    /// <summary>Anything else: one result column that may be computed from any column.</summary>
    Other,

    /// <summary><c>*</c>: the columns of all relations, in order.</summary>
    Star,

    /// <summary><c>alias.*</c>: the columns of one relation.</summary>
    RelationStar,

    /// <summary>A plain column and nothing around it.</summary>
    Column,

    /// <summary>One result column that reads no column: a literal, <c>count(*)</c>.</summary>
    Constant,

    /// <summary>One result column that is computed from <see cref="ResultItem.Operands"/> and nothing else, by operators and functions of the servers' own.</summary>
    Computed,

    /// <summary>An operand: a subquery that reads no column of the query around it.</summary>
    Subquery,
}

/// <summary>One item of a select list, or an operand of one.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Database">The database before the qualifier, folded, or null.</param>
/// <param name="Qualifier">The alias or relation that qualifies a column or star, folded, or null. A column without one may be of any relation that has such a column.</param>
/// <param name="Column">The column's name, folded; null where it is no column.</param>
public sealed record ResultItem(ResultItemKind Kind, string? Database = null, string? Qualifier = null, string? Column = null)
{
    /// <summary>What the result column is called, folded; null where the text does not tell for sure.</summary>
    public string? Name { get; init; }

    /// <summary>It has an alias that <see cref="Name"/> does not tell.</summary>
    public bool HasUnsureAlias { get; init; }

    /// <summary>As an operand: it divides or orders the rows of a window, where servers may take a name for the alias of an item.</summary>
    public bool IsInWindow { get; init; }

    /// <summary>What a computed value is computed from.</summary>
    public IReadOnlyList<ResultItem> Operands { get; init; } = [];

    /// <summary>The query of a <see cref="ResultItemKind.Subquery"/>.</summary>
    public ResultShape? Query { get; init; }
}
