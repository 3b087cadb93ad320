using System.Net;
using System.Text;
using WireGuardian.Core.Identity;
using WireGuardian.Core.Masking;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.Proxy.Tls;
using WireGuardian.Server.Configuration;

namespace WireGuardian.Server.Tests.Configuration;

[TestFixture]
public sealed class ExampleConfigurationTests
{
    private ConfigurationFolder _folder = null!;
    private WireGuardianConfiguration _configuration = null!;

    [OneTimeSetUp]
    public void Read()
    {
        _folder = Yaml.ExampleFolder();
        _configuration = _folder.Parse(Yaml.Example);
    }

    [OneTimeTearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void Addresses_and_folders_are_read_and_resolved()
    {
        Assert.That(_configuration.DataDirectory, Is.EqualTo(Path.Combine(_folder.Root, "data")));
        Assert.That(_configuration.Control!.Listen, Is.EqualTo(IPEndPoint.Parse("127.0.0.1:7300")));
        Assert.That(_configuration.Control.Tls.Mode, Is.EqualTo(TlsMode.Off));
        Assert.That(_configuration.Metrics, Is.EqualTo(new MetricsOptions(IPEndPoint.Parse("127.0.0.1:9300"), null)));
        Assert.That(_configuration.MaskingKey, Is.Null);
        Assert.That(_configuration.Warnings, Is.Empty);
    }

    [Test]
    public void The_listener_is_read_with_its_certificates_and_its_login()
    {
        var listener = _configuration.Listeners.Single();
        Assert.That(listener.Name, Is.EqualTo("app-pg"));
        Assert.That(listener.Protocol, Is.EqualTo("postgres"));
        Assert.That(listener.Listen, Is.EqualTo(IPEndPoint.Parse("127.0.0.1:6432")));
        Assert.That(listener.Upstream, Is.EqualTo(new DnsEndPoint("127.0.0.1", 5432)));
        Assert.That(listener.Tls.Mode, Is.EqualTo(TlsMode.Prefer));
        Assert.That(listener.Tls.Certificate!.HasPrivateKey);
        Assert.That(listener.Tls.Certificate.Subject, Is.EqualTo("CN=server"));
        Assert.That(listener.UpstreamTls.Authorities!.Single().Subject, Is.EqualTo("CN=ca"));
        Assert.That(listener.Catalog!.Username, Is.EqualTo("guardian"));
        Assert.That(listener.Catalog.Password, Is.EqualTo("correct horse battery"));
    }

    [Test]
    public void The_policy_is_read_in_the_order_of_the_file()
    {
        var rule = _configuration.Policy.Masking.Single();
        Assert.That(rule.Name, Is.EqualTo("contact-details"));
        Assert.That(rule.Listeners, Is.EqualTo(new[] { "app-pg" }));
        Assert.That(rule.Columns, Is.EqualTo(new[] { new ColumnPattern("public", "people", "email"), new ColumnPattern("*", "*", "ssn") }));
        Assert.That(rule.Mask, Is.EqualTo(MaskKind.Redact));
        Assert.That(rule.Exempt, Is.EqualTo(new[] { "auditor" }));
        Assert.That(_configuration.Policy.Copies, Is.EqualTo(CopiesMode.Hold));

        var approval = _configuration.Policy.Approvals.Single();
        Assert.That(approval.Kinds, Is.EqualTo(StatementKinds.Ddl | StatementKinds.Privilege));
        Assert.That(approval.Action, Is.EqualTo(RuleAction.Hold));
        Assert.That(approval.Timeout, Is.EqualTo(TimeSpan.FromMinutes(10)));
        Assert.That(approval.Approvers, Is.EqualTo(new[] { "dba" }));
        Assert.That(approval.Minimum, Is.EqualTo(1));
        Assert.That(_configuration.Policy.Groups["auditors"], Is.EqualTo(new[] { "erin", "audit_ro" }));
    }

    [Test]
    public void The_operator_has_the_token_of_the_file_without_its_line_end()
    {
        var dana = _configuration.Operators.Single();
        Assert.That(dana.Groups, Is.EqualTo(new[] { "dba" }));
        Assert.That(dana.Token, Is.EqualTo("0123456789abcdef0123456789abcdef"));
        Assert.That(dana.ToString(), Does.Not.Contain("0123456789"));
    }

    [Test]
    public void People_are_read_with_all_their_names()
    {
        var configuration = _folder.Parse(Yaml.Example + """
            people:
              - { name: dana, logins: [dana_pg, "app-pg:dana_ro"], operators: [dana], certificates: ["CN=dana"] }
            """);
        var dana = configuration.Policy.People.All.Single();
        Assert.That(dana.Name, Is.EqualTo("dana"));
        Assert.That(dana.Logins, Is.EqualTo(new PersonLogin[] { new(null, "dana_pg"), new("app-pg", "dana_ro") }));
        Assert.That(dana.Operators, Is.EqualTo(new[] { "dana" }));
        Assert.That(dana.Certificates, Is.EqualTo(new[] { "CN=dana" }));
    }

    [Test]
    public void A_rule_may_let_statements_come_back_and_somebody_break_the_glass()
    {
        var rule = _folder.Parse(Yaml.Minimal + "approvals: [{ name: x, kinds: [ddl], action: hold, mode: resubmit, validity: 5m, breakGlass: [oncall] }]").Policy.Approvals.Single();
        Assert.That((rule.Mode, rule.Validity), Is.EqualTo((HoldMode.Resubmit, TimeSpan.FromMinutes(5))));
        Assert.That(rule.BreakGlass, Is.EqualTo(new[] { "oncall" }));
    }

    [Test]
    public void A_listener_may_name_its_environment() =>
        Assert.That(_folder.Parse(Yaml.Minimal.TrimEnd() + "\n    environment: production\n").Listeners.Single().Environment, Is.EqualTo("production"));

    [Test]
    public void Reading_creates_nothing() => Assert.That(Directory.Exists(Path.Combine(_folder.Root, "data")), Is.False);

    [Test]
    public void Everything_that_has_a_default_can_be_left_out()
    {
        var minimal = _folder.Parse(Yaml.Minimal);
        Assert.That(minimal.DataDirectory, Is.EqualTo(Path.Combine(_folder.Root, "data")));
        Assert.That(minimal.Control, Is.Null);
        Assert.That(minimal.Metrics, Is.Null);
        Assert.That(minimal.Policy.Masking, Is.Empty);
        Assert.That(minimal.Warnings, Is.Empty);
    }

    [Test]
    public void Limits_at_the_top_are_every_listeners_unless_it_has_its_own()
    {
        var limits = _folder.Parse(Yaml.Minimal + """
              - name: second
                protocol: postgres
                listen: "[::1]:0"
                upstream: db.example.com:5432
                limits: { maxConnections: 7, writeTimeout: 1m }
            limits:
              maxConnections: 100
              maxStatementBytes: 1MiB
              loginTimeout: 1500ms
              approvalLimits: { maxPending: 3, maxPendingPerUser: 2 }
            """);
        var (first, second) = (limits.Listeners[0].Limits, limits.Listeners[1].Limits);
        Assert.That(first.MaxConnections, Is.EqualTo(100));
        Assert.That(second.MaxConnections, Is.EqualTo(7));
        Assert.That(second.MaxStatementBytes, Is.EqualTo(1 << 20));
        Assert.That(second.LoginTimeout, Is.EqualTo(TimeSpan.FromMilliseconds(1500)));
        Assert.That(second.WriteTimeout, Is.EqualTo(TimeSpan.FromMinutes(1)));
        Assert.That(first.WriteTimeout, Is.EqualTo(TimeSpan.Zero));
        Assert.That(limits.ApprovalLimits, Is.EqualTo(new ApprovalLimitOptions { MaxPending = 3, MaxPendingPerUser = 2 }));
    }

    [Test]
    public void A_masking_key_can_stand_in_the_file_or_in_one_of_its_own()
    {
        _folder.With("masking.key", "0123456789abcdef\n");
        Assert.That(_folder.Parse(Yaml.Minimal + "maskingKey: 0123456789abcdef").MaskingKey, Is.EqualTo(Encoding.ASCII.GetBytes("0123456789abcdef")));
        Assert.That(_folder.Parse(Yaml.Minimal + "maskingKeyFile: masking.key").MaskingKey, Is.EqualTo(Encoding.ASCII.GetBytes("0123456789abcdef")));
    }

    [Test]
    public void The_mask_null_needs_no_quotes([Values("null", "\"null\"")] string text)
    {
        var rules = _folder.Parse(Yaml.Minimal + $"masking: [{{ name: gone, columns: [a.b.c], with: {text} }}]").Policy.Masking;
        Assert.That(rules.Single().Mask, Is.EqualTo(MaskKind.Null));
    }

    [Test]
    public void A_dollar_and_a_brace_after_another_dollar_mean_themselves()
    {
        _folder.Environment["NAME"] = "value with ${OTHER} inside";
        var operators = _folder.Parse(Yaml.Minimal + """operators: [{ name: "a $${NAME} b $x ${NAME}", token: "0123456789abcdef$$" }]""").Operators;
        Assert.That(operators[0].Name, Is.EqualTo("a ${NAME} b $x value with ${OTHER} inside"));
        Assert.That(operators[0].Token, Is.EqualTo("0123456789abcdef$$"));
    }

    [Test]
    public void Otlp_is_read_with_its_defaults()
    {
        var metrics = _folder.Parse(Yaml.Minimal + """metrics: { listen: "localhost:0", otlp: { endpoint: "http://127.0.0.1:4317" } }""").Metrics!;
        Assert.That(metrics.Listen, Is.EqualTo(new IPEndPoint(IPAddress.Loopback, 0)));
        Assert.That(metrics.Otlp, Is.EqualTo(new OtlpOptions(new Uri("http://127.0.0.1:4317"), OtlpProtocol.Grpc, TimeSpan.FromMinutes(1))));
    }
}
