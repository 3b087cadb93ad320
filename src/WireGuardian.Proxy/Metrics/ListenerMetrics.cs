using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using WireGuardian.Core.Detection;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;

namespace WireGuardian.Proxy.Metrics;

/// <summary>
/// The instruments of one listener. Its methods neither allocate nor take a lock: counts go to striped counters that are read only when somebody
/// collects. Sessions add up what a read batch brought and report it once.
/// </summary>
public sealed class ListenerMetrics
{
    /// <summary>Words for reasons and rules are few and fixed; beyond so many different ones something is wrong, and they are counted together.</summary>
    private const int MaxLabelValues = 200;
    private const string OtherLabel = "other";
    private const int OpenedSlot = 0;
    private const int ClosedSlot = 1;
    private const int BytesFromClientSlot = 2;
    private const int BytesFromServerSlot = 3;
    private const int OverPredicateBudgetSlot = 4;
    private const int FirstStatementSlot = 5;
    private static readonly string[] ActionLabels = ["allow", "hold", "deny"];

    private readonly StripedCounters _counters = new(FirstStatementSlot + StatementKindLabel.All.Count * ActionLabels.Length);
    private readonly ConcurrentDictionary<string, MaskedValueCounter> _maskedValues = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, StripedCounters> _protocolErrors = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, StripedCounters> _canaries = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, StripedCounters> _detections = new(StringComparer.Ordinal);
    private readonly OverheadHistogram _overhead;
    private readonly KeyValuePair<string, object?>[] _tags;

    internal ListenerMetrics(string name, string protocol, Histogram<double> overhead)
    {
        _tags = [new("listener", name), new("protocol", protocol)];
        _overhead = new(overhead, _tags);
    }

    /// <summary>A client connection was accepted.</summary>
    public void ConnectionOpened() => _counters.Add(OpenedSlot, 1);

    /// <summary>A client connection that was accepted is over.</summary>
    public void ConnectionClosed() => _counters.Add(ClosedSlot, 1);

    /// <summary>Statements that policy let through, held or refused; each counts once, under its most severe kind.</summary>
    public void StatementsCompleted(StatementKinds kinds, RuleAction action, long statements = 1) =>
        _counters.Add(FirstStatementSlot + StatementKindLabel.IndexOf(kinds) * ActionLabels.Length + (int)action, statements);

    /// <summary>Bytes of the protocol for the server: after decryption and inflation, without what was refused.</summary>
    public void BytesFromClient(long bytes) => _counters.Add(BytesFromClientSlot, bytes);

    /// <summary>Bytes of the protocol for the client: masked, before deflation and encryption.</summary>
    public void BytesFromServer(long bytes) => _counters.Add(BytesFromServerSlot, bytes);

    /// <summary>The counter of values masked by <paramref name="rule"/>; the same object for the same rule.</summary>
    public MaskedValueCounter MaskedValues(string rule)
    {
        if (!_maskedValues.ContainsKey(rule) && _maskedValues.Count >= MaxLabelValues)
            rule = OtherLabel;
        return _maskedValues.GetOrAdd(rule, static label => new MaskedValueCounter(label));
    }

    /// <summary>The time that the proxy itself added to one statement, without the waits for server, client or operator.</summary>
    public void Overhead(TimeSpan added) => OverheadTicks((long)Math.Round(added.TotalSeconds * Stopwatch.Frequency));

    /// <summary>As <see cref="Overhead(TimeSpan)"/>, in ticks of <see cref="Stopwatch"/>.</summary>
    public void OverheadTicks(long stopwatchTicks) => _overhead.Add(stopwatchTicks);

    /// <summary>A connection was closed, or a message refused, because one side broke the protocol.</summary>
    /// <param name="reason">A fixed word of the code, never text from the wire.</param>
    public void ProtocolError(string reason)
    {
        if (!_protocolErrors.ContainsKey(reason) && _protocolErrors.Count >= MaxLabelValues)
            reason = OtherLabel;
        _protocolErrors.GetOrAdd(reason, static _ => new StripedCounters(1)).Add(0, 1);
    }

    /// <summary>A session was ended because <paramref name="canary"/> was about to be sent.</summary>
    /// <param name="canary">The canary's name.</param>
    public void CanaryFound(string canary)
    {
        if (!_canaries.ContainsKey(canary) && _canaries.Count >= MaxLabelValues)
            canary = OtherLabel;
        _canaries.GetOrAdd(canary, static _ => new StripedCounters(1)).Add(0, 1);
    }

    /// <summary>Detectors fired in values of a result, a message or a COPY.</summary>
    public void Detected(string rule, Detector detector, long count)
    {
        if (!_detections.TryGetValue(rule, out var counters))
        {
            if (_detections.Count >= MaxLabelValues)
                rule = OtherLabel;
            counters = _detections.GetOrAdd(rule, static _ => new StripedCounters(DetectorNames.All.Count));
        }
        counters.Add((int)detector, count);
    }

    /// <summary>A statement was refused because its principal's budget of predicates is used up, and no operator let it pass.</summary>
    public void OverPredicateBudget() => _counters.Add(OverPredicateBudgetSlot, 1);

    internal Measurement<long> OverPredicateBudgets() => new(_counters.Read(OverPredicateBudgetSlot), _tags);

    /// <summary>Hands on what only the instruments of this class's own keep, before they are read.</summary>
    internal void BeginCollection() => _overhead.Report();

    internal Measurement<long> Active() => new(_counters.Read(OpenedSlot) - _counters.Read(ClosedSlot), _tags);

    internal Measurement<long> Opened() => new(_counters.Read(OpenedSlot), _tags);

    internal IEnumerable<Measurement<long>> Bytes() =>
    [
        Labelled(_counters.Read(BytesFromClientSlot), Label("direction", "client_to_server")),
        Labelled(_counters.Read(BytesFromServerSlot), Label("direction", "server_to_client")),
    ];

    internal IEnumerable<Measurement<long>> Statements()
    {
        for (var kind = 0; kind < StatementKindLabel.All.Count; kind++)
        {
            for (var action = 0; action < ActionLabels.Length; action++)
            {
                var count = _counters.Read(FirstStatementSlot + kind * ActionLabels.Length + action);
                if (count != 0)
                    yield return Labelled(count, Label("kind", StatementKindLabel.All[kind]), Label("action", ActionLabels[action]));
            }
        }
    }

    internal IEnumerable<Measurement<long>> MaskedValues() =>
        _maskedValues.Values.Select(counter => Labelled(counter.Value, Label("rule", counter.Rule)));

    internal IEnumerable<Measurement<long>> Detections()
    {
        foreach (var (rule, counters) in _detections)
        {
            for (var detector = 0; detector < DetectorNames.All.Count; detector++)
            {
                if (counters.Read(detector) is > 0 and var count)
                    yield return Labelled(count, Label("rule", rule), Label("detector", DetectorNames.All[detector]));
            }
        }
    }

    internal IEnumerable<Measurement<long>> ProtocolErrors() =>
        _protocolErrors.Select(entry => Labelled(entry.Value.Read(0), Label("reason", entry.Key)));

    internal IEnumerable<Measurement<long>> CanariesFound() =>
        _canaries.Select(entry => Labelled(entry.Value.Read(0), Label("canary", entry.Key)));

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);

    private Measurement<long> Labelled(long value, params ReadOnlySpan<KeyValuePair<string, object?>> labels) => new(value, [.. _tags, .. labels]);
}
