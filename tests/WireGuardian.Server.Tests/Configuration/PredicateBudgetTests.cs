using WireGuardian.Core.Policies;

namespace WireGuardian.Server.Tests.Configuration;

[TestFixture]
public sealed class PredicateBudgetTests
{
    private const string Rule = "masking: [{ name: x, columns: [a.b.c], with: redact, predicates: { perHour: 20, then: hold } }]\n";

    [Test]
    public void A_budget_stands_in_the_place_of_a_word()
    {
        using var folder = new ConfigurationFolder();
        var rule = folder.Parse(Yaml.Minimal + Rule).Policy.Masking.Single();
        Assert.That((rule.Predicates, rule.PredicateBudget), Is.EqualTo((RuleAction.Allow, new PredicateBudget("x", 20, RuleAction.Hold))));
    }

    [Test]
    public void It_is_not_for_a_listener_that_cannot_count()
    {
        using var folder = new ConfigurationFolder();
        Assert.That(
            folder.Errors(Yaml.Minimal.Replace("protocol: postgres", "protocol: mysql", StringComparison.Ordinal) + Rule),
            Is.EqualTo((string[])["config.yaml:7:1: masking rule \"x\" has a budget of predicates, which listener \"app\" (mysql) cannot count; name the rule's listeners"]));
    }
}
