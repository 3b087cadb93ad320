namespace WireGuardian.Cli.Tests.Commands;

/// <summary>Wrong usage ends with 2, before anything is sent anywhere.</summary>
public class UsageTests
{
    private static readonly Dictionary<string, string> Token = new() { ["WGCTL_TOKEN"] = "t" };

    [TestCase(new string[0], "Required command")]
    [TestCase(new[] { "frobnicate" }, "frobnicate")]
    [TestCase(new[] { "show" }, "Required argument")]
    [TestCase(new[] { "show", " " }, "id is empty")]
    [TestCase(new[] { "deny", "R1" }, "--reason")]
    [TestCase(new[] { "deny", "R1", "--reason", " " }, "A denial needs a reason")]
    [TestCase(new[] { "break-glass", "R1" }, "--reason")]
    [TestCase(new[] { "break-glass", "R1", "--reason", "" }, "Breaking the glass needs a reason")]
    [TestCase(new[] { "approve" }, "Required argument")]
    [TestCase(new[] { "approve", "R1", " " }, "id is empty")]
    [TestCase(new[] { "approve", "R1", "--valid-for", "soon" }, "no duration")]
    [TestCase(new[] { "approve", "R1", "--valid-for", "0s" }, "no duration")]
    [TestCase(new[] { "approve", "R1", "--max-rows", "-1" }, "not negative")]
    [TestCase(new[] { "pending", "--output", "xml" }, "xml")]
    [TestCase(new[] { "audit", "--limit", "0" }, "1 to 10000")]
    [TestCase(new[] { "audit", "--limit", "many" }, "many")]
    [TestCase(new[] { "audit", "--since", "yesterday" }, "neither a duration")]
    [TestCase(new[] { "audit", "export", "--format", "xml" }, "xml")]
    [TestCase(new[] { "audit", "export", "--until", "tomorrow" }, "neither a duration")]
    [TestCase(new[] { "audit", "verify" }, "Say what to verify")]
    [TestCase(new[] { "audit", "verify", "--data", "a", "--file", "b" }, "Say what to verify")]
    [TestCase(new[] { "audit", "verify", "--file", "/nowhere/audit.db" }, "/nowhere/audit.db")]
    [TestCase(new[] { "audit", "verify", "--receipt", "/nowhere/receipt" }, "with a key that you trust")]
    [TestCase(new[] { "audit", "verify", "--file", "x", "--key", "/nowhere/key" }, "/nowhere/key")]
    [TestCase(new[] { "pending", "--server", "http://192.0.2.1:7300" }, "in clear")]
    [TestCase(new[] { "pending", "--server", "ftp://x" }, "not a server's address")]
    [TestCase(new[] { "pending", "--ca", "/nowhere/ca.pem" }, "/nowhere/ca.pem")]
    [TestCase(new[] { "pending", "--token-file", "/nowhere/token" }, "/nowhere/token")]
    public async Task Wrong_usage_exits_with_2_and_says_what_is_wrong(string[] args, string message)
    {
        var run = await Run.WithAsync(Token, args);
        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Error, Does.Contain(message));
        Assert.That(run.Out, Is.Empty);
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("  \n")]
    [TestCase("two words")]
    [TestCase("schlüssel")]
    public async Task Without_a_usable_token_it_exits_with_2_and_says_what_to_do(string? token)
    {
        var environment = token is null ? new Dictionary<string, string>() : new() { ["WGCTL_TOKEN"] = token };
        var run = await Run.WithAsync(environment, "pending");
        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Error, Does.StartWith("wgctl: ").And.Contain("WGCTL_TOKEN").And.Not.Contain("words"));
    }

    [TestCase("--help")]
    [TestCase("--version")]
    [TestCase("approve", "--help")]
    public async Task Help_and_version_need_no_token(params string[] args)
    {
        var run = await Run.WithAsync([], args);
        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Out, Is.Not.Empty);
    }

    [Test]
    public async Task A_server_that_is_not_there_is_one_line_and_exit_code_1()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();
        var run = await Run.WithAsync(Token, "pending", "--server", $"127.0.0.1:{port}");
        Assert.That(run, Is.EqualTo(new Run(1, "", $"wgctl: Cannot reach 127.0.0.1:{port}: Connection refused.\n")));
    }
}
