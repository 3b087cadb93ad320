using WireGuardian.Core.Statements;

namespace WireGuardian.Sql.Postgres;

/// <summary>One <c>NEW.column := …</c> of a trigger function.</summary>
/// <param name="Column">The column written.</param>
/// <param name="Names">Every name in the expression, and in the conditions of the function.</param>
/// <param name="Operators">Every operator there that is none of the common ones.</param>
public sealed record RowAssignment(string Column, IReadOnlySet<Identifier> Names, IReadOnlySet<string> Operators);
