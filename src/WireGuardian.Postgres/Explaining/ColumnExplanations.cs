using WireGuardian.Core.Masking;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Postgres.Lineage;
using WireGuardian.Postgres.Relay;
using WireGuardian.Proxy.Explaining;

namespace WireGuardian.Postgres.Explaining;

/// <summary>Says of the columns of a result what they come from and which mask they have, by the relay's own rules.</summary>
internal static class ColumnExplanations
{
    /// <summary>False where the lineage does not tell the columns of the result, or not all that masks them.</summary>
    public static bool IsSeenThrough(StatementLineage lineage, ICatalogView view) => lineage.RuleResults.Count == 0 && !lineage.Relations.Any(view.MasksMoreThanItReads);

    /// <summary>The base columns of all of them, whose names are wanted.</summary>
    public static IReadOnlyCollection<ColumnKey> Sources(StatementLineage lineage) => [.. lineage.Columns.SelectMany(column => column.Lineage.Columns).Select(key => key.Whole).Distinct()];

    /// <summary>Why there are none, and what becomes of them then.</summary>
    public static string Unknown(LineageAnswer answer, bool involvesMasked)
    {
        var why = answer.Why.Length > 0 ? answer.Why : "a rule names a column of a view in it, or a rewrite rule adds results";
        return involvesMasked
            ? $"The lineage of its columns is not known ({why}): plain columns of tables have their own masks, all others are redacted as a whole."
            : $"The lineage of its columns is not known ({why}), but it involves no masked column.";
    }

    /// <param name="column">The column.</param>
    /// <param name="view">The picture of the catalog.</param>
    /// <param name="involves">The statement may read masked columns.</param>
    /// <param name="names">What base columns are called.</param>
    public static ExplainedColumn Explain(OutputColumn column, ICatalogView view, bool involves, IReadOnlyDictionary<ColumnKey, string> names)
    {
        string[] sources = [.. column.Lineage.Columns.Select(key => names.GetValueOrDefault(key.Whole, $"{key.Relation}.{key.Attribute}") + key.Path).Order(StringComparer.Ordinal)];
        if (!column.Lineage.IsKnown)
        {
            return new(column.Name, "unknown", sources, involves ? MaskKind.Redact : null, involves ? "masking" : "",
                $"Not known: {column.Lineage.WhyUnknown}; {(involves ? "redacted as a whole" : "but the statement involves no masked column")}.");
        }
        var decision = LineageRules.Decide(column.Lineage, view);
        var (isKnown, mask, rule) = decision;
        var kind = column.Lineage.IsPlain ? "plain" : "derived";
        if (!isKnown)
            return new(column.Name, kind, sources, MaskKind.Redact, "masking", "It comes from a relation that the catalog does not have; redacted as a whole.");
        var why = mask is null && rule.Length > 0 ? $"It is computed from columns whose rules leave that alone, \"{rule}\" among them (derived: allow)."
            : mask is null ? sources.Length == 0 ? "It comes from no column." : "No column that it comes from is masked."
            : decision.Places is { } places ? $"It holds documents that rule \"{rule}\" masks in places: {places}."
            : column.Lineage.IsPlain && sources.Length == 1 ? $"It is a column that rule \"{rule}\" masks."
            : column.Lineage.IsPlain ? $"Each value is one of several columns, of which rule \"{rule}\" masks one or more."
            : $"It is computed from a column that rule \"{rule}\" masks; redacted as a whole.";
        return new(column.Name, kind, sources, mask, rule, why);
    }
}
