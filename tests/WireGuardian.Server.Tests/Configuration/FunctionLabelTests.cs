using WireGuardian.Core.Policies;
using WireGuardian.Server.Commands;

namespace WireGuardian.Server.Tests.Configuration;

[TestFixture]
public sealed class FunctionLabelTests
{
    private const string Four =
        """
        functions:
          - { name: app.normalise, result: arguments, readOnly: true }
          - { name: app.tier, result: clear, listeners: [app] }
          - { name: app.lookup, result: columns, columns: [public.people.ssn] }
          - { name: app.secret, result: masked }
        """;

    [Test]
    public void Labels_are_read_and_shown()
    {
        using var folder = new ConfigurationFolder();
        var configuration = folder.Parse(Yaml.Minimal + Four);
        Assert.That(
            configuration.Policy.Functions.Select(label => (label.ToString(), label.Result, label.IsReadOnly, label.AppliesTo("other"), label.Columns.Count)),
            Is.EqualTo(new[]
            {
                ("app.normalise", FunctionResult.Arguments, true, true, 0), ("app.tier", FunctionResult.Clear, false, false, 0),
                ("app.lookup", FunctionResult.Columns, false, true, 1), ("app.secret", FunctionResult.Masked, false, true, 0),
            }));
        Assert.That(
            CheckText.Write(configuration),
            Does.Contain("app.normalise    arguments, read only, on all listeners").And.Contain("app.tier         clear, on app").And.Contain("columns public.people.ssn, on all listeners"));
        Assert.That(CheckJson.Write(configuration), Does.Contain("\"app.lookup\"").And.Contain("\"readOnly\": true"));
    }

    [TestCase("{ name: normalise, result: clear }", "config.yaml:8:13: expected a function as schema.name, without its arguments, for example public.normalise_email, found \"normalise\"")]
    [TestCase("{ name: app.f(int), result: clear }", "config.yaml:8:13: expected a function as schema.name, without its arguments, for example public.normalise_email, found \"app.f(int)\"")]
    [TestCase("{ name: app.f, result: pure }", "config.yaml:8:28: expected one of arguments, clear, columns, masked, found \"pure\"")]
    [TestCase("{ name: app.f, result: columns }", "config.yaml:8:5: a function's label needs \"columns\": the columns that the function reads, as schema.table.column")]
    [TestCase("{ name: app.f, result: clear, columns: [a.b.c] }", "config.yaml:8:35: \"columns\" is for result: columns alone")]
    [TestCase("{ name: app.f, result: clear, pure: true }", "config.yaml:8:35: unknown key \"pure\"; a function's label has: name, listeners, result, columns, readOnly")]
    [TestCase("{ name: app.f, result: clear, listeners: [nobody] }", "config.yaml:8:47: there is no listener \"nobody\"; there is: app")]
    [TestCase("{ name: app.f, result: clear }\n  - { name: app.f, result: masked }", "config.yaml:9:13: app.f has a label above already")]
    public void What_is_wrong_is_said(string label, string error)
    {
        using var folder = new ConfigurationFolder();
        Assert.That(folder.Errors($"{Yaml.Minimal}functions:\n  - {label}\n"), Is.EqualTo(new[] { error }));
    }

    [Test]
    public void What_is_computed_is_redacted_unless_the_rule_leaves_it()
    {
        using var folder = new ConfigurationFolder();
        const string rules = "masking:\n  - { name: a, columns: [a.b.c], with: redact }\n  - { name: b, columns: [a.b.d], with: redact, derived: allow }\n";
        Assert.That(folder.Parse(Yaml.Minimal + rules).Policy.Masking.Select(rule => rule.LeavesDerived), Is.EqualTo(new[] { false, true }));
    }
}
