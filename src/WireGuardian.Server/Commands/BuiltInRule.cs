using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;

namespace WireGuardian.Server.Commands;

/// <summary>The rule that no file names: where there are approval rules but none for it, what cannot be classified is held.</summary>
internal static class BuiltInRule
{
    /// <summary>The rule as it comes after those of <paramref name="policy"/>; null where it does not apply.</summary>
    public static ApprovalRule? For(Policy policy) =>
        policy.Approvals.Count == 0 || policy.Approvals.Any(rule => rule.Kinds.HasFlag(StatementKinds.Unclassified) && rule.Listeners.Count == 0)
            ? null
            : new ApprovalRule { Name = "unclassified", Kinds = StatementKinds.Unclassified, Action = RuleAction.Hold };
}
