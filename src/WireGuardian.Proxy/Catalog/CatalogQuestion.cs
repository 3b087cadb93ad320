namespace WireGuardian.Proxy.Catalog;

/// <summary>How a session asks for a fresh picture: it waits so long and no longer.</summary>
public static class CatalogQuestion
{
    /// <summary>A fresh picture, or null and why there is none.</summary>
    public static async Task<(TSnapshot? Snapshot, string Problem)> AskAsync<TSnapshot>(
        this ICatalog<TSnapshot> catalog, TimeSpan timeout, CancellationToken cancellationToken)
        where TSnapshot : class
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(timeout);
        try
        {
            return (await catalog.GetFreshAsync(limited.Token), "");
        }
        catch (CatalogUnavailableException exception)
        {
            return (null, exception.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, "The catalog login did not answer in time (limits.catalogTimeout).");
        }
    }
}
