using WireGuardian.Core.Policies;

namespace WireGuardian.Postgres.Catalog;

/// <summary>The labels that are in a picture.</summary>
/// <param name="Version">Of the labels when they were read.</param>
/// <param name="Columns">The columns with labels, and the ids of these.</param>
/// <param name="Rules">The rules that stand for several, or for what is computed, and not for themselves, with the names of the rules behind them.</param>
internal sealed record PictureLabels(
    long Version, IReadOnlyDictionary<ColumnKey, IReadOnlyList<string>> Columns, IReadOnlyDictionary<MaskingRule, IReadOnlyList<string>> Rules)
{
    public static PictureLabels None { get; } = new(0, new Dictionary<ColumnKey, IReadOnlyList<string>>(), new Dictionary<MaskingRule, IReadOnlyList<string>>());

    /// <summary>The names of the rules of the configuration that are behind one of the picture.</summary>
    public IEnumerable<string> NamesOf(MaskingRule rule) => ColumnRules.Behind(rule).SelectMany(one => Rules.TryGetValue(one, out var names) ? names : [one.Name]).Distinct(StringComparer.Ordinal);
}
