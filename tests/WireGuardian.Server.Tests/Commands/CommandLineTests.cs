using System.Text.Json;
using WireGuardian.Server.Composition;
using WireGuardian.Server.Tests.Composition;
using WireGuardian.Server.Tests.Configuration;

namespace WireGuardian.Server.Tests.Commands;

[TestFixture]
[CancelAfter(60_000)]
public sealed class CommandLineTests
{
    [Test]
    public async Task Help_names_the_commands()
    {
        var (code, output, error) = await Run("--help");
        Assert.That((code, error), Is.EqualTo((ExitCodes.Done, "")));
        Assert.That(output, Does.Contain("serve").And.Contain("check").And.Contain("explain").And.Contain("scan"));
    }

    [Test]
    public async Task Version_is_this_programs() =>
        Assert.That(await Run("--version"), Is.EqualTo((ExitCodes.Done, ProductVersion.Text + Environment.NewLine, "")));

    [TestCase]
    [TestCase("serv")]
    [TestCase("check")]
    [TestCase("check", "--config", "x", "--output", "xml")]
    [TestCase("serve", "--config", "x", "--log-level", "loud")]
    [TestCase("serve", "--config", "x", "--verbose")]
    [TestCase("explain", "--config", "x", "--listener", "app", "SELECT 1")]
    [TestCase("explain", "--config", "x", "--listener", "app", "--user", "u")]
    [TestCase("scan", "--config", "x")]
    [TestCase("scan", "--config", "x", "--listener", "app", "--rows", "0")]
    [TestCase("scan", "--config", "x", "--listener", "app", "--rows", "many")]
    [TestCase("scan", "--config", "x", "--listener", "app", "--timeout", "10")]
    [TestCase("scan", "--config", "x", "--listener", "app", "--minimum-share", "101")]
    [TestCase("scan", "--config", "x", "--listener", "app", "--exclude", "public.people")]
    [TestCase("scan", "--config", "x", "--listener", "app", "--output", "text")]
    public async Task Wrong_usage_is_2_and_points_to_the_help(params string[] arguments)
    {
        var (code, output, error) = await Run(arguments);
        Assert.That((code, output), Is.EqualTo((ExitCodes.Wrong, "")));
        Assert.That(error, Does.EndWith("See wireguardian --help." + Environment.NewLine));
    }

    [Test]
    public async Task A_wrong_configuration_is_2_with_every_error_on_a_line([Values("check", "serve")] string command)
    {
        using var folder = new ConfigurationFolder().With("config.yaml", Yaml.Minimal + "maskng: []\ncopies: lable\n");
        var (code, output, error) = await Run(command, "--config", folder.ConfigurationPath);
        Assert.That((code, output), Is.EqualTo((ExitCodes.Wrong, "")));
        Assert.That(error.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(new[]
        {
            $"{folder.ConfigurationPath}:7:1: unknown key \"maskng\"; did you mean \"masking\"?",
            $"{folder.ConfigurationPath}:8:9: expected one of hold, deny, label, found \"lable\"; did you mean \"label\"?",
        }));
    }

    [Test]
    public async Task A_scan_is_of_a_listener_of_the_file_with_a_catalog_login()
    {
        using var folder = new ConfigurationFolder();
        folder.With("config.yaml", Yaml.Minimal + """
              - { name: bare, protocol: postgres, listen: "127.0.0.1:6433", upstream: "127.0.0.1:5432" }
              - { name: my, protocol: mysql, listen: "127.0.0.1:6434", upstream: "127.0.0.1:3306", catalog: { username: guardian } }
            """);
        async Task<string> ErrorOf(params string[] arguments)
        {
            var (code, output, error) = await Run(["scan", "--config", folder.ConfigurationPath, "--listener", .. arguments]);
            Assert.That((code, output), Is.EqualTo((ExitCodes.Wrong, "")));
            return error;
        }
        Assert.That(await ErrorOf("nobody"), Does.Contain("there is no listener \"nobody\"; the file has: app, bare, my"));
        Assert.That(await ErrorOf("bare"), Does.Contain("has no catalog login"));
        Assert.That(await ErrorOf("my", "--database", "shop"), Does.Contain("--schema"));
    }

    [Test]
    public async Task Help_of_scan_names_its_options()
    {
        var (code, output, _) = await Run("scan", "--help");
        Assert.That(code, Is.EqualTo(ExitCodes.Done));
        foreach (var option in new[] { "--schema <GLOB>", "--exclude <PATTERN>", "--rows <N>", "--timeout <DURATION>", "--minimum-share <PERCENT>", "--views", "yaml|json" })
            Assert.That(output, Does.Contain(option));
        Assert.That(output, Does.Not.Contain("System."));
    }

    [Test]
    public async Task A_file_that_is_not_there_is_2() =>
        Assert.That(await Run("check", "--config", "/nowhere/config.yaml"), Is.EqualTo((ExitCodes.Wrong, "", "/nowhere/config.yaml: there is no such file" + Environment.NewLine)));

