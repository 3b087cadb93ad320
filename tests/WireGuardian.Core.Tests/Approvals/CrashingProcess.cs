using WireGuardian.Core.Approvals;
using WireGuardian.Core.Audit;
using WireGuardian.Testing.Approvals;
using WireGuardian.Testing.Audit;

namespace WireGuardian.Core.Tests.Approvals;

/// <summary>
/// The trail and the store as one process sees them, until it dies: from then on nothing of it reaches them, and what it waits for never comes. It can be made to
/// die right before or right after a record is kept.
/// </summary>
internal sealed class CrashingProcess(InMemoryAuditLog audit, InMemoryApprovalStore store) : IAuditLog, IApprovalStore
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _died = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _recordsToLive = int.MaxValue;
    private bool _keepsLastRecord;

    /// <summary>Completes when the process dies.</summary>
    public Task Died => _died.Task;

    /// <summary>The process dies with the record after so many more.</summary>
    public void DieAfter(int records, bool keepsLastRecord)
    {
        lock (_lock)
            (_recordsToLive, _keepsLastRecord) = (records, keepsLastRecord);
    }

    public void Die()
    {
        lock (_lock)
            _died.TrySetResult();
    }

    /// <summary>Does something that the world outside sees; nothing, once the process is dead.</summary>
    public void WhileAlive(Action act)
    {
        lock (_lock)
        {
            if (!_died.Task.IsCompleted)
                act();
        }
    }

    public void Append(AuditRecord record) => WhileAlive(() => audit.Append(record));

    public async ValueTask AppendDurableAsync(AuditRecord record, CancellationToken cancellationToken)
    {
        await Task.Yield();
        WhileAlive(() =>
        {
            if (_recordsToLive-- > 0)
            {
                audit.Append(record);
                return;
            }
            if (_keepsLastRecord)
                audit.Append(record);
            _died.TrySetResult();
        });
        if (_died.Task.IsCompleted)
            await new TaskCompletionSource().Task;
    }

    public IReadOnlyList<ChainedAuditRecord> Query(AuditQuery query) => audit.Query(query);

    public void Save(ApprovalRequest request) => WhileAlive(() => store.Save(request));

    public ApprovalRequest? Find(string id) => store.Find(id);

    public IReadOnlyList<ApprovalRequest> InState(ApprovalState state, int limit) => store.InState(state, limit);

    public SimilarRequests? Similar(ApprovalRequest request) => store.Similar(request);

    public IReadOnlyList<ApprovalRequest> Unfinished() => store.Unfinished();
}
