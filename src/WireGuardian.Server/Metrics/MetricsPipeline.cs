using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using WireGuardian.Proxy.Metrics;
using WireGuardian.Server.Configuration;

namespace WireGuardian.Server.Metrics;

/// <summary>From the instruments to those who read them: Prometheus, which asks, and an OTLP collector, which is sent to.</summary>
public sealed class MetricsPipeline : IDisposable
{
    /// <summary>From an operator who was already watching to the longest timeouts: a second to a day.</summary>
    private static readonly double[] ApprovalWaitBoundaries = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 14_400, 86_400];

    private readonly PrometheusExporter _exporter = new();
    private readonly MeterProvider _provider;

    /// <param name="otlp">Where to send metrics to; null for nowhere. Headers are taken from <c>OTEL_EXPORTER_OTLP_HEADERS</c>.</param>
    public MetricsPipeline(OtlpOptions? otlp)
    {
        var builder = Sdk.CreateMeterProviderBuilder()
            .AddMeter(ProxyMetrics.MeterName)
            .ConfigureResource(resource => resource.AddService("wireguardian"))
            .AddView("wireguardian.approval.wait", new ExplicitBucketHistogramConfiguration { Boundaries = ApprovalWaitBoundaries })
            .AddReader(new BaseExportingMetricReader(_exporter));
        if (otlp is not null)
        {
            builder.AddOtlpExporter((exporter, reader) =>
            {
                exporter.Endpoint = EndpointOf(otlp);
                exporter.Protocol = otlp.Protocol == OtlpProtocol.Grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)otlp.Interval.TotalMilliseconds;
            });
        }
        _provider = builder.Build();
    }

    /// <summary>The metrics of this moment in Prometheus' text format.</summary>
    public string CollectText() => _exporter.CollectText();

    public void Dispose() => _provider.Dispose();

    /// <summary>Over HTTP metrics have a path of their own; the library adds it only to endpoints that come from the environment.</summary>
    private static Uri EndpointOf(OtlpOptions otlp) =>
        otlp.Protocol == OtlpProtocol.HttpProtobuf && otlp.Endpoint.AbsolutePath == "/" ? new Uri(otlp.Endpoint, "v1/metrics") : otlp.Endpoint;
}
