using WireGuardian.Core.Detection;
using WireGuardian.Proxy.Sampling;

namespace WireGuardian.Server.Scanning;

/// <summary>Counts what the detectors find in the sample of one table.</summary>
internal sealed class TableTally : ISampleSink
{
    private readonly ColumnTally[] _columns;
    private int _rows;

    public TableTally(SampledTable table, IReadOnlyList<SampledColumn> columns, int minimumScore)
    {
        var scratch = new DetectionScratch();
        _columns = [.. columns.Select(column => new ColumnTally(new(table, column), minimumScore, scratch))];
    }

    /// <inheritdoc/>
    public void AddRow() => _rows++;

    /// <inheritdoc/>
    public void AddValue(int column, Span<byte> value) => _columns[column].Add(value);

    /// <summary>The columns in which something was found.</summary>
    public IEnumerable<ColumnSample> ToSamples() => _columns.Select(column => column.ToSample(_rows)).Where(sample => sample.Found > 0);
}
