using WireGuardian.Server.Commands;

namespace WireGuardian.Server.Tests.Configuration;

[TestFixture]
public sealed class ResultLimitTests
{
    private const string Decided = "control: { listen: 127.0.0.1:7300 }\noperators: [{ name: dana, token: 0123456789abcdef }]\n";
    private const string Rule = "approvals: [{ name: x, kinds: [export], action: allow, maxRows: 10000, maxBytes: 10MiB, timeout: 5m }]\n";

    [Test]
    public void A_rule_limits_what_it_allows()
    {
        using var folder = new ConfigurationFolder();
        var configuration = folder.Parse(Yaml.Minimal + Decided + Rule);
        var rule = configuration.Policy.Approvals.Single();
        Assert.That((rule.MaxRows, rule.MaxBytes, rule.Timeout), Is.EqualTo((10_000L, 10L << 20, TimeSpan.FromMinutes(5))));
        Assert.That(configuration.Warnings, Is.Empty, "who is asked, and for how long, has an effect");
        Assert.That(CheckText.Write(configuration), Does.Contain("10000, then held").And.Contain("10MiB, then held"));
    }

    [TestCase("action: allow, timeout: 1m", "\"timeout\" has no effect with action allow")]
    [TestCase("action: allow, maxRows: 5, mode: resubmit", "\"mode\" has no effect with action allow")]
    [TestCase("action: deny, maxRows: 5", "\"maxRows\" has no effect with action deny")]
    public void Keys_without_an_effect_are_warned_of(string keys, string warning)
    {
        using var folder = new ConfigurationFolder();
        Assert.That(
            folder.Warnings(Yaml.Minimal + Decided + $"approvals: [{{ name: x, kinds: [export], {keys} }}]").Single(), Does.EndWith(warning));
    }

    [Test]
    public void On_MySQL_a_listener_that_cannot_stop_the_server_is_warned_of()
    {
        using var folder = new ConfigurationFolder();
        var minimal = Yaml.Minimal.Replace("protocol: postgres", "protocol: mysql", StringComparison.Ordinal);
        Assert.That(
            folder.Warnings(minimal.Replace("    catalog: { username: guardian }\n", "", StringComparison.Ordinal) + Decided + Rule),
            Is.EqualTo((string[])["config.yaml:8:1: listener \"app\" (mysql) has no \"catalog\" login to stop the server with: a result that rule \"x\" ends will end its session too"]));
        Assert.That(folder.Warnings(minimal + Decided + Rule), Is.Empty);
    }
}
