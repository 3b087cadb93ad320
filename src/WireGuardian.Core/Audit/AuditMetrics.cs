using System.Diagnostics.Metrics;

namespace WireGuardian.Core.Audit;

/// <summary>The trail's instruments.</summary>
public sealed class AuditMetrics
{
    private readonly Counter<long> _records;
    private readonly Counter<long> _failures;

    public AuditMetrics(Meter meter)
    {
        _records = meter.CreateCounter<long>("wireguardian.audit.records", null, "Audit records committed to the store.");
        _failures = meter.CreateCounter<long>("wireguardian.audit.failures", null, "Audit records that were refused, and commits that failed.");
        // Zero is a figure too: an alert on failures needs the series before the first of them.
        _records.Add(0);
        _failures.Add(0);
    }

    public void Committed(int records) => _records.Add(records);

    public void Failed(int times = 1) => _failures.Add(times);
}
