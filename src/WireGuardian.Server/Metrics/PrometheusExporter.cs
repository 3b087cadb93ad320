using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace WireGuardian.Server.Metrics;

/// <summary>Keeps nothing and runs no timer: writes the metrics as text whenever somebody asks for them.</summary>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusExporter : BaseExporter<Metric>, IPullMetricExporter
{
    private const int CollectTimeoutMilliseconds = 10_000;
    private readonly Lock _collecting = new();
    private readonly StringBuilder _text = new();

    /// <summary>Set by the metric reader: collects from every instrument and calls <see cref="Export"/>.</summary>
    public Func<int, bool>? Collect { get; set; }

    /// <summary>The metrics of this moment.</summary>
    public string CollectText()
    {
        lock (_collecting)
        {
            _text.Clear();
            return Collect?.Invoke(CollectTimeoutMilliseconds) == true ? _text.ToString() : throw new InvalidOperationException("The metrics could not be collected.");
        }
    }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        PrometheusText.Write(_text, batch);
        return ExportResult.Success;
    }
}
