using WireGuardian.Core.Statements;

namespace WireGuardian.Sql.Postgres;

/// <summary>What the text of a routine in SQL or PL/pgSQL shows of what it may do. An upper bound, except for what dynamic SQL adds.</summary>
/// <param name="Kinds">Kinds of the statements in it; Unclassified where the text could not be read.</param>
/// <param name="Identifiers">Every name in it.</param>
/// <param name="Operators">Every operator that is none of the common ones.</param>
/// <param name="HasDynamicSql">True where it runs text that is made while it runs (EXECUTE, or a function that takes SQL), or could not be read.</param>
/// <param name="ReadsCursor">True where it reads a cursor, which somebody else may have opened.</param>
/// <param name="KeepsRow">True where it does more with a trigger's whole row (NEW, OLD) than to return or to compare it.</param>
public sealed record RoutineFacts(
    StatementKinds Kinds,
    IReadOnlySet<Identifier> Identifiers,
    IReadOnlySet<string> Operators,
    bool HasDynamicSql,
    bool ReadsCursor,
    bool KeepsRow)
{
    /// <summary>All that it sets in a trigger's row, where it plainly does nothing else with that; otherwise null.</summary>
    public IReadOnlyList<RowAssignment>? RowAssignments { get; init; }
}
