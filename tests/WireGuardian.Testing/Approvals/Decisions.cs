using WireGuardian.Core.Approvals;
using WireGuardian.Core.Identity;

namespace WireGuardian.Testing.Approvals;

/// <summary>Plain decisions, in few words.</summary>
public static class Decisions
{
    public static ValueTask<DecisionOutcome> DecideAsync(
        this IApprovalQueue queue, string id, Operator by, bool approve, string reason, CancellationToken cancellationToken) =>
        queue.DecideAsync(id, new(by, approve ? DecisionVerb.Approve : DecisionVerb.Deny) { Reason = reason }, cancellationToken);
}
