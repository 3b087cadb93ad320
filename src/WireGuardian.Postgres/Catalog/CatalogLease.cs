namespace WireGuardian.Postgres.Catalog;

/// <summary>A session's share in a catalog; disposing it twice does no harm.</summary>
public sealed class CatalogLease : IDisposable
{
    private Action? _release;

    internal CatalogLease(IDatabaseCatalog catalog, Action release)
    {
        Catalog = catalog;
        _release = release;
    }

    public IDatabaseCatalog Catalog { get; }

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
