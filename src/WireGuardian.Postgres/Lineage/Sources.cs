using WireGuardian.Postgres.Catalog;

namespace WireGuardian.Postgres.Lineage;

/// <summary>The columns that go into a computed value, gathered one by one.</summary>
internal sealed class Sources
{
    private readonly HashSet<ColumnKey> _columns = [];
    private string? _whyUnknown;

    public void Add(ColumnLineage lineage)
    {
        _whyUnknown ??= lineage.WhyUnknown;
        _columns.UnionWith(lineage.Columns);
    }

    public void AddUnknown(string why) => _whyUnknown ??= why;

    public ColumnLineage ToLineage() =>
        _whyUnknown is not null ? ColumnLineage.Unknown(_whyUnknown)
        : _columns.Count == 0 ? ColumnLineage.Nothing
        : ColumnLineage.Derived(_columns);
}
