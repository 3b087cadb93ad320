using WireGuardian.Core.Labels;

namespace WireGuardian.Postgres.Catalog;

/// <summary>The labels of one database as one listener shows it.</summary>
internal sealed class DatabaseLabels(CatalogLabels labels, string listener, string upstream, string database, TimeProvider time)
{
    private readonly LabelVersion _version = labels.Book.VersionOf(database);

    public string Upstream => upstream;

    public long Version => _version.Count;

    /// <inheritdoc cref="CatalogLabels"/>
    public bool Follows => labels.Follows();

    public IReadOnlyList<ColumnLabel> All => labels.Book.Of(listener, upstream, database);

    /// <summary>
    /// Ids of the labels whose columns are there by now, or are no more. A picture of the database that is begun later shows which; one begun earlier does not.
    /// </summary>
    public IReadOnlySet<string> Settled() =>
        All.Where(label => !label.Column.IsPending || label.IsSettled || time.GetUtcNow() - label.Since > LabelBook.LongestWait)
            .Select(label => label.Id).ToHashSet(StringComparer.Ordinal);

    /// <summary>True where one of <paramref name="settled"/> still stands for a relation that was not there yet: the next picture settles that.</summary>
    public bool AwaitsPicture(IReadOnlySet<string> settled) => settled.Count > 0 && All.Any(label => label.Column.IsPending && settled.Contains(label.Id));

    /// <summary>Removes labels and keeps others. Throws <see cref="LabelStoreException"/>.</summary>
    public void Change(IReadOnlyList<string> removed, IReadOnlyList<ColumnLabel> saved) => labels.Book.Change(removed, saved);

    /// <inheritdoc cref="LabelBook.Rename"/>
    public void Rename(IReadOnlyDictionary<string, ColumnName> names) => labels.Book.Rename(names);

    /// <summary>The transactions that made these labels' relations are over.</summary>
    public void Settle(IReadOnlyList<string> ids) => labels.Book.Settle(ids);

    public ColumnLabel Make(LabelledColumn column, string cause, uint databaseNumber) => new()
    {
        Id = ColumnLabel.NewId(),
        Listener = listener,
        Upstream = upstream,
        Database = database,
        DatabaseNumber = databaseNumber,
        Column = column,
        Cause = cause,
        Since = time.GetUtcNow(),
    };
}