    [Test]
    public async Task Check_prints_what_is_in_force_in_80_columns()
    {
        using var folder = ExampleOnDisk();
        var (code, output, error) = await Run("check", "--config", folder.ConfigurationPath);
        Assert.That((code, error), Is.EqualTo((ExitCodes.Done, "")));
        Assert.That(output.Split('\n').Where(line => !line.Contains(folder.Root, StringComparison.Ordinal)).Select(line => line.Length), Has.All.LessThanOrEqualTo(80));
        Assert.That(output.Replace(folder.Root, "/etc/wireguardian", StringComparison.Ordinal), Does.StartWith("""
            dataDirectory  /etc/wireguardian/data
            control        127.0.0.1:7300 (in clear, loopback only)
            metrics        127.0.0.1:9300
            maskingKey     kept in the data directory

            Listeners
              app-pg
                protocol       postgres
                listen         127.0.0.1:6432, TLS prefer
                upstream       127.0.0.1:5432, TLS prefer
                catalog        as guardian

            Masking: the first rule that matches a column decides
              1. contact-details
                with           redact
                columns        public.people.email, *.*.ssn
                listeners      app-pg
                exempt         auditor
                predicates     allow
                derived        redact
              copies           hold

            Functions: what their results are made of
              none

            Canaries: a session that is about to receive one is ended
              none

            Approvals: the first rule that matches a statement decides; no match: allow
              1. schema-changes
                kinds          ddl, privilege
                listeners      all
                action         hold
                timeout        10m
                approvers      1 of dba
              2. unclassified (built in)
                kinds          unclassified
                listeners      all
                action         hold
                timeout        10m
                approvers      1 of any operator

            Groups of database logins
              auditors         erin, audit_ro

            Operators
              dana             dba; by token

            Audit trail
              signed           kept in the data directory
              checkpoints      after 1000 records or 1m, to the store
              kept             for ever

            Limits
              maxConnections          5000
            """));
        Assert.That(output, Does.Not.Contain("0123456789").And.Not.Contain("swordfish"));
    }

    [Test]
    public async Task Long_lists_are_wrapped_at_80_columns()
    {
        var columns = string.Join(", ", Enumerable.Range(1, 40).Select(number => $"\"public.people.column_{number}\""));
        using var folder = new ConfigurationFolder().With("config.yaml", Yaml.Minimal + $"masking: [{{ name: x, columns: [{columns}], with: hash }}]");
        var (_, output, _) = await Run("check", "--config", folder.ConfigurationPath);
        Assert.That(output.Split('\n').Where(line => !line.Contains(folder.Root, StringComparison.Ordinal)).Select(line => line.Length), Has.All.LessThanOrEqualTo(80));
        Assert.That(output, Does.Contain("public.people.column_40"));
    }

    [Test]
    public async Task Check_prints_json_without_secrets()
    {
        using var folder = ExampleOnDisk();
        var (code, output, _) = await Run("check", "--config", folder.ConfigurationPath, "--output", "json");
        Assert.That(code, Is.EqualTo(ExitCodes.Done));
        using var json = JsonDocument.Parse(output);
        var root = json.RootElement;
        Assert.That(root.GetProperty("listeners")[0].GetProperty("name").GetString(), Is.EqualTo("app-pg"));
        Assert.That(root.GetProperty("masking")[0].GetProperty("columns")[1].GetString(), Is.EqualTo("*.*.ssn"));
        Assert.That(root.GetProperty("approvals").EnumerateArray().Select(rule => rule.GetProperty("builtIn").GetBoolean()), Is.EqualTo(new[] { false, true }));
        Assert.That(root.GetProperty("groups").GetProperty("auditors").GetArrayLength(), Is.EqualTo(2));
        Assert.That(root.GetProperty("limits").GetProperty("maxConnections").GetInt32(), Is.EqualTo(5000));
        Assert.That(output, Does.Not.Contain("0123456789").And.Not.Contain("swordfish"));
    }

    [Test]
    public async Task A_server_that_cannot_be_put_together_ends_with_1()
    {
        using var folder = new ConfigurationFolder().With("config.yaml", Yaml.Minimal);
        var (code, output, error) = await Run(_ => throw new CompositionException("no such protocol"), "serve", "--config", folder.ConfigurationPath, "--log", "json");
        Assert.That((code, output), Is.EqualTo((ExitCodes.Failed, "")));
        using var json = JsonDocument.Parse(error);
        Assert.That(json.RootElement.GetProperty("message").GetString(), Is.EqualTo("The server could not start: no such protocol"));
    }

    [Test]
    public async Task A_listener_that_cannot_start_ends_the_program_with_1_and_takes_everything_apart()
    {
        using var folder = new ConfigurationFolder().With("config.yaml", Yaml.Minimal);
        var calls = new List<string>();
        var listener = new FakeListener("app", calls) { FailsToStart = new IOException("address in use") };
        var (code, output, error) = await Run(_ => new ServerParts { Listeners = [listener] }, "serve", "--config", folder.ConfigurationPath);
        Assert.That((code, output), Is.EqualTo((ExitCodes.Failed, "")));
        Assert.That(error, Does.Contain("address in use"));
        Assert.That(calls, Is.EqualTo(new[] { "start app", "drain app", "dispose app" }));
        Assert.That(File.Exists(Path.Combine(folder.Root, "data", "masking.key")));
    }

    private static ConfigurationFolder ExampleOnDisk()
    {
        var folder = Yaml.ExampleFolder();
        // The program reads its own environment; a password in the file needs none.
        return folder.With("config.yaml", Yaml.Example.Replace("${PG_GUARDIAN}", "swordfish", StringComparison.Ordinal));
    }

    private static Task<(int Code, string Output, string Error)> Run(params string[] arguments) => Run(Program.RunAsync, arguments);

    private static Task<(int Code, string Output, string Error)> Run(Func<ServerContext, ServerParts> compose, params string[] arguments) =>
        Run((line, output, error) => WireGuardian.Server.Commands.CommandLine.RunAsync(line, output, error, compose), arguments);

    private static async Task<(int Code, string Output, string Error)> Run(Func<string[], TextWriter, TextWriter, Task<int>> program, string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await program(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
