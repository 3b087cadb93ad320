namespace WireGuardian.Proxy.Catalog;

/// <summary>What is known of a server or a database, as pictures that follow one another.</summary>
public interface ICatalog<TSnapshot>
    where TSnapshot : class
{
    /// <summary>The newest picture; null before the first load.</summary>
    TSnapshot? Current { get; }

    /// <summary>True when nothing that passed through the proxy can have made <see cref="Current"/> stale.</summary>
    bool IsFresh { get; }

    /// <summary>
    /// A picture that holds at least everything committed before the call. Loads at most once for callers that come together.
    /// Throws <see cref="CatalogUnavailableException"/> when the server cannot be asked.
    /// </summary>
    ValueTask<TSnapshot> GetFreshAsync(CancellationToken cancellationToken);

    /// <summary>A statement that may change the catalog is about to be sent; until <see cref="EndChange"/> the picture is not fresh.</summary>
    void BeginChange();

    /// <summary>What that statement did is there to be seen, or never will be: the picture is loaded anew.</summary>
    void EndChange();
}
