using WireGuardian.Core.Statements;

namespace WireGuardian.Core.Policies;

/// <summary>
/// What the <c>approvals:</c> rules say of a statement's kinds. The first rule of the listener that matches any of the kinds decides; none: allow. An
/// <c>allow</c> decides only for the kinds that it names: <c>WITH x AS (DELETE …) SELECT</c> does not pass because SELECT may.
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
        var undecided = kinds;
        ApprovalRule? allowing = null;
        ApprovalRule? limiting = null;
        foreach (var rule in policy.Approvals)
        {
            if (!rule.AppliesTo(listener))
                continue;
            any = true;
            if ((rule.Kinds & undecided) == 0)
                continue;
            limiting ??= rule.LimitsResults ? rule : null;
            if (rule.Action != RuleAction.Allow)
                return ByRule(rule, kinds, limiting);
            allowing ??= rule;
            undecided &= ~rule.Kinds;
        }
        if (any && undecided.HasFlag(StatementKinds.Unclassified))
            return new Verdict(RuleAction.Hold, UnclassifiedRule, kinds, "The statement could not be classified, and no rule is for such statements.") { LimitedBy = limiting };
        return allowing is null
            ? new Verdict(RuleAction.Allow, null, kinds, any ? "No rule is for this statement." : "The listener has no approval rules.")
            : ByRule(allowing, kinds, limiting);
    }

    private static Verdict ByRule(ApprovalRule rule, StatementKinds kinds, ApprovalRule? limiting)
    {
        var verb = rule.Action switch { RuleAction.Allow => "allows", RuleAction.Hold => "holds", _ => "denies" };
        var matched = string.Join(", ", (rule.Kinds & kinds).ToNames());
        return new Verdict(rule.Action, rule, kinds, $"The rule {rule.Name} {verb} statements of kind {matched}.") { LimitedBy = limiting };
    }
}
