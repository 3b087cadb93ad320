namespace WireGuardian.MySql.Catalog;

/// <summary>How a catalog is kept.</summary>
public sealed record MySqlCatalogOptions
{
    /// <summary>
    /// Between two looks for changes made around the proxy; a look that takes long stretches it, so that looking stays a small part of the server's time.
    /// </summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Connections of the catalog login at once.</summary>
    public int MaxConnections { get; init; } = 2;
}
