using WireGuardian.Core.Identity;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.Server.Configuration.Reading;

namespace WireGuardian.Server.Configuration.Sections;

/// <summary>Reads <c>approvals:</c>.</summary>
internal static class ApprovalsSection
{
    private static readonly ScalarForm<StatementKinds> Kind = ScalarForms.Choice(
        StatementKindNames.All.ToDictionary(name => name, name => StatementKindNames.TryParse(name, out var kind) ? kind : StatementKinds.None));

    private static readonly ScalarForm<RuleAction> Action = ScalarForms.Choice(new Dictionary<string, RuleAction>
    {
        ["allow"] = RuleAction.Allow,
        ["hold"] = RuleAction.Hold,
        ["deny"] = RuleAction.Deny,
    });

    private static readonly ScalarForm<HoldMode> Mode = ScalarForms.Choice(new Dictionary<string, HoldMode>
    {
        ["wait"] = HoldMode.Wait,
        ["resubmit"] = HoldMode.Resubmit,
    });

    private static readonly ScalarForm<TimeSpan> Timeout = ScalarForms.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(7));
    private static readonly string[] KeysOfHold = ["mode", "validity"];

    /// <summary>Who is asked, and for how long, also where a result passes a limit.</summary>
    private static readonly string[] KeysOfAsking = ["timeout", "approvers", "minimum", "breakGlass"];
    private static readonly string[] KeysOfLimits = ["maxRows", "maxBytes"];
    private static readonly ScalarForm<int> Rows = ScalarForms.Integer(1, int.MaxValue);
    private static readonly ScalarForm<int> Bytes = ScalarForms.Size(1 << 10, 1 << 30);
    private static readonly ScalarForm<int> Minimum = ScalarForms.Integer(1, 100);

    /// <param name="groupsMayBeClaimed">True where an OpenID provider's tokens add groups, so that who is in one is not to be known here.</param>
    public static IReadOnlyList<ApprovalRule> Read(
        Section root, IReadOnlyList<string> listeners, IReadOnlyList<OperatorOptions> operators, People people, bool groupsMayBeClaimed)
    {
        var rules = new List<ApprovalRule>();
        foreach (var section in root.Children("approvals", "an approval rule"))
        {
            if (ReadOne(section, [.. rules.Select(rule => rule.Name)], listeners, groupsMayBeClaimed ? null : operators, people) is { } rule)
                rules.Add(rule);
        }
        return rules;
    }

    private static ApprovalRule? ReadOne(
        Section section, IReadOnlyList<string> taken, IReadOnlyList<string> listeners, IReadOnlyList<OperatorOptions>? operators, People people)
    {
        var name = RuleNames.Read(section, taken);
        var of = RuleNames.ReadListeners(section, listeners);
        var kinds = section.List("kinds", Kind, mayBeEmpty: false);
        if (kinds is null && !section.Has("kinds"))
            section.Missing("kinds", $"a list of statement kinds: {string.Join(", ", StatementKindNames.All)}");
        var action = section.Require("action", Action);
        var timeout = section.Optional("timeout", Timeout);
        var approvers = section.List("approvers", ScalarForms.Name, mayBeEmpty: false) ?? [];
        var minimum = section.Optional("minimum", Minimum);
        var mode = section.Optional("mode", Mode);
        var validity = section.Optional("validity", Timeout);
        var breakGlass = section.List("breakGlass", ScalarForms.Name, mayBeEmpty: false) ?? [];
        var maxRows = section.Optional("maxRows", Rows);
        var maxBytes = section.Optional("maxBytes", Bytes);
        section.Finish();
        if (name is null || kinds is not { Count: > 0 } || action is null)
            return null;

        var rule = new ApprovalRule
        {
            Name = name,
            Listeners = of,
            Kinds = kinds.Aggregate(StatementKinds.None, (all, kind) => all | kind.Value),
            Action = action.Value,
            Approvers = [.. approvers.Select(group => group.Value)],
            BreakGlass = [.. breakGlass.Select(group => group.Value)],
        };
        rule = rule with
        {
            Timeout = timeout?.Value ?? rule.Timeout,
            Minimum = minimum?.Value ?? rule.Minimum,
            Mode = mode?.Value ?? rule.Mode,
            Validity = validity?.Value ?? rule.Validity,
            MaxRows = maxRows?.Value,
            MaxBytes = maxBytes?.Value,
        };
        if (rule is { Action: RuleAction.Hold, Mode: HoldMode.Wait } && validity is not null)
            section.Context.Warn(section.PositionOf("validity"), "\"validity\" has no effect with mode wait");
        if (rule.Action != RuleAction.Hold)
            WarnAboutIdleKeys(section, rule);
        if (operators is not null && (rule.Action == RuleAction.Hold || (rule.Action == RuleAction.Allow && rule.LimitsResults)))
            WarnAboutApprovers(section, rule, [.. approvers, .. breakGlass], operators, people);
        return rule;
    }

    private static void WarnAboutApprovers(
        Section section, ApprovalRule rule, IReadOnlyList<Located<string>> groups, IReadOnlyList<OperatorOptions> operators, People people)
    {
        foreach (var group in groups.Where(group => !operators.Any(one => one.Groups.Contains(group.Value))))
            section.Context.Warn(group.Position, $"no operator is in the group \"{group.Value}\"");
        var able = operators.Where(one => rule.Approvers.Count == 0 || one.Groups.Any(rule.Approvers.Contains)).Select(one => people.OfOperator(one.Name)).Distinct().Count();
        if (able < rule.Minimum)
        {
            section.Context.Warn(
                section.Position,
                $"rule \"{rule.Name}\" needs {rule.Minimum} different persons to approve, but only {able} may: what it holds can only expire");
        }
    }

    private static void WarnAboutIdleKeys(Section section, ApprovalRule rule)
    {
        var isAllow = rule.Action == RuleAction.Allow;
        string[] idle = [.. isAllow && rule.LimitsResults ? [] : KeysOfAsking, .. KeysOfHold, .. isAllow ? [] : KeysOfLimits];
        foreach (var key in idle.Where(section.Has))
            section.Context.Warn(section.PositionOf(key), $"\"{key}\" has no effect with action {(isAllow ? "allow" : "deny")}");
    }
}
