using System.Collections.Frozen;
using WireGuardian.Core.Policies;

namespace WireGuardian.Postgres.Catalog;

/// <summary>The labels that are in a picture.</summary>
/// <param name="Version">Of the labels when they were read.</param>
/// <param name="DatabaseNumber">pg_database's oid.</param>
/// <param name="Columns">The columns with a label.</param>
/// <param name="Rules">The rules that stand for labels and not for themselves, with the names of the rules that the copied columns have.</param>
internal sealed record PictureLabels(long Version, uint DatabaseNumber, FrozenSet<ColumnKey> Columns, IReadOnlyDictionary<MaskingRule, IReadOnlyList<string>> Rules)
{
    public static PictureLabels None { get; } = new(0, 0, [], new Dictionary<MaskingRule, IReadOnlyList<string>>());
}
