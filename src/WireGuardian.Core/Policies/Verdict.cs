using WireGuardian.Core.Statements;

namespace WireGuardian.Core.Policies;

/// <summary>What is to happen to one statement, and because of which rule.</summary>
/// <param name="Action">Allow, hold or deny.</param>
/// <param name="Rule">The rule that decided; null when no rule matched.</param>
/// <param name="Kinds">The kinds of the statement (of all statements, where one message holds several).</param>
/// <param name="Reason">One sentence for the requester and the operator: why. Never a user's value.</param>
public sealed record Verdict(RuleAction Action, ApprovalRule? Rule, StatementKinds Kinds, string Reason)
{
    /// <summary>The rule that limits the size of the result: the first that matched and has a limit; null for none.</summary>
    public ApprovalRule? LimitedBy { get; init; }

    /// <summary>Name of the deciding rule as it stands in records; empty when no rule matched.</summary>
    public string RuleName => Rule?.Name ?? "";
}
