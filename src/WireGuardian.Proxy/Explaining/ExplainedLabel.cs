namespace WireGuardian.Proxy.Explaining;

/// <summary>A column that would be labelled before the statement is sent, because it copies masked values to it.</summary>
/// <param name="Column">As <c>schema.table.column</c>, with what is known of it.</param>
/// <param name="Rules">The rules of the columns that the values come from.</param>
/// <param name="IsDerived">They are computed, so that it is redacted as a whole.</param>
/// <param name="Sources">Those columns.</param>
public sealed record ExplainedLabel(string Column, IReadOnlyList<string> Rules, bool IsDerived, IReadOnlyList<string> Sources);
