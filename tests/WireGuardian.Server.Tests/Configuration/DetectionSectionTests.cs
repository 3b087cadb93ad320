using WireGuardian.Core.Detection;
using WireGuardian.Core.Policies;
using WireGuardian.Server.Commands;

namespace WireGuardian.Server.Tests.Configuration;

[TestFixture]
public sealed class DetectionSectionTests
{
    private const string Two =
        """
        detection:
          - { name: notes, listeners: [app], columns: ["public.*.body"], exclude: ["public.audit.*"], detectors: [EMAIL_ADDRESS, us_ssn], minimumScore: 70, mask: value, exempt: [erin] }
          - { name: rest, observe: true }
        """;

    [Test]
    public void Rules_are_read_with_their_defaults()
    {
        using var folder = new ConfigurationFolder();
        var rules = folder.Parse(Yaml.Minimal + Two).Policy.Detection;
        Assert.That(rules.Select(rule => rule.Name), Is.EqualTo(new[] { "notes", "rest" }));
        Assert.That((rules[0].MinimumScore, rules[0].Mask, rules[0].Observe), Is.EqualTo((70, DetectionMaskKind.Value, false)));
        Assert.That(rules[0].Detectors, Is.EqualTo(DetectorSet.Of(Detector.EmailAddress, Detector.UsSsn)));
        Assert.That(rules[0].Covers("public", "notes", "body"), Is.True);
        Assert.That(rules[0].Covers("public", "audit", "body"), Is.False);
        Assert.That(rules[0].Exempt, Is.EqualTo(new[] { "erin" }));
        Assert.That((rules[1].MinimumScore, rules[1].Mask, rules[1].Observe), Is.EqualTo((DetectionRule.DefaultMinimumScore, DetectionMaskKind.Span, true)));
        Assert.That(rules[1].Detectors, Is.EqualTo(DetectorSet.All));
    }

    [Test]
    public void Check_shows_them()
    {
        using var folder = new ConfigurationFolder();
        var configuration = folder.Parse(Yaml.Minimal + Two);
        Assert.That(CheckText.Write(configuration), Does.Contain("Detection: ").And.Contain("EMAIL_ADDRESS, US_SSN").And.Contain("none: findings are only counted"));
        Assert.That(CheckJson.Write(configuration), Does.Contain("\"US_SSN\"").And.Contain("\"observe\": true"));
    }

    [TestCase("[{ name: x, detectors: [EMAIL_ADRESS] }]", "config.yaml:7:36: there is no detector \"EMAIL_ADRESS\"; did you mean \"EMAIL_ADDRESS\"?")]
    [TestCase("[{ name: x, minimumScore: 0 }]", "config.yaml:7:38: expected a whole number from 1 to 100, found \"0\"")]
    [TestCase("[{ name: x, excludes: [] }]", "config.yaml:7:24: unknown key \"excludes\"; did you mean \"exclude\"?")]
    [TestCase("[{ name: x, listeners: [ap] }]", "config.yaml:7:36: there is no listener \"ap\"; did you mean \"app\"?")]
    [TestCase("[{ name: x }, { name: x }]", "config.yaml:7:34: a rule called \"x\" is above already; every rule of this list needs a name of its own")]
    public void What_is_wrong_is_told_with_its_place(string rules, string expected)
    {
        using var folder = new ConfigurationFolder();
        Assert.That(folder.Errors(Yaml.Minimal + "detection: " + rules), Is.EqualTo(new[] { expected }));
    }

    [Test]
    public void A_listener_that_cannot_look_into_values_must_not_seem_to()
    {
        using var folder = new ConfigurationFolder();
        var withoutCatalog = string.Join('\n', Yaml.Minimal.Split('\n').Where(line => !line.Contains("catalog:", StringComparison.Ordinal)));
        Assert.That(folder.Errors(withoutCatalog + "detection: [{ name: x }]").Single(), Does.Contain("listener \"app\" needs \"catalog\": detection rule \"x\" is for it"));
        Assert.That(folder.Parse(Yaml.Minimal.Replace("protocol: postgres", "protocol: mysql", StringComparison.Ordinal) + "detection: [{ name: x }]").Policy.Detection, Has.Count.EqualTo(1));
    }
}
