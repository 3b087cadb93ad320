using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;

namespace WireGuardian.Core.Tests.Policies;

public sealed class ApprovalDeciderTests
{
    private static readonly ApprovalRule HoldDdl = Rule("schema", RuleAction.Hold, StatementKinds.Ddl | StatementKinds.Privilege);
    private static readonly ApprovalRule DenyExport = Rule("exports", RuleAction.Deny, StatementKinds.Export);
    private static readonly ApprovalRule AllowSelect = Rule("reads", RuleAction.Allow, StatementKinds.Select);

    [Test]
    public void Without_rules_nothing_is_held()
    {
        var verdict = Decide(StatementKinds.Unclassified);
        Assert.That(verdict.Action, Is.EqualTo(RuleAction.Allow));
        Assert.That(verdict.Rule, Is.Null);
        Assert.That(verdict.RuleName, Is.Empty);
    }

    [Test]
    public void Rules_of_another_listener_are_no_rules() =>
        Assert.That(Decide(StatementKinds.Unclassified, HoldDdl with { Listeners = ["other"] }).Action, Is.EqualTo(RuleAction.Allow));

    [Test]
    public void A_statement_that_no_rule_matches_is_allowed() =>
        Assert.That(Decide(StatementKinds.Select, HoldDdl, DenyExport).Action, Is.EqualTo(RuleAction.Allow));

    [Test]
    public void The_first_rule_that_matches_any_kind_decides()
    {
        var kinds = StatementKinds.Ddl | StatementKinds.Export;
        Assert.That(Decide(kinds, HoldDdl, DenyExport).RuleName, Is.EqualTo("schema"));
        Assert.That(Decide(kinds, DenyExport, HoldDdl).RuleName, Is.EqualTo("exports"));
        Assert.That(Decide(kinds, DenyExport with { Listeners = ["other"] }, HoldDdl).RuleName, Is.EqualTo("schema"));
    }

    [Test]
    public void The_first_rule_with_a_limit_that_matches_limits_whoever_decides()
    {
        var limited = Rule("exports", RuleAction.Allow, StatementKinds.Export) with { MaxRows = 5 };
        Assert.That(Decide(StatementKinds.Select | StatementKinds.Export, AllowSelect, limited).LimitedBy, Is.SameAs(limited));
        Assert.That(Decide(StatementKinds.Ddl | StatementKinds.Export, limited, HoldDdl).LimitedBy, Is.SameAs(limited));
        Assert.That(Decide(StatementKinds.Select, AllowSelect, limited).LimitedBy, Is.Null);
    }

    [Test]
    public void A_verdict_says_why_and_keeps_the_kinds()
    {
        var verdict = Decide(StatementKinds.Ddl | StatementKinds.Select, HoldDdl);
        Assert.That(verdict.Reason, Is.EqualTo("The rule schema holds statements of kind ddl."));
        Assert.That(verdict.Kinds, Is.EqualTo(StatementKinds.Ddl | StatementKinds.Select));
    }

    [Test]
    public void Unclassified_is_held_where_there_are_rules_but_none_for_it()
    {
        var verdict = Decide(StatementKinds.Unclassified, HoldDdl);
        Assert.That(verdict.Action, Is.EqualTo(RuleAction.Hold));
        Assert.That(verdict.RuleName, Is.EqualTo("unclassified"));
        Assert.That(verdict.Rule!.Approvers, Is.Empty);
        Assert.That(verdict.Rule!.Timeout, Is.EqualTo(TimeSpan.FromMinutes(10)));
    }

    [Test]
    public void A_rule_that_names_unclassified_decides_on_it([Values] RuleAction action) =>
        Assert.That(Decide(StatementKinds.Unclassified, HoldDdl, Rule("own", action, StatementKinds.Unclassified)).Action, Is.EqualTo(action));

    [Test]
    public void An_allowed_kind_does_not_carry_unclassified_with_it()
    {
        var kinds = StatementKinds.Select | StatementKinds.Unclassified;
        Assert.That(Decide(kinds, AllowSelect).RuleName, Is.EqualTo("unclassified"));
        Assert.That(Decide(kinds, AllowSelect, Rule("own", RuleAction.Deny, StatementKinds.Unclassified)).RuleName, Is.EqualTo("own"));
    }

    [Test]
    public void A_rule_that_holds_or_denies_another_kind_decides_on_unclassified_with_it() =>
        Assert.That(Decide(StatementKinds.Export | StatementKinds.Unclassified, DenyExport).RuleName, Is.EqualTo("exports"));

    [Test]
    public void An_allow_that_names_both_kinds_allows_both() =>
        Assert.That(
            Decide(StatementKinds.Select | StatementKinds.Unclassified, AllowSelect with { Kinds = StatementKinds.Select | StatementKinds.Unclassified }).Action,
            Is.EqualTo(RuleAction.Allow));

    private static Verdict Decide(StatementKinds kinds, params ApprovalRule[] rules) =>
        ApprovalDecider.Decide(new Policy { Approvals = rules }, "app-pg", kinds);

    private static ApprovalRule Rule(string name, RuleAction action, StatementKinds kinds) => new() { Name = name, Action = action, Kinds = kinds };
}
