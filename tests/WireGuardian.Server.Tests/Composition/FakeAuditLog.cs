using WireGuardian.Core.Audit;

namespace WireGuardian.Server.Tests.Composition;

/// <summary>An audit log that notes events, or refuses them.</summary>
internal sealed class FakeAuditLog(List<string> calls) : IAuditLog
{
    public bool IsUnavailable { get; set; }

    public void Append(AuditRecord record) => throw new NotSupportedException();

    public ValueTask AppendDurableAsync(AuditRecord record, CancellationToken cancellationToken)
    {
        if (IsUnavailable)
            throw new AuditUnavailableException("disk full");
        calls.Add($"record {record.Event}");
        return ValueTask.CompletedTask;
    }

    public IReadOnlyList<ChainedAuditRecord> Query(AuditQuery query) => [];
}
