using System.Diagnostics.Metrics;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.Proxy.Metrics;
using WireGuardian.Server.Metrics;

namespace WireGuardian.Server.Tests.Metrics;

/// <summary>A proxy's instruments with something in each, and the pipeline that reads them.</summary>
internal sealed class MetricsFixture : IDisposable
{
    private readonly Meter _meter = new(ProxyMetrics.MeterName);

    public MetricsFixture()
    {
        Pipeline = new MetricsPipeline(otlp: null);
        Metrics = new ProxyMetrics(_meter);
        Listener = Metrics.ForListener("app", "postgres");
    }

    public MetricsPipeline Pipeline { get; }

    public ProxyMetrics Metrics { get; }

    public ListenerMetrics Listener { get; }

    public Meter Meter => _meter;

    public void CountOneOfEach()
    {
        Listener.ConnectionOpened();
        Listener.ConnectionOpened();
        Listener.ConnectionClosed();
        Listener.StatementsCompleted(StatementKinds.Select, RuleAction.Allow, 3);
        Listener.StatementsCompleted(StatementKinds.Select | StatementKinds.Delete, RuleAction.Hold);
        Listener.MaskedValues("contact \"details\"\\").Add(5);
        Listener.BytesFromClient(10);
        Listener.BytesFromServer(20);
        Listener.Overhead(TimeSpan.FromMicroseconds(3));
        Listener.Overhead(TimeSpan.FromSeconds(1));
        Listener.ProtocolError("length");
    }

    public void Dispose()
    {
        Pipeline.Dispose();
        _meter.Dispose();
    }
}
