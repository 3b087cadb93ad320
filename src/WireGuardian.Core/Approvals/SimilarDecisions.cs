namespace WireGuardian.Core.Approvals;

/// <summary>Counts decisions.</summary>
public static class SimilarDecisions
{
    /// <summary>What became of these requests; null where nobody decided on any.</summary>
    public static SimilarRequests? Of(IReadOnlyCollection<ApprovalRequest> requests)
    {
        var decided = requests.Where(request => request.Approvals.Count > 0).ToList();
        if (decided.Count == 0)
            return null;
        var denied = decided.Count(request => request.State == ApprovalState.Denied);
        var last = decided.Select(request => request.Approvals[^1]).MaxBy(decision => decision.Time)!;
        return new(decided.Count - denied, denied, last.Operator, last.Approved, last.Time);
    }
}
