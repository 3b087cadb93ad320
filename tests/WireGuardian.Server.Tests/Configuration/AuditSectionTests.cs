using WireGuardian.Core.Audit.Evidence;
using WireGuardian.Server.Commands;
using WireGuardian.Server.Composition;
using WireGuardian.Server.Configuration;

namespace WireGuardian.Server.Tests.Configuration;

[TestFixture]
public sealed class AuditSectionTests
{
    private const string All =
        """
        audit:
          signingKeyFile: audit.key
          retention: 400d
          checkpoints:
            records: 500
            interval: 30s
            file: checkpoints.jsonl
            stdout: true
            syslog: "tcp://logs.example.com:601"
            otlp: { endpoint: "http://127.0.0.1:4318", protocol: http/protobuf }
        """;

    [Test]
    public void Every_key_is_read()
    {
        using var key = AuditSigningKey.Create();
        using var folder = new ConfigurationFolder().With("audit.key", key.ToPem());
        var audit = folder.Parse(Yaml.Minimal + All).Audit;
        Assert.That(audit.SigningKey?.Public.Id, Is.EqualTo(key.Public.Id));
        Assert.That((audit.Retention, audit.CheckpointRecords, audit.CheckpointInterval), Is.EqualTo(((TimeSpan?)TimeSpan.FromDays(400), 500, TimeSpan.FromSeconds(30))));
        Assert.That((audit.Sinks.File, audit.Sinks.StandardOutput), Is.EqualTo((Path.Combine(folder.Root, "checkpoints.jsonl"), true)));
        Assert.That((audit.Sinks.Syslog?.Transport, audit.Sinks.Syslog?.Server?.Host, audit.Sinks.Syslog?.Server?.Port), Is.EqualTo((SyslogTransport.Tcp, "logs.example.com", 601)));
        Assert.That((audit.Sinks.Otlp?.Endpoint.Port, audit.Sinks.Otlp?.Protocol), Is.EqualTo((4318, OtlpProtocol.HttpProtobuf)));
    }

    [TestCase("/dev/log", SyslogTransport.Unix)]
    [TestCase("udp://[::1]:514", SyslogTransport.Udp)]
    public void Syslog_is_a_socket_or_a_server(string value, SyslogTransport transport)
    {
        using var folder = new ConfigurationFolder();
        var syslog = folder.Parse($"{Yaml.Minimal}audit: {{ checkpoints: {{ syslog: \"{value}\" }} }}").Audit.Sinks.Syslog;
        Assert.That(syslog?.Transport, Is.EqualTo(transport));
        Assert.That(syslog?.Server?.Host, transport == SyslogTransport.Unix ? Is.Null : Is.EqualTo("::1"));
    }

    [Test]
    public void Without_the_section_nothing_leaves_the_store_and_nothing_is_let_go()
    {
        using var folder = new ConfigurationFolder();
        Assert.That(folder.Parse(Yaml.Minimal).Audit, Is.EqualTo(new AuditOptions()));
    }

    [Test]
    public void Check_shows_the_keys_fingerprint_and_never_the_key()
    {
        using var key = AuditSigningKey.Create();
        using var folder = new ConfigurationFolder().With("audit.key", key.ToPem());
        var configuration = folder.Parse(Yaml.Minimal + All);
        var (text, json) = (CheckText.Write(configuration), CheckJson.Write(configuration));
        Assert.That(text.ReplaceLineEndings(" "), Does.Contain("400d").And.Contain("after 500 records or 30s"));
        Assert.That(json, Does.Contain(key.Public.Id).And.Contain("\"tcp://logs.example.com:601\""));
        Assert.That(text + json, Does.Not.Contain(key.ToPem().Split('\n')[1]));
    }

    [Test]
    public void A_reload_changes_the_retention_and_says_what_takes_a_restart()
    {
        using var key = AuditSigningKey.Create();
        using var folder = new ConfigurationFolder().With("audit.key", key.ToPem());
        var before = folder.Parse(Yaml.Minimal + All);
        Assert.That(ReloadRules.KeysThatNeedRestart(before, folder.Parse(Yaml.Minimal + All.Replace("400d", "90d", StringComparison.Ordinal))), Is.Empty);
        Assert.That(ReloadRules.KeysThatNeedRestart(before, folder.Parse(Yaml.Minimal)), Is.EqualTo(new[] { "audit.signingKey", "audit.checkpoints" }));
    }
}
