namespace WireGuardian.Proxy.Sampling;

/// <summary>Reads samples of one listener's tables over its catalog login: few rows of each, for a short time, changing nothing and running no function of a user's.</summary>
public interface ITableSampler : IAsyncDisposable
{
    /// <summary>The databases to be sampled one after another; one without a name where the server's databases are its schemas.</summary>
    /// <exception cref="SamplingException">The catalog login cannot be used.</exception>
    Task<IReadOnlyList<string>> DatabasesAsync(CancellationToken cancellationToken);

    /// <summary>The tables of a database that have a column worth a look, by schema and name.</summary>
    /// <exception cref="SamplingException">The catalog login cannot be used.</exception>
    Task<IReadOnlyList<SampledTable>> TablesAsync(string database, CancellationToken cancellationToken);

    /// <summary>Reads rows of a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="columns">Those of its columns that are read; one at least.</param>
    /// <param name="sink">Takes them.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="TableUnreadableException">This table cannot be read, or not in time; others may.</exception>
    /// <exception cref="SamplingException">The catalog login cannot be used any more.</exception>
    Task SampleAsync(SampledTable table, IReadOnlyList<SampledColumn> columns, ISampleSink sink, CancellationToken cancellationToken);
}

/// <summary>The catalog login cannot be used; the message says why, and holds no value.</summary>
public sealed class SamplingException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A table cannot be read. The server's own words may quote values, so there is its code alone.</summary>
/// <param name="reason">In a few words.</param>
/// <param name="code">The SQLSTATE or error number; empty where there is none.</param>
/// <param name="inner">What was thrown.</param>
public sealed class TableUnreadableException(string reason, string code, Exception? inner = null) : Exception(code.Length == 0 ? reason : $"{reason} ({code})", inner)
{
    public string Reason => reason;

    public string Code => code;
}
