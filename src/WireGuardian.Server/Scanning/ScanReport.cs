using WireGuardian.Core.Detection;
using WireGuardian.Proxy.Sampling;

namespace WireGuardian.Server.Scanning;

/// <summary>What a scan found: numbers and names of the schema, no value.</summary>
internal sealed record ScanReport
{
    public required string Listener { get; init; }

    /// <summary>Of the listener, as the configuration calls it.</summary>
    public required string Protocol { get; init; }

    /// <summary>Rows of a table that were read at most.</summary>
    public required int RowsPerTable { get; init; }

    /// <summary>The lowest score that counted, in hundredths.</summary>
    public required int MinimumScore { get; init; }

    /// <summary>Tables of which rows were read, or that turned out to have none.</summary>
    public int TablesRead { get; init; }

    public int ColumnsRead { get; init; }

    /// <summary>False where the scan was ended before it had seen every table.</summary>
    public bool IsComplete { get; init; } = true;

    /// <summary>The columns in which something was found.</summary>
    public IReadOnlyList<ColumnSample> Columns { get; init; } = [];

    /// <summary>Something was found in more than one database.</summary>
    public bool HasSeveralDatabases => Columns.Select(column => column.Place.Table.Database).Distinct().Skip(1).Any();

    /// <summary>The columns that a rule masks already, which were not read.</summary>
    public IReadOnlyList<ScannedColumn> Masked { get; init; } = [];

    public IReadOnlyList<ScanFailure> Failures { get; init; } = [];
}

/// <summary>A column and where it is.</summary>
internal sealed record ScannedColumn(SampledTable Table, SampledColumn Column);

/// <summary>What was found in a column's sample.</summary>
/// <param name="Place">The column.</param>
/// <param name="Rows">Rows sampled.</param>
/// <param name="Values">Of them those with a value that is neither NULL nor empty.</param>
/// <param name="Found">Values in which something was found.</param>
/// <param name="Whole">Of these, those that are hardly more than what was found in them.</param>
/// <param name="Detectors">Values by detector, the most first.</param>
/// <param name="Paths">Of documents, the keys under which it was found.</param>
internal sealed record ColumnSample(
    ScannedColumn Place, int Rows, int Values, int Found, int Whole, IReadOnlyList<DetectorCount> Detectors, IReadOnlyList<PathCount> Paths);

/// <summary>In how many values a detector found something.</summary>
internal sealed record DetectorCount(Detector Detector, int Values);

/// <summary>In how many documents a detector found something under a path.</summary>
internal sealed record PathCount(string Path, Detector Detector, int Values);

/// <summary>A table that was not read, or not all of it.</summary>
/// <param name="Table">As <c>schema.table</c>, with its database where there are several.</param>
/// <param name="Reason">In a few words, without values.</param>
/// <param name="Code">The server's code; empty where there is none.</param>
internal sealed record ScanFailure(string Table, string Reason, string Code)
{
    /// <summary>The catalog login lacks a right.</summary>
    public bool IsRefusal { get; init; }
}
