using WireGuardian.Core.Audit;

namespace WireGuardian.Core.Approvals;

/// <summary>The audit records of a request's life.</summary>
internal static class ApprovalRecords
{
    /// <summary>What <see cref="AuditRecord.Decision"/> says where somebody tried to approve what they asked for themselves.</summary>
    private const string SelfApproval = "self-approval";

    public static AuditRecord Hold(ApprovalRequest request, DateTimeOffset time) =>
        Of(request, time, AuditEvents.Hold, "hold", request.Reason);

    /// <summary>It was sent again, and did not pass.</summary>
    public static AuditRecord Resubmit(ApprovalRequest request, ApprovalRequest again, DateTimeOffset time) =>
        Of(request, time, AuditEvents.Resubmit, request.State.ToName(), "It was sent again and did not pass.") with { Client = again.Client };

    /// <summary>A decision that is about to count; <paramref name="state"/> is where it leads.</summary>
    public static AuditRecord Decision(ApprovalRequest request, ApprovalDecision decision, ApprovalState state) =>
        Of(request, decision.Time, EventOf(decision), state.ToName(), decision.Reason) with
        {
            Operator = decision.Operator,
            Person = decision.Person,
            Channel = decision.Channel,
            Method = decision.Method,
        };

    /// <summary>A decision that did not count. What a requester tried is told apart from what others may not.</summary>
    public static AuditRecord Refused(DecisionOutcome outcome, OperatorDecision decision, DateTimeOffset time)
    {
        var how = outcome.Refusal == DecisionRefusal.Requester && decision.Verb != DecisionVerb.Deny ? SelfApproval : "refused";
        // The id is what somebody typed: only one that exists goes on record.
        var record = outcome.Request is { } request
            ? Of(request, time, AuditEvents.DecisionRefused, how, outcome.Problem)
            : new AuditRecord { Time = time, Event = AuditEvents.DecisionRefused, Decision = how, Detail = outcome.Problem };
        return record with { Operator = decision.By.Name, Person = decision.By.Person, Channel = decision.Channel, Method = decision.By.Method };
    }

    private static string EventOf(ApprovalDecision decision) =>
        decision.IsBreakGlass ? AuditEvents.BreakGlass : decision.Approved ? AuditEvents.Approve : AuditEvents.Deny;

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
        Person = request.Person,
        Detail = detail,
    };
}
