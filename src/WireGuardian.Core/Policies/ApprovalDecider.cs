using WireGuardian.Core.Statements;

namespace WireGuardian.Core.Policies;

/// <summary>
/// What the <c>approvals:</c> rules say of a statement's kinds. The first rule of the listener that matches any of the kinds decides; none: allow.
/// <c>unclassified</c> fails closed: only a rule that names it can allow it, and where a listener has rules but none that holds or denies it, it is
/// held by a rule of our own. A listener without any rule holds nothing.
/// </summary>
public static class ApprovalDecider
{
    /// <summary>The built-in rule for what cannot be classified: any operator, the usual time-out.</summary>
    public static ApprovalRule UnclassifiedRule { get; } = new()
    {
        Name = "unclassified",
        Kinds = StatementKinds.Unclassified,
        Action = RuleAction.Hold,
    };

    public static Verdict Decide(Policy policy, string listener, StatementKinds kinds)
    {
        var any = false;
        foreach (var rule in policy.Approvals)
        {
            if (!rule.AppliesTo(listener))
                continue;
            any = true;
            if (Decides(rule, kinds))
                return ByRule(rule, kinds);
        }
        if (any && kinds.HasFlag(StatementKinds.Unclassified))
            return new Verdict(RuleAction.Hold, UnclassifiedRule, kinds, "The statement could not be classified, and no rule is for such statements.");
        return new Verdict(RuleAction.Allow, null, kinds, any ? "No rule is for this statement." : "The listener has no approval rules.");
    }

    private static bool Decides(ApprovalRule rule, StatementKinds kinds)
    {
        if ((rule.Kinds & kinds) == 0)
            return false;
        // Trust in the part that was understood is no trust in the part that was not.
        var trustsUnseen = rule.Action == RuleAction.Allow && kinds.HasFlag(StatementKinds.Unclassified);
        return !trustsUnseen || rule.Kinds.HasFlag(StatementKinds.Unclassified);
    }

    private static Verdict ByRule(ApprovalRule rule, StatementKinds kinds)
    {
        var verb = rule.Action switch { RuleAction.Allow => "allows", RuleAction.Hold => "holds", _ => "denies" };
        var matched = string.Join(", ", (rule.Kinds & kinds).ToNames());
        return new Verdict(rule.Action, rule, kinds, $"The rule {rule.Name} {verb} statements of kind {matched}.");
    }
}
