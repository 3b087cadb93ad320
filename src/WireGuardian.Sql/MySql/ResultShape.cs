using WireGuardian.Core.Statements;

namespace WireGuardian.Sql.MySql;

/// <summary>
/// Where the result columns of a statement come from, told from its text alone: one query block over plain relations. There is none (null) for anything else: UNION, WITH,
/// derived tables, table functions, stars over NATURAL, USING or RIGHT joins. What the names mean is for the catalog to say: a name
/// may be that of a view, or of a temporary table that hides another; a star leaves out invisible columns; where items and result columns do
/// not come out at the same number, nothing of this holds.
/// </summary>
/// <param name="Items">The items of the select list, in order.</param>
/// <param name="Relations">The relations of FROM, in order.</param>
public sealed record ResultShape(IReadOnlyList<ResultItem> Items, IReadOnlyList<ResultRelation> Relations);

/// <summary>A relation of FROM.</summary>
/// <param name="Alias">The name by which columns can be qualified, folded.</param>
/// <param name="Relation">What it names, folded; the qualifier is the database, null for the session's own.</param>
public sealed record ResultRelation(string Alias, Identifier Relation);

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
}

/// <summary>One item of a select list.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Database">The database before the qualifier, folded, or null.</param>
/// <param name="Qualifier">The alias or relation that qualifies a column or star, folded, or null. A column without one may be of any relation that has such a column.</param>
/// <param name="Column">The column's name, folded; null where it is no column.</param>
public sealed record ResultItem(ResultItemKind Kind, string? Database = null, string? Qualifier = null, string? Column = null);
