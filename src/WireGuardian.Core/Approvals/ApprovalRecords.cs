using WireGuardian.Core.Audit;

namespace WireGuardian.Core.Approvals;

/// <summary>The audit records of a request's life.</summary>
internal static class ApprovalRecords
{
    public static AuditRecord Hold(ApprovalRequest request, DateTimeOffset time) =>
        Of(request, time, AuditEvents.Hold, "hold", request.Reason);

    /// <summary>A decision that is about to count; <paramref name="state"/> is where it leads.</summary>
    public static AuditRecord Decision(ApprovalRequest request, ApprovalDecision decision, ApprovalState state) =>
        Of(request, decision.Time, decision.Approved ? AuditEvents.Approve : AuditEvents.Deny, state.ToName(), decision.Reason) with
        {
            Operator = decision.Operator,
        };

    /// <summary>A decision that did not count.</summary>
    public static AuditRecord Refused(ApprovalRequest? request, string id, string by, string problem, DateTimeOffset time) =>
        (request is null
            ? new AuditRecord { Time = time, Event = AuditEvents.DecisionRefused, RequestId = id, Decision = "refused", Detail = problem }
            : Of(request, time, AuditEvents.DecisionRefused, "refused", problem)) with
        {
            Operator = by,
        };

    public static AuditRecord Release(ApprovalRequest request, DateTimeOffset time) =>
        Of(request, time, AuditEvents.Release, ApprovalState.Released.ToName(), "");

    /// <summary>The request came to an end without a decision.</summary>
    public static AuditRecord End(ApprovalRequest request, ApprovalState state, string detail, DateTimeOffset time) =>
        Of(request, time, EventOf(state), state.ToName(), detail);

    private static string EventOf(ApprovalState state) => state switch
    {
        ApprovalState.Expired => AuditEvents.Expire,
        ApprovalState.Withdrawn => AuditEvents.Withdraw,
        _ => AuditEvents.Abandon,
    };

    private static AuditRecord Of(ApprovalRequest request, DateTimeOffset time, string happened, string decision, string detail) => new()
    {
        Time = time,
        Event = happened,
        RequestId = request.Id,
        Principal = request.User,
        Client = request.Client,
        Listener = request.Listener,
        Database = request.Database,
        Statement = request.Statement,
        Kinds = request.Kinds,
        Decision = decision,
        Rule = request.Rule,
        Digest = request.Digest,
        PolicyVersion = request.PolicyVersion,
        Detail = detail,
    };
}
