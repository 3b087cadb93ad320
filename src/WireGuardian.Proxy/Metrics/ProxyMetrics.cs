using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace WireGuardian.Proxy.Metrics;

/// <summary>The proxy's instruments, one set of labels per listener. What is added to it is seen by whoever collects the meter.</summary>
public sealed class ProxyMetrics
{
    /// <summary>The name of the one meter that everything of WireGuardian is measured with.</summary>
    public const string MeterName = "WireGuardian";

    private readonly ConcurrentDictionary<string, ListenerMetrics> _listeners = new(StringComparer.Ordinal);
    private readonly Histogram<double> _overhead;

    public ProxyMetrics(Meter meter)
    {
        _overhead = meter.CreateHistogram<double>(
            "wireguardian.statement.overhead", "s", "Time that the proxy itself adds to a statement.", tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = OverheadHistogram.Boundaries });
        meter.CreateObservableUpDownCounter("wireguardian.connections.active", Active, null, "Client connections open now.");
        meter.CreateObservableCounter(
            "wireguardian.connections", () => _listeners.Values.Select(listener => listener.Opened()), null, "Client connections accepted.");
        meter.CreateObservableCounter(
            "wireguardian.statements", () => _listeners.Values.SelectMany(listener => listener.Statements()), null,
            "Statements by their most severe kind and by what policy did with them.");
        meter.CreateObservableCounter(
            "wireguardian.masked_values", () => _listeners.Values.SelectMany(listener => listener.MaskedValues()), null, "Values masked, by rule.");
        meter.CreateObservableCounter(
            "wireguardian.detections", () => _listeners.Values.SelectMany(listener => listener.Detections()), null, "What detectors found in values, by rule and detector.");
        meter.CreateObservableCounter(
            "wireguardian.bytes", () => _listeners.Values.SelectMany(listener => listener.Bytes()), "By", "Bytes of the protocol that were relayed, without TLS and compression, by direction.");
        meter.CreateObservableCounter(
            "wireguardian.protocol_errors", () => _listeners.Values.SelectMany(listener => listener.ProtocolErrors()), null,
            "Connections closed or messages refused because a side broke the protocol, by reason.");
        meter.CreateObservableCounter(
            "wireguardian.canaries_found", () => _listeners.Values.SelectMany(listener => listener.CanariesFound()), null,
            "Sessions ended because a canary was about to be sent to the client, by canary.");
        meter.CreateObservableCounter(
            "wireguardian.predicate_budget_refusals", () => _listeners.Values.Select(listener => listener.OverPredicateBudgets()), null,
            "Statements refused because their principal's budget of predicates on masked columns was used up.");
    }

    /// <summary>The instruments of the listener called <paramref name="name"/>; the same object for the same name.</summary>
    public ListenerMetrics ForListener(string name, string protocol) =>
        _listeners.GetOrAdd(name, key => new ListenerMetrics(key, protocol, _overhead));

    /// <summary>Whoever collects asks the observed instruments first, and after that reads the others.</summary>
    private IEnumerable<Measurement<long>> Active()
    {
        foreach (var listener in _listeners.Values)
        {
            listener.BeginCollection();
            yield return listener.Active();
        }
    }
}
