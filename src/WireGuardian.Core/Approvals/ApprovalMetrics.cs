using System.Diagnostics.Metrics;

namespace WireGuardian.Core.Approvals;

/// <summary>The queue's instruments.</summary>
public sealed class ApprovalMetrics
{
    private readonly Counter<long> _decisions;
    private readonly Histogram<double> _wait;
    private readonly Counter<long> _glassBroken;
    private Func<int> _pending = () => 0;

    public ApprovalMetrics(Meter meter)
    {
        meter.CreateObservableGauge("wireguardian.approvals.pending", () => _pending(), null, "Statements that wait for an operator now.");
        _decisions = meter.CreateCounter<long>("wireguardian.approval.decisions", null, "Held statements by how their wait ended.");
        _glassBroken = meter.CreateCounter<long>("wireguardian.approval.break_glass", null, "Held statements that an operator released at once, whatever the minimum.");
        // Zero is a figure too: an alert needs the series before the first of them.
        _glassBroken.Add(0);
        _wait = meter.CreateHistogram<double>("wireguardian.approval.wait", "s", "How long a held statement waited for its decision.");
    }

    internal void ObservePending(Func<int> count) => _pending = count;

    /// <summary>A wait ended: approved, denied, expired, withdrawn or abandoned.</summary>
    internal void Decided(ApprovalState state, TimeSpan waited)
    {
        _decisions.Add(1, new KeyValuePair<string, object?>("decision", state.ToName()));
        _wait.Record(waited.TotalSeconds);
    }

    /// <summary>An operator released a statement at once.</summary>
    internal void GlassBroken() => _glassBroken.Add(1);
}
