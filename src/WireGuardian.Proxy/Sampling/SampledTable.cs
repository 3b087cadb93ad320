namespace WireGuardian.Proxy.Sampling;

/// <summary>A table that can be sampled, with those of its columns that can hold what the detectors look for.</summary>
/// <param name="Database">Its database; empty where the server's databases are its schemas.</param>
/// <param name="Schema">As rules name it.</param>
/// <param name="Name">As rules name it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Columns">In their order.</param>
public sealed record SampledTable(string Database, string Schema, string Name, TableKind Kind, IReadOnlyList<SampledColumn> Columns)
{
    /// <summary>The server's own number of it; 0 where it has none.</summary>
    public uint Number { get; init; }

    /// <summary>Rows by the server's statistics; negative where it has none.</summary>
    public double EstimatedRows { get; init; } = -1;

    /// <summary>Pages by the server's statistics.</summary>
    public long EstimatedPages { get; init; }

    /// <summary>Of a partitioned table, the partitions that hold rows.</summary>
    public int Parts { get; init; }

    /// <summary>The columns of the primary key, where the protocol's sampler goes by it.</summary>
    public IReadOnlyList<string> PrimaryKey { get; init; } = [];

    /// <summary>The primary key is one whole number.</summary>
    public bool HasWholeNumberKey { get; init; }
}

/// <summary>What a table is.</summary>
public enum TableKind
{
    Table,
    Partitioned,
    MaterializedView,
    View,
    Foreign,
}
