using WireGuardian.Core.Audit;

namespace WireGuardian.ControlPlane.Tests.Hosting;

/// <summary>A trail in memory.</summary>
internal sealed class FakeAuditLog : IAuditLog
{
    private readonly Lock _lock = new();
    private readonly List<ChainedAuditRecord> _records = [];
    private readonly List<AuditRecord> _admissions = [];

    public bool Unavailable { get; set; }

    public IReadOnlyList<ChainedAuditRecord> Records
    {
        get
        {
            lock (_lock)
                return [.. _records];
        }
    }

    /// <summary>Records of operators who were let in. They are kept apart, as almost every test has one.</summary>
    public IReadOnlyList<AuditRecord> Admissions
    {
        get
        {
            lock (_lock)
                return [.. _admissions];
        }
    }

    public void Append(AuditRecord record)
    {
        if (Unavailable)
            throw new AuditUnavailableException("The disk is full.");
        lock (_lock)
        {
            if (record.Event == AuditEvents.OperatorLogin)
                _admissions.Add(record);
            else
                _records.Add(new ChainedAuditRecord(_records.Count + 1, record, $"hash{_records.Count}", $"hash{_records.Count + 1}"));
        }
    }

    public ValueTask AppendDurableAsync(AuditRecord record, CancellationToken cancellationToken)
    {
        Append(record);
        return ValueTask.CompletedTask;
    }

    public IReadOnlyList<ChainedAuditRecord> Query(AuditQuery query) =>
    [
        .. Records
            .Where(r => query.Since is null || r.Record.Time >= query.Since)
            .Where(r => query.RequestId is null || r.Record.RequestId == query.RequestId)
            .TakeLast(query.Limit),
    ];
}
