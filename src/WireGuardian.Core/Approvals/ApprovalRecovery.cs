using WireGuardian.Core.Audit;

namespace WireGuardian.Core.Approvals;

/// <summary>
/// Puts the store right after a restart. What a connection was waiting for died with the connection, so nothing stays pending: the trail's
/// last word on a request is what it became, and where there is none it was abandoned, which is recorded.
/// </summary>
internal static class ApprovalRecovery
{
    // The records of one request: its hold, decisions, refusals and end. The end is among the newest.
    private const int RecordsOfOneRequest = 10_000;

    public static async Task RunAsync(IApprovalStore store, IAuditLog audit, TimeProvider time, CancellationToken cancellationToken)
    {
        foreach (var request in store.Unfinished())
        {
            var trail = audit.Query(new AuditQuery(RecordsOfOneRequest, RequestId: request.Id)).Select(chained => chained.Record).ToList();
            if (trail.Select(record => EndOf(record.Event)).LastOrDefault(state => state is not null) is not { } ended)
            {
                ended = ApprovalState.Abandoned;
                var record = ApprovalRecords.End(request, ended, "The proxy ended while the statement was held.", time.GetUtcNow());
                await audit.AppendDurableAsync(record, cancellationToken);
            }
            store.Save(request with { State = ended, Approvals = [.. trail.Where(IsDecision).Select(DecisionOf)] });
        }
    }

    private static ApprovalState? EndOf(string happened) => happened switch
    {
        AuditEvents.Release => ApprovalState.Released,
        AuditEvents.Deny => ApprovalState.Denied,
        AuditEvents.Expire => ApprovalState.Expired,
        AuditEvents.Withdraw => ApprovalState.Withdrawn,
        AuditEvents.Abandon => ApprovalState.Abandoned,
        _ => null,
    };

    private static bool IsDecision(AuditRecord record) => record.Event is AuditEvents.Approve or AuditEvents.Deny;

    private static ApprovalDecision DecisionOf(AuditRecord record) =>
        new(record.Operator, record.Event == AuditEvents.Approve, record.Detail, record.Time);
}
