using WireGuardian.Core.Audit;
using WireGuardian.Core.Policies;

namespace WireGuardian.Core.Approvals;

/// <summary>
/// Puts the store right after a restart: the trail's last word on a request is what it became. What a connection was waiting for died with the connection: it is
/// abandoned, which is recorded. What no connection waits for goes on, if store and trail know the same decisions and its time is not over.
/// </summary>
internal static class ApprovalRecovery
{
    // The records of one request: its hold, decisions, refusals and end. The end is among the newest.
    private const int RecordsOfOneRequest = 10_000;

    /// <returns>The requests that go on.</returns>
    public static async Task<IReadOnlyList<ApprovalRequest>> RunAsync(IApprovalStore store, IAuditLog audit, TimeProvider time, CancellationToken cancellationToken)
    {
        var going = new List<ApprovalRequest>();
        foreach (var request in store.Unfinished())
        {
            var trail = audit.Query(new AuditQuery(RecordsOfOneRequest, RequestId: request.Id)).Select(chained => chained.Record).ToList();
            var decisions = trail.Where(IsDecision).Select(record => DecisionOf(request, record)).ToList();
            if (trail.Select(record => EndOf(record.Event)).LastOrDefault(state => state is not null) is not { } ended)
            {
                // A decision whose conditions are not known is none to run by, and neither is one that is not on record.
                var isKnown = decisions.SequenceEqual(request.Approvals);
                if (request.Mode == HoldMode.Resubmit && isKnown && Due(request) > time.GetUtcNow())
                {
                    going.Add(request);
                    continue;
                }
                ended = request.Mode == HoldMode.Resubmit && isKnown ? ApprovalState.Expired : ApprovalState.Abandoned;
                var detail = ended == ApprovalState.Expired ? "Its time was over before the proxy began." : "The proxy ended while the statement was held.";
                await audit.AppendDurableAsync(ApprovalRecords.End(request, ended, detail, time.GetUtcNow()), cancellationToken);
            }
            store.Save(ApprovalTransitions.Correct(request, ended, decisions));
        }
        return going;
    }

    private static DateTimeOffset? Due(ApprovalRequest request) => request.State == ApprovalState.Pending ? request.ExpiresAt : request.ReleaseBy;

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
        request.Approvals.FirstOrDefault(one => one.Operator == record.Operator && one.Time == record.Time)
        ?? new(record.Operator, record.Event != AuditEvents.Deny, record.Detail, record.Time)
        {
            Person = record.Person,
            Channel = record.Channel,
            Method = record.Method,
            IsBreakGlass = record.Event == AuditEvents.BreakGlass,
        };
}
