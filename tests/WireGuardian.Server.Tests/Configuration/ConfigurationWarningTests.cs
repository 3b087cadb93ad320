namespace WireGuardian.Server.Tests.Configuration;

[TestFixture]
public sealed class ConfigurationWarningTests
{
    private const string Control = "control: { listen: 127.0.0.1:7300 }\n";
    private const string Dana = "operators: [{ name: dana, groups: [dba], token: 0123456789abcdef }]\n";

    [Test]
    public void Approvers_whom_no_operator_is_among_are_warned_of()
    {
        using var folder = new ConfigurationFolder();
        Assert.That(folder.Warnings(Yaml.Minimal + Control + Dana + "approvals: [{ name: x, kinds: [ddl], action: hold, approvers: [dbas] }]"), Is.EqualTo(new[]
        {
            "config.yaml:9:13: rule \"x\" needs 1 different persons to approve, but only 0 may: what it holds can only expire",
            "config.yaml:9:64: no operator is in the group \"dbas\"",
        }));
    }

    [Test]
    public void A_minimum_that_cannot_be_reached_is_warned_of()
    {
        using var folder = new ConfigurationFolder();
        Assert.That(folder.Warnings(Yaml.Minimal + Control + Dana + "approvals: [{ name: x, kinds: [ddl], action: hold, minimum: 2 }]"), Is.EqualTo(new[]
        {
            "config.yaml:9:13: rule \"x\" needs 2 different persons to approve, but only 1 may: what it holds can only expire",
        }));
    }

    [Test]
    public void Two_operators_who_are_one_person_are_one_of_the_minimum()
    {
        using var folder = new ConfigurationFolder();
        const string Both = """
            operators: [{ name: dana, token: 0123456789abcdef }, { name: dana_at_night, token: 123456789abcdef0 }]
            people: [{ name: dana, operators: [dana, dana_at_night] }]

            """;
        Assert.That(folder.Warnings(Yaml.Minimal + Control + Both + "approvals: [{ name: x, kinds: [ddl], action: hold, minimum: 2 }]"), Is.EqualTo(new[]
        {
            "config.yaml:10:13: rule \"x\" needs 2 different persons to approve, but only 1 may: what it holds can only expire",
        }));
    }

    [Test]
    public void Keys_that_have_no_effect_are_warned_of()
    {
        using var folder = new ConfigurationFolder();
        Assert.That(
            folder.Warnings(Yaml.Minimal + Control + Dana + "approvals: [{ name: x, kinds: [ddl], action: deny, timeout: 1m }]"),
            Is.EqualTo(new[] { "config.yaml:9:52: \"timeout\" has no effect with action deny" }));
    }

    [Test]
    public void Holding_without_a_control_plane_is_warned_of()
    {
        using var folder = new ConfigurationFolder();
        Assert.That(
            folder.Warnings(Yaml.Minimal + Dana + "approvals: [{ name: x, kinds: [ddl], action: hold }]"),
            Is.EqualTo(new[] { "config.yaml:8:1: statements can be held, but without \"control\" nobody can decide on them: they can only expire" }));
    }

    [Test]
    public void A_token_that_can_be_guessed_is_warned_of()
    {
        using var folder = new ConfigurationFolder();
        Assert.That(
            folder.Warnings(Yaml.Minimal + "operators: [{ name: dana, token: hunter2 }]"),
            Is.EqualTo(new[] { "config.yaml:7:34: a token of fewer than 16 characters can be guessed; make one with: openssl rand -hex 32" }));
    }

    [Test]
    public void A_certificate_that_has_expired_is_warned_of()
    {
        using var folder = new ConfigurationFolder().WithCertificate("old", ConfigurationFolder.Now.AddDays(-2));
        Assert.That(
            folder.Warnings(Yaml.Minimal + "    tls: { mode: prefer, certificate: old.crt, key: old.key }\n"),
            Is.EqualTo(new[] { "config.yaml:7:39: the certificate in old.crt expired on 2026-11-20" }));
    }

    [Test]
    [Platform("Unix")]
    public void A_secret_that_everybody_can_read_is_warned_of()
    {
        using var folder = new ConfigurationFolder().With("dana.token", "0123456789abcdef");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.Combine(folder.Root, "dana.token"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.That(
            folder.Warnings(Yaml.Minimal + "operators: [{ name: dana, tokenFile: dana.token }]"),
            Is.EqualTo(new[] { "config.yaml:7:38: every user of this machine can read dana.token; chmod 600 it" }));
    }
}
