using WireGuardian.Server.Tests.Configuration;

namespace WireGuardian.Server.Tests.Composition;

[TestFixture]
[CancelAfter(60_000)]
public sealed class ReloadTests
{
    private const string DenyDdl = "approvals: [{ name: no-ddl, kinds: [ddl], action: deny }]\n";

    private ServerFixture _server = null!;
    private Task<int> _run = null!;

    [SetUp]
    public async Task Start()
    {
        _server = new ServerFixture();
        _server.Listener.Drained.SetResult();
        _run = _server.Lifecycle.RunAsync();
        await _server.Output.FirstLine;
        _server.Log.GetStringBuilder().Clear();
    }

    [TearDown]
    public async Task Stop()
    {
        _server.Lifecycle.Terminate();
        await _run;
        await _server.DisposeAsync();
    }

    [Test]
    public async Task A_good_file_comes_into_force_under_the_next_version_and_is_on_record_first()
    {
        var seen = new List<long>();
        _server.Policies.Changed += policy =>
        {
            _server.Calls.Add("policy changed");
            seen.Add(policy.Version);
        };
        Assert.That(_server.Policies.Current.Version, Is.EqualTo(1));
        await _server.ReloadAsync(Yaml.Minimal + DenyDdl + "control: { listen: 127.0.0.1:0 }\noperators: [{ name: dana, token: 0123456789abcdef }]");
        Assert.That(_server.Policies.Current.Version, Is.EqualTo(2));
        Assert.That(_server.Policies.Current.Approvals.Single().Name, Is.EqualTo("no-ddl"));
        Assert.That(seen, Is.EqualTo(new[] { 2L }));
        Assert.That(_server.Calls.TakeLast(2), Is.EqualTo(new[] { "record reload", "policy changed" }));
        Assert.That(_server.Part.Applied.Single().Operators.Single().Name, Is.EqualTo("dana"));
        Assert.That(_server.LogLines, Is.EqualTo(new[]
        {
            "info  WireGuardian.Server  Configuration reloaded; policy version 2 is in force.",
            "warn  WireGuardian.Server  control.listen differs in the reloaded file and takes effect after a restart.",
            "warn  WireGuardian.Server  control.tls differs in the reloaded file and takes effect after a restart.",
        }));
    }

    [Test]
    public async Task A_file_with_an_error_is_refused_whole_and_the_old_one_stays()
    {
        var before = _server.Policies.Current;
        await _server.ReloadAsync(Yaml.Minimal + DenyDdl + "maskng: []\ncopies: sometimes\n");
        Assert.That(_server.Policies.Current, Is.SameAs(before));
        Assert.That(_server.Part.Applied, Is.Empty);
        Assert.That(_server.LogLines, Is.EqualTo(new[]
        {
            "error WireGuardian.Server  config.yaml:8:1: unknown key \"maskng\"; did you mean \"masking\"?",
            "error WireGuardian.Server  config.yaml:9:9: expected one of hold, deny, label, found \"sometimes\"",
            "error WireGuardian.Server  The configuration was not reloaded; the old one stays in force (policy version 1).",
        }));
    }

    [Test]
    public async Task A_reload_that_cannot_be_recorded_changes_nothing()
    {
        _server.Audit.IsUnavailable = true;
        await _server.ReloadAsync(Yaml.Minimal + DenyDdl + "control: { listen: 127.0.0.1:0 }");
        Assert.That(_server.Policies.Current.Version, Is.EqualTo(1));
        Assert.That(_server.LogLines[^1], Does.Contain("the old one stays in force"));
        _server.Audit.IsUnavailable = false;
    }

    [Test]
    public async Task A_running_listener_cannot_lose_its_rules_by_a_change_of_its_name()
    {
        await _server.ReloadAsync(Yaml.Minimal.Replace("name: app", "name: renamed", StringComparison.Ordinal));
        Assert.That(_server.Policies.Current.Version, Is.EqualTo(1));
        Assert.That(_server.LogLines[0], Is.EqualTo(
            "error WireGuardian.Server  config.yaml: listener \"app\" is running but not in the file, so no rule could name it; removing or renaming a listener needs a restart"));
    }

    [Test]
    public async Task What_takes_a_restart_is_named()
    {
        await _server.ReloadAsync(
            Yaml.Minimal.Replace("6432", "6433", StringComparison.Ordinal).Replace("guardian", "other", StringComparison.Ordinal)
            + "  - { name: new, protocol: postgres, listen: 127.0.0.1:0, upstream: h:1 }\ndataDirectory: elsewhere\nmetrics: { listen: 127.0.0.1:0 }\nmaskingKey: 0123456789abcdef\nlimits: { maxConnections: 1, approvalLimits: { maxPending: 1 } }\n");
        Assert.That(_server.LogLines.Skip(1).Select(line => line.Split(' ')[4]), Is.EqualTo(new[]
        {
            "dataDirectory", "metrics.listen", "limits.approvalLimits", "maskingKey",
            "listeners.app.listen", "listeners.app.catalog", "listeners.app.limits", "listeners.new",
        }));
    }

    [Test]
    public async Task Masking_cannot_begin_on_a_listener_that_runs_without_a_catalog()
    {
        await using var server = new ServerFixture("  - { name: bare, protocol: postgres, listen: 127.0.0.1:0, upstream: h:1 }\n");
        server.Listener.Drained.SetResult();
        var run = server.Lifecycle.RunAsync();
        await server.Output.FirstLine;
        await server.ReloadAsync(Yaml.Minimal
            + "  - { name: bare, protocol: postgres, listen: 127.0.0.1:0, upstream: h:1, catalog: { username: g } }\nmasking: [{ name: x, columns: [a.b.c], with: redact }]\n");
        Assert.That(server.Policies.Current.Version, Is.EqualTo(1));
        Assert.That(server.LogLines, Has.Some.EqualTo(
            "error WireGuardian.Server  config.yaml: listener \"bare\" runs without \"catalog\", so masking rule \"x\" could not be applied; adding \"catalog\" needs a restart"));
        server.Lifecycle.Terminate();
        await run;
    }
}
