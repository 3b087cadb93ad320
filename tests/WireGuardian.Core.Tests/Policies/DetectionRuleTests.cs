using WireGuardian.Core.Detection;
using WireGuardian.Core.Identity;
using WireGuardian.Core.Policies;

namespace WireGuardian.Core.Tests.Policies;

public sealed class DetectionRuleTests
{
    private static readonly Principal Bob = new("bob", ["support"], "127.0.0.1", "psql");

    private static readonly Policy Policy = new()
    {
        Detection =
        [
            new DetectionRule { Name = "logs", Columns = [new("public", "logs", "*")], Except = [new("*", "*", "id")], Exempt = ["support"] },
            new DetectionRule { Name = "app", Listeners = ["app-pg"], Columns = [new("app_?", "*_notes", "b*d?")], Detectors = DetectorSet.Of(Detector.EmailAddress) },
            new DetectionRule { Name = "rest" },
        ],
    };

    [TestCase("public", "logs", "line", null)]
    [TestCase("public", "logs", "id", "rest")]
    [TestCase("public", "logs2", "line", "rest")]
    [TestCase("app_1", "user_notes", "body", "app")]
    [TestCase("app_1", "user_notes", "bad body", "app")]
    [TestCase("app_12", "user_notes", "body", "rest")]
    [TestCase("App_1", "user_notes", "body", "rest")]
    [TestCase("app_1", "notes", "body", "rest")]
    [TestCase("app_1", "user_notes", "bod", "rest")]
    public void The_first_rule_that_covers_a_column_decides(string schema, string table, string column, string? expected) =>
        Assert.That(DetectionRule.Find(Policy.DetectionFor("app-pg"), (schema, table, column), Bob)?.Name, Is.EqualTo(expected));

    [Test]
    public void What_comes_from_nobody_knows_where_may_come_from_any_covered_column()
    {
        Assert.That(DetectionRule.Find(Policy.DetectionFor("app-pg"), column: null, Bob with { Groups = [] })?.Name, Is.EqualTo("logs"));
        Assert.That(DetectionRule.Find([], column: null, Bob), Is.Null);
    }

    [Test]
    public void A_listener_has_its_own_rules_and_those_of_all() =>
        Assert.That(Policy.DetectionFor("other").Select(rule => rule.Name), Is.EqualTo(new[] { "logs", "rest" }));

    [TestCase("*", "", true)]
    [TestCase("a*", "a", true)]
    [TestCase("*a*b*", "xxaxxb", true)]
    [TestCase("*a*b", "xxaxxbx", false)]
    [TestCase("?", "", false)]
    [TestCase("**?", "x", true)]
    [TestCase("a", "ab", false)]
    public void Globs_match_whole_names(string glob, string name, bool expected) =>
        Assert.That(new ColumnPattern("*", "*", glob).Matches("s", "t", name), Is.EqualTo(expected));
}
