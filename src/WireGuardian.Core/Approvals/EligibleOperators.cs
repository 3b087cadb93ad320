using WireGuardian.Core.Identity;

namespace WireGuardian.Core.Approvals;

/// <summary>Whether an operator may decide on a request.</summary>
internal static class EligibleOperators
{
    /// <summary>Why this operator may not decide, in one sentence; null when they may.</summary>
    public static string? ProblemOf(ApprovalRequest request, Operator by)
    {
        if (string.Equals(by.Name, request.User, StringComparison.OrdinalIgnoreCase))
            return $"The operator {by.Name} is the requester and may not decide on this request.";
        if (request.Approvers.Count > 0 && !request.Approvers.Intersect(by.Groups, StringComparer.Ordinal).Any())
            return $"The operator {by.Name} is in none of the groups that may decide: {string.Join(", ", request.Approvers)}.";
        if (request.Approvals.Any(decision => string.Equals(decision.Operator, by.Name, StringComparison.OrdinalIgnoreCase)))
            return $"The operator {by.Name} has already decided on this request.";
        return null;
    }
}
