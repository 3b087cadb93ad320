namespace WireGuardian.Proxy.Sampling;

/// <summary>How much of a table is read, and for how long.</summary>
public sealed record SampleOptions
{
    private const int MostCharactersPerTable = 32 << 20;
    private const int FewestCharactersPerValue = 512;
    private const int MostCharactersPerValue = 8 << 10;

    /// <summary>Rows of a table.</summary>
    public required int Rows { get; init; }

    /// <summary>For one table.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Views are read too, which runs whatever their definitions call.</summary>
    public bool Views { get; init; }

    /// <summary>Tables whose rows are on another server are read too.</summary>
    public bool ForeignTables { get; init; }

    /// <summary>The one database that is looked at; null for all that the login may connect to. Where a server's databases are its schemas it is not asked for.</summary>
    public string? Database { get; init; }

    /// <summary>Of every value so many characters are read, so that a table's sample stays small.</summary>
    public int CharactersPerValue(int columns) =>
        (int)Math.Clamp((long)MostCharactersPerTable / Rows / Math.Max(1, columns), FewestCharactersPerValue, MostCharactersPerValue);
}
