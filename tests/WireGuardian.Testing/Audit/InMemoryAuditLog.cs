using WireGuardian.Core.Audit;

namespace WireGuardian.Testing.Audit;

/// <summary>A trail in memory that can be made to fail, or to keep a record waiting.</summary>
public sealed class InMemoryAuditLog : IAuditLog
{
    private readonly Lock _lock = new();
    private readonly List<ChainedAuditRecord> _records = [];
    private AuditHead _head = AuditHead.Empty;

    /// <summary>While true, everything is refused.</summary>
    public bool IsBroken { get; set; }

    /// <summary>Awaited before a durable record is kept.</summary>
    public Func<AuditRecord, Task> BeforeDurable { get; set; } = _ => Task.CompletedTask;

    public IReadOnlyList<AuditRecord> Records
    {
        get
        {
            lock (_lock)
                return [.. _records.Select(chained => chained.Record)];
        }
    }

    public IReadOnlyList<string> Events => [.. Records.Select(record => record.Event)];

    public void Append(AuditRecord record)
    {
        if (IsBroken)
            throw new AuditUnavailableException("The audit log of this test is broken.");
        lock (_lock)
        {
            var chained = AuditChain.Link(_head, record);
            _records.Add(chained);
            _head = new AuditHead(chained.Sequence, chained.Hash);
        }
    }

    public async ValueTask AppendDurableAsync(AuditRecord record, CancellationToken cancellationToken)
    {
        await BeforeDurable(record).WaitAsync(cancellationToken);
        Append(record);
    }

    public IReadOnlyList<ChainedAuditRecord> Query(AuditQuery query)
    {
        lock (_lock)
        {
            return
            [
                .. _records
                    .Where(chained => query.Since is not { } since || chained.Record.Time >= since)
                    .Where(chained => query.RequestId is not { } id || chained.Record.RequestId == id)
                    .TakeLast(query.Limit),
            ];
        }
    }
}
