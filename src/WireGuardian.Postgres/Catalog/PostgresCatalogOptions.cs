namespace WireGuardian.Postgres.Catalog;

/// <summary>How catalogs are kept.</summary>
public sealed record PostgresCatalogOptions
{
    /// <summary>
    /// Between two looks for changes made around the proxy; a look that takes long stretches it, so that looking stays a small part of the server's time.
    /// </summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A catalog that no session has used for so long is closed.</summary>
    public TimeSpan IdleAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Catalogs at once, over all listeners; a session on yet another database is refused.</summary>
    public int MaxCatalogs { get; init; } = 1000;
}
