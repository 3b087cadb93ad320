using System.Security.Cryptography.X509Certificates;
using WireGuardian.Server.Commands;
using WireGuardian.Server.Composition;
using WireGuardian.Server.Configuration;

namespace WireGuardian.Server.Tests.Configuration;

/// <summary>Channels, callbacks and the ways of operators to prove themselves, as the file has them.</summary>
[TestFixture]
public sealed class ChannelsTests
{
    private const string Full = """
        control:
          listen: "0.0.0.0:7300"
          tls: { certificate: server.crt, key: server.key, clientCa: ca.crt }
          oidc: { issuer: "https://login.example.com", audience: wgctl, clientId: wgctl, nameClaim: email, groupsClaim: roles, operatorGroups: [dba] }
        operators:
          - { name: dana, groups: [dba], certificate: "CN=dana, O=Example", oidc: dana@example.com, slack: U012AB3CD }
        approvals: [{ name: changes, kinds: [ddl], action: hold, approvers: [claimed], minimum: 2 }]
        callbacks: { listen: "127.0.0.1:7400", url: "https://guardian.example.com" }
        channels:
          - { name: dba, type: slack, channel: C012AB3CD, tokenFile: slack.token, signingSecret: "${SIGNING}", rules: [changes] }
          - { name: teams, type: teams, urlFile: teams.url }
          - { name: siem, type: webhook, url: "https://siem.example.com/hook", secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw }

        """;

    private ConfigurationFolder _folder = null!;
    private WireGuardianConfiguration _read = null!;

    [OneTimeSetUp]
    public void Read()
    {
        _folder = new ConfigurationFolder().WithCertificate("server").WithCertificate("ca")
            .With("slack.token", "xoxb-token\n").With("teams.url", "https://teams.example.com/workflows/1?sig=s3cret\n");
        _folder.Environment["SIGNING"] = "signing-s3cret";
        _read = _folder.Parse(Yaml.Minimal + Full);
    }

    [OneTimeTearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void Channels_are_read_with_their_secrets()
    {
        Assert.That(_read.Channels.Select(channel => (channel.Name, channel.Type)), Is.EqualTo(new[] { ("dba", "slack"), ("teams", "teams"), ("siem", "webhook") }));
        var slack = _read.Channels[0].Slack!;
        Assert.That((slack.Channel, slack.Token, slack.SigningSecret, slack.Api.AbsoluteUri), Is.EqualTo(("C012AB3CD", "xoxb-token", "signing-s3cret", "https://slack.com/api/")));
        Assert.That(_read.Channels[0].Rules, Is.EqualTo(new[] { "changes" }));
        Assert.That(_read.Channels[1].Teams!.Url.Query, Is.EqualTo("?sig=s3cret"));
        Assert.That(_read.Channels[2].Webhook!.Secret, Has.Length.EqualTo(24));
        Assert.That(_read.Callbacks!.Url, Is.EqualTo(new Uri("https://guardian.example.com")));
        Assert.That(_read.Warnings, Is.Empty);
    }

    [Test]
    public void Operators_are_read_with_all_that_tells_them()
    {
        var dana = _read.Operators.Single();
        Assert.That((dana.Token, dana.Certificate!.Text, dana.Oidc, dana.Slack), Is.EqualTo(("", "CN=dana, O=Example", "dana@example.com", "U012AB3CD")));
        Assert.That(_read.Control!.ClientAuthorities!.Cast<X509Certificate2>().Single().Subject, Is.EqualTo("CN=ca"));
        var oidc = _read.Control.Oidc!;
        Assert.That((oidc.Issuer, oidc.Audience, oidc.NameClaim, oidc.GroupsClaim, oidc.TakesIdTokens), Is.EqualTo(("https://login.example.com", "wgctl", "email", "roles", true)));
        Assert.That(oidc.OperatorGroups, Is.EqualTo(new[] { "dba" }));
    }

    [Test]
    public void Check_shows_everything_but_the_secrets()
    {
        foreach (var report in new[] { CheckText.Write(_read), CheckJson.Write(_read), string.Join(' ', _read.Channels), _read.ToString() })
            Assert.That(report, Does.Not.Contain("s3cret").And.Not.Contain("xoxb"));
        var text = CheckText.Write(_read);
        Assert.That(text, Does.Contain("slack, rules: changes").And.Contain("https://guardian.example.com").And.Contain("certificate CN=dana, O=Example").And.Contain("Slack user U012AB3CD"));
    }

    [TestCase("issuer: \"https://login.example.com\"", "issuer: \"https://other.example.com\"", "control.oidc")]
    [TestCase("clientCa: ca.crt", "clientCa: server.crt", "control.tls.clientCa")]
    [TestCase("7400", "7401", "callbacks")]
    [TestCase("C012AB3CD", "C112AB3CD", "channels.dba")]
    [TestCase("siem.example.com", "other.example.com", "channels.siem")]
    public void What_takes_a_restart_is_named(string old, string changed, string key)
    {
        var next = _folder.Parse(Yaml.Minimal + Full.Replace(old, changed, StringComparison.Ordinal));
        Assert.That(ReloadRules.KeysThatNeedRestart(_read, next), Is.EqualTo(new[] { key }));
    }

    [Test]
    public void The_same_file_takes_no_restart() =>
        Assert.That(ReloadRules.KeysThatNeedRestart(_read, _folder.Parse(Yaml.Minimal + Full)), Is.Empty);

    [Test]
    public void Buttons_that_nobody_can_press_are_warned_of()
    {
        var warnings = _folder.Warnings(Yaml.Minimal + Full.Replace(", slack: U012AB3CD", "", StringComparison.Ordinal));
        Assert.That(warnings.Single(), Does.EndWith("channel \"dba\" has buttons, but no operator has a \"slack\" id: nobody can press them"));
    }
}
