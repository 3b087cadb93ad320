using System.Text;
using OpenTelemetry.Metrics;

namespace WireGuardian.Server.Metrics;

/// <summary>Turns the names of instruments into names of Prometheus: base units and <c>_total</c> at the end.</summary>
public static class PrometheusNames
{
    /// <summary><c>wireguardian.statement.overhead</c> in seconds becomes <c>wireguardian_statement_overhead_seconds</c>.</summary>
    public static string Metric(string name, string unit, MetricType type)
    {
        var text = Label(name);
        if (UnitSuffix(unit) is { } suffix && !text.EndsWith(suffix, StringComparison.Ordinal))
            text += suffix;
        return IsCounter(type) && !text.EndsWith("_total", StringComparison.Ordinal) ? text + "_total" : text;
    }

    /// <summary>Every character that Prometheus does not take becomes an underscore.</summary>
    public static string Label(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var character in name)
            text.Append(char.IsAsciiLetterOrDigit(character) ? character : '_');
        return text.Length > 0 && char.IsAsciiDigit(text[0]) ? $"_{text}" : text.ToString();
    }

    public static bool IsCounter(MetricType type) => type is MetricType.LongSum or MetricType.DoubleSum;

    private static string? UnitSuffix(string unit) => unit switch
    {
        "s" => "_seconds",
        "By" => "_bytes",
        _ => null,
    };
}
