using WireGuardian.Core.Masking;
using WireGuardian.MySql.Catalog;
using WireGuardian.Proxy.Explaining;
using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Explaining;

/// <summary>Says of the columns of a result what they come from and which mask they have, as far as the text tells.</summary>
internal static class ColumnExplanations
{
    /// <summary>What stars stand for is known only with the result; their columns have the masks of their own rules.</summary>
    public static IReadOnlyList<ExplainedColumn>? Of(ResultShape shape, ICatalogView view, string? database, bool involves)
    {
        // A UNION's columns are called what its first query calls them.
        var items = shape.Blocks[0].Items;
        if (items.Any(item => item.Kind is ResultItemKind.Star or ResultItemKind.RelationStar))
            return null;
        var sources = view.Resolve(shape, database, items.Count);
        return [.. items.Select((item, index) => Explain(item, sources?[index], involves))];
    }

    private static ExplainedColumn Explain(ResultItem item, ColumnSource? source, bool involves)
    {
        var name = item.Name ?? item.Column ?? "";
        if (!involves)
            return new(name, Kind(item), [], null, "", "The statement involves no masked column.");
        if (source is not { IsPlain: true } plain)
            return new(name, "unknown", [], MaskKind.Redact, "masking", "It may be computed from a masked column; redacted as a whole.");
        string[] columns = item.Column is null ? [] : [item.Column];
        return plain.Rule is { } rule
            ? new(name, "plain", columns, rule.Mask, rule.Name, rule.Places is { } places
                ? $"It holds documents that rule \"{rule.Name}\" masks in places: {places}."
                : $"It is a column that rule \"{rule.Name}\" masks.")
            : new(name, Kind(item), columns, null, "", item.Kind switch
            {
                ResultItemKind.Column => "It is a column that no rule masks.",
                ResultItemKind.Computed => "It is computed from columns that no rule masks.",
                _ => "It comes from no column.",
            });
    }

    private static string Kind(ResultItem item) => item.Kind switch
    {
        ResultItemKind.Column or ResultItemKind.Constant => "plain",
        ResultItemKind.Computed => "derived",
        _ => "unknown",
    };
}
