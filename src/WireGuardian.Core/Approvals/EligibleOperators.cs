using WireGuardian.Core.Identity;

namespace WireGuardian.Core.Approvals;

/// <summary>Whether an operator may decide on a request as they want to.</summary>
internal static class EligibleOperators
{
    /// <summary>The longest validity that an operator may give an approval.</summary>
    private static readonly TimeSpan LongestValidity = TimeSpan.FromDays(7);

    /// <summary>Why this decision does not count; null when it does.</summary>
    public static DecisionOutcome? RefusalOf(ApprovalRequest request, OperatorDecision decision, DateTimeOffset now)
    {
        var by = decision.By;
        if (IsRequester(request, by))
        {
            var itself = string.Equals(by.Name, request.User, StringComparison.OrdinalIgnoreCase);
            return Refused(DecisionRefusal.Requester, $"The operator {by.Name} is the requester{(itself ? "" : $" {request.User}, by the configuration's people,")} and may not decide on this request.");
        }
        var groups = decision.Verb == DecisionVerb.BreakGlass ? request.BreakGlass : request.Approvers;
        if (decision.Verb == DecisionVerb.BreakGlass && groups.Count == 0)
            return Refused(DecisionRefusal.NotPermitted, $"The rule {request.Rule} lets nobody break the glass.");
        if (groups.Count > 0 && !groups.Intersect(by.Groups, StringComparer.Ordinal).Any())
        {
            var may = decision.Verb == DecisionVerb.BreakGlass ? "may break the glass" : "may decide";
            return Refused(DecisionRefusal.NotPermitted, $"The operator {by.Name} is in none of the groups that {may}: {string.Join(", ", groups)}.");
        }
        if (decision.Verb == DecisionVerb.Approve && request.Approvals.FirstOrDefault(one => one.CountsAt(now) && IsSame(one, by)) is { } earlier)
        {
            var same = string.Equals(earlier.Operator, by.Name, StringComparison.OrdinalIgnoreCase);
            return Refused(DecisionRefusal.NotPermitted, same
                ? $"The operator {by.Name} has already decided on this request."
                : $"The operator {by.Name} is the same person as {earlier.Operator}, who has already decided on this request.");
        }
        return ConditionsOf(request, decision);

        DecisionOutcome Refused(DecisionRefusal refusal, string problem) => new(false, request, problem, refusal);
    }

    private static DecisionOutcome? ConditionsOf(ApprovalRequest request, OperatorDecision decision)
    {
        var problem = decision switch
        {
            { Verb: DecisionVerb.BreakGlass } when string.IsNullOrWhiteSpace(decision.Reason) => "Breaking the glass needs a reason.",
            { Verb: DecisionVerb.Deny } and ({ ValidFor: not null } or { MaxRows: not null }) => "A denial has no conditions.",
            { ValidFor: { } validity } when validity <= TimeSpan.Zero || validity > LongestValidity => "An approval is valid for 1 second to 7 days.",
            { MaxRows: < 0 } => "A number of rows is not negative.",
            { MaxRows: not null } when !request.CanLimitRows =>
                "The number of rows of this statement's result cannot be limited here, so an approval on that condition is refused.",
            _ => null,
        };
        return problem is null ? null : new(false, request, problem, DecisionRefusal.Impossible);
    }

    private static bool IsRequester(ApprovalRequest request, Operator by) =>
        new[] { request.User, request.Person }.Intersect([by.Name, by.Person], StringComparer.OrdinalIgnoreCase).Any();

    private static bool IsSame(ApprovalDecision decision, Operator by) =>
        string.Equals(decision.Operator, by.Name, StringComparison.OrdinalIgnoreCase) || string.Equals(decision.Person, by.Person, StringComparison.OrdinalIgnoreCase);
}
