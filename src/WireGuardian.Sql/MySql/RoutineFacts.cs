using WireGuardian.Core.Statements;

namespace WireGuardian.Sql.MySql;

/// <summary>What the text of a stored program (procedure, function, trigger, event) or view shows of what it may do. An upper bound, except for what dynamic SQL adds.</summary>
/// <param name="Kinds">Kinds of the statements in it; Unclassified where the text could not be read.</param>
/// <param name="Identifiers">Every name in it, folded.</param>
/// <param name="UserVariables">Every user variable that it names, folded.</param>
/// <param name="UserVariablesWritten">True where it may write a user variable.</param>
/// <param name="HasDynamicSql">True where it runs text that is made while it runs (PREPARE, EXECUTE IMMEDIATE), or could not be read.</param>
public sealed record RoutineFacts(
    StatementKinds Kinds,
    IReadOnlySet<Identifier> Identifiers,
    IReadOnlySet<string> UserVariables,
    bool UserVariablesWritten,
    bool HasDynamicSql);
