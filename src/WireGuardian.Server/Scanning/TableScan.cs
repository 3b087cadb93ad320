using WireGuardian.Proxy.Sampling;

namespace WireGuardian.Server.Scanning;

/// <summary>Scans table after table; one that cannot be read does not stop the rest.</summary>
/// <param name="sampler">Reads the samples.</param>
/// <param name="filter">Which tables.</param>
/// <param name="empty">The report without results.</param>
/// <param name="progress">Told of each table.</param>
/// <param name="failed">Told of each table that cannot be read.</param>
internal sealed class TableScan(ITableSampler sampler, TableFilter filter, ScanReport empty, ScanProgress progress, Action<ScanFailure> failed)
{
    private readonly List<ColumnSample> _found = [];
    private readonly List<ScannedColumn> _masked = [];
    private readonly List<ScanFailure> _failures = [];
    private int _tables;
    private int _columns;
    private bool _complete;

    /// <summary>What was found so far.</summary>
    public ScanReport Report => empty with
    {
        TablesRead = _tables,
        ColumnsRead = _columns,
        IsComplete = _complete,
        Columns = [.. _found],
        Masked = [.. _masked],
        Failures = [.. _failures],
    };

    /// <exception cref="SamplingException">The catalog login cannot be used; <see cref="Report"/> has what was found until then.</exception>
    /// <exception cref="OperationCanceledException">The same.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var databases = await sampler.DatabasesAsync(cancellationToken);
        foreach (var database in databases)
        {
            if (await TablesAsync(database, isOnly: databases.Count == 1, cancellationToken) is not { } tables)
                continue;
            for (var index = 0; index < tables.Length; index++)
            {
                progress.Show(index + 1, tables.Length, NameOf(tables[index]));
                await ScanAsync(tables[index], cancellationToken);
            }
        }
        _complete = true;
    }

    /// <summary>Null for one of several databases that cannot be used.</summary>
    private async Task<SampledTable[]?> TablesAsync(string database, bool isOnly, CancellationToken cancellationToken)
    {
        try
        {
            return [.. (await sampler.TablesAsync(database, cancellationToken)).Select(filter.Apply).OfType<SampledTable>()];
        }
        catch (SamplingException exception) when (!isOnly)
        {
            Fail(new($"{database}.*", exception.Message, ""));
            return null;
        }
    }

    private async Task ScanAsync(SampledTable table, CancellationToken cancellationToken)
    {
        _masked.AddRange(table.Columns.Where(column => column.MaskedBy is not null).Select(column => new ScannedColumn(table, column)));
        var open = table.Columns.Where(column => column.MaskedBy is null).ToArray();
        var columns = open.Where(column => column.IsReadable).ToArray();
        if (columns.Length < open.Length)
        {
            var which = columns.Length == 0 ? "it" : $"{open.Length - columns.Length} of {open.Length} columns";
            Fail(new(NameOf(table), $"the catalog login may not read {which}", "") { IsRefusal = true });
        }
        if (columns.Length == 0)
            return;
        var tally = new TableTally(table, columns, empty.MinimumScore);
        try
        {
            await sampler.SampleAsync(table, columns, tally, cancellationToken);
            _tables++;
            _columns += columns.Length;
        }
        catch (TableUnreadableException exception)
        {
            Fail(new(NameOf(table), exception.Reason, exception.Code));
        }
        // What was read before a time was over counts.
        _found.AddRange(tally.ToSamples());
    }

    private void Fail(ScanFailure failure)
    {
        _failures.Add(failure);
        progress.Clear();
        failed(failure);
    }

    private static string NameOf(SampledTable table) =>
        YamlText.Visible(table.Database.Length == 0 ? $"{table.Schema}.{table.Name}" : $"{table.Database}.{table.Schema}.{table.Name}");
}
