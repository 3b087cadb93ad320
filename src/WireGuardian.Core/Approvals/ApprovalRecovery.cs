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
            store.Save(ApprovalTransitions.Correct(request, ended, [.. trail.Where(IsDecision).Select(record => DecisionOf(request, record))]));
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

    private static bool IsDecision(AuditRecord record) => record.Event is AuditEvents.Approve or AuditEvents.BreakGlass or AuditEvents.Deny;

    /// <summary>The store knows a decision's conditions too, if it came so far.</summary>
    private static ApprovalDecision DecisionOf(ApprovalRequest request, AuditRecord record) =>
        request.Approvals.FirstOrDefault(one => one.Operator == record.Operator && one.Time == record.Time) ?? new(record.Operator, record.Event != AuditEvents.Deny, record.Detail, record.Time) { IsBreakGlass = record.Event == AuditEvents.BreakGlass };
}
