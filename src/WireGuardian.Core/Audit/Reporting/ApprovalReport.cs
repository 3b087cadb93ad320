namespace WireGuardian.Core.Audit.Reporting;

/// <summary>What an auditor asks of a period: who approved what, how fast, and what went another way.</summary>
public sealed record ApprovalReport
{
    /// <summary>Only what happened from this time on; null for all.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only what happened before this time; null for all.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>All of it.</summary>
    public required ApprovalTally Total { get; init; }

    /// <summary>By the rule that held the statement, in the order of the names.</summary>
    public required IReadOnlyList<ApprovalTally> ByRule { get; init; }

    /// <summary>By the operator who decided or tried to, in the order of the names.</summary>
    public required IReadOnlyList<ApprovalTally> ByOperator { get; init; }

    /// <summary>Every decision that counted or was refused, oldest first; at most <see cref="ApprovalReportBuilder.MostDecisions"/>, the newest.</summary>
    public required IReadOnlyList<ReportedDecision> Decisions { get; init; }

    /// <summary>How many older decisions the list leaves out; the sums have them.</summary>
    public long DecisionsLeftOut { get; init; }

    /// <summary>Calls that showed no valid operator's credentials, by the caller's address, most first.</summary>
    public required IReadOnlyList<KeyValuePair<string, long>> RefusedOperators { get; init; }
}

/// <summary>Sums for one rule, one operator, or all.</summary>
public sealed record ApprovalTally
{
    /// <summary>Of the rule or operator; empty for all.</summary>
    public required string Name { get; init; }

    /// <summary>Statements that were held.</summary>
    public long Held { get; init; }

    /// <summary>Approvals that counted; a statement can have several.</summary>
    public long Approvals { get; init; }

    public long Denials { get; init; }
    public long BreakGlass { get; init; }

    /// <summary>Statements that were approved and ran.</summary>
    public long Released { get; init; }
    public long Expired { get; init; }
    public long Withdrawn { get; init; }
    public long Abandoned { get; init; }

    /// <summary>Decisions that did not count.</summary>
    public long RefusedDecisions { get; init; }

    /// <summary>Those of them in which the requester tried to decide.</summary>
    public long SelfApprovals { get; init; }

    /// <summary>From the hold to the decision that settled it; null where nothing was decided.</summary>
    public TimeSpan? MedianWait { get; init; }

    /// <summary>19 of 20 decisions came within this time.</summary>
    public TimeSpan? P95Wait { get; init; }
}

/// <summary>One decision.</summary>
/// <param name="Sequence">Of its record in the trail.</param>
/// <param name="Time">When.</param>
/// <param name="Event"><c>approve</c>, <c>deny</c>, <c>break-glass</c> or <c>decision-refused</c>.</param>
/// <param name="Operator">Who decided.</param>
/// <param name="Person">The person behind the operator, where the configuration names one.</param>
/// <param name="Channel">Through which way.</param>
/// <param name="Method">How the operator was verified; empty where that was not recorded.</param>
/// <param name="RequestId">Of which request.</param>
/// <param name="Principal">Who had asked.</param>
/// <param name="Rule">The rule that held the statement.</param>
/// <param name="Statement">The statement, its literals masked.</param>
/// <param name="Reason">What the operator wrote, or why the decision was refused.</param>
/// <param name="Wait">Since the statement was held; null where that is not known.</param>
/// <param name="IsSelfApproval">The requester tried to decide.</param>
public sealed record ReportedDecision(
    long Sequence, DateTimeOffset Time, string Event, string Operator, string Person, string Channel, string Method, string RequestId, string Principal, string Rule,
    string Statement, string Reason, TimeSpan? Wait, bool IsSelfApproval);
