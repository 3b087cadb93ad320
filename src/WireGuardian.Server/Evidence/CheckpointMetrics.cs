using System.Diagnostics.Metrics;

namespace WireGuardian.Server.Evidence;

/// <summary>The instruments of checkpoints on their way out.</summary>
internal sealed class CheckpointMetrics
{
    private readonly Counter<long> _sent;
    private readonly Counter<long> _failures;

    public CheckpointMetrics(Meter meter, IEnumerable<string> sinks)
    {
        _sent = meter.CreateCounter<long>("wireguardian.audit.checkpoints.sent", null, "Signed checkpoints of the audit trail that a sink took.");
        _failures = meter.CreateCounter<long>("wireguardian.audit.checkpoint.failures", null, "Attempts to send a checkpoint that failed, and checkpoints given up because newer ones waited.");
        // Zero is a figure too: an alert on failures needs the series before the first of them.
        foreach (var sink in sinks)
        {
            _sent.Add(0, Tag(sink));
            _failures.Add(0, Tag(sink));
        }
    }

    public void Sent(string sink) => _sent.Add(1, Tag(sink));

    public void Failed(string sink) => _failures.Add(1, Tag(sink));

    private static KeyValuePair<string, object?> Tag(string sink) => new("sink", sink);
}
