using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace WireGuardian.Server.Metrics;

/// <summary>Writes metrics in Prometheus' text exposition format, version 0.0.4.</summary>
public static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Appends every metric of <paramref name="metrics"/>; kinds that the format does not have are left out.</summary>
    public static void Write(StringBuilder text, in Batch<Metric> metrics)
    {
        foreach (var metric in metrics)
        {
            if (TypeName(metric.MetricType) is { } type)
                WriteFamily(text, metric, type);
        }
    }

    private static string? TypeName(MetricType type) => type switch
    {
        MetricType.LongSum or MetricType.DoubleSum => "counter",
        MetricType.LongGauge or MetricType.DoubleGauge or MetricType.LongSumNonMonotonic or MetricType.DoubleSumNonMonotonic => "gauge",
        MetricType.Histogram => "histogram",
        _ => null,
    };

    private static void WriteFamily(StringBuilder text, Metric metric, string type)
    {
        var name = PrometheusNames.Metric(metric.Name, metric.Unit, metric.MetricType);
        text.Append("# HELP ").Append(name).Append(' ');
        Escape(text, metric.Description, quotes: false);
        text.Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            if (metric.MetricType == MetricType.Histogram)
                WriteHistogram(text, name, in point);
            else
                Sample(text, name, "", point.Tags, null, Value(metric.MetricType, in point));
        }
    }

    private static void WriteHistogram(StringBuilder text, string name, in MetricPoint point)
    {
        long below = 0;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            below += bucket.BucketCount;
            Sample(text, name, "_bucket", point.Tags, Number(bucket.ExplicitBound), Number(below));
        }
        Sample(text, name, "_sum", point.Tags, null, Number(point.GetHistogramSum()));
        Sample(text, name, "_count", point.Tags, null, Number(point.GetHistogramCount()));
    }

    private static string Value(MetricType type, in MetricPoint point) => type switch
    {
        MetricType.LongSum or MetricType.LongSumNonMonotonic => Number(point.GetSumLong()),
        MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => Number(point.GetSumDouble()),
        MetricType.LongGauge => Number(point.GetGaugeLastValueLong()),
        _ => Number(point.GetGaugeLastValueDouble()),
    };

    private static void Sample(StringBuilder text, string name, string suffix, ReadOnlyTagCollection tags, string? bucketBound, string value)
    {
        text.Append(name).Append(suffix);
        var separator = '{';
        foreach (var (label, content) in tags)
            Pair(PrometheusNames.Label(label), Convert.ToString(content, CultureInfo.InvariantCulture) ?? "");
        if (bucketBound is not null)
            Pair("le", bucketBound);
        if (separator == ',')
            text.Append('}');
        text.Append(' ').Append(value).Append('\n');

        void Pair(string label, string content)
        {
            text.Append(separator).Append(label).Append("=\"");
            Escape(text, content, quotes: true);
            text.Append('"');
            separator = ',';
        }
    }

    private static void Escape(StringBuilder text, string content, bool quotes)
    {
        foreach (var character in content)
        {
            if (character == '\n')
                text.Append("\\n");
            else if (character == '\\' || (quotes && character == '"'))
                text.Append('\\').Append(character);
            else
                text.Append(character);
        }
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e');
}
