using System.Text.Json;
using WireGuardian.Cli.Tests.Commands;
using WireGuardian.ControlPlane.Tests.Hosting;
using WireGuardian.ControlPlane.Tests.Operators;
using WireGuardian.Server.Operators.Oidc;

namespace WireGuardian.Cli.Tests.Login;

/// <summary>wgctl login against a provider and a control plane on loopback. The clock stands still; pauses are cut short.</summary>
public sealed class LoginTests
{
    private Provider _provider = null!;
    private ControlPlaneHost _host = null!;
    private string _home = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _home = Directory.CreateTempSubdirectory("wgctl-login-").FullName;
        _provider = await Provider.StartAsync();
        var oidc = new OidcOptions { Issuer = _provider.Issuer, Audience = "wireguardian", ClientId = "wgctl", Scopes = ["openid", "groups"] };
        _host = await ControlPlaneHost.StartAsync(oidc: oidc);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _host.DisposeAsync();
        await _provider.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    [Test]
    public async Task The_operator_signs_in_and_the_next_commands_use_the_token()
    {
        Pending();
        Pending("slow_down");
        Answer(200, new { access_token = FakeOperators.Dana, refresh_token = "r1", expires_in = 3600, token_type = "Bearer" });
        var login = await RunAsync("login");
        Assert.That(login.ExitCode, Is.Zero, login.Error);
        Assert.That(login.Out, Does.Contain("https://login.example/device").And.Contain("WDJB-MJHT"));
        Assert.That(login.Out, Does.Not.Contain(FakeOperators.Dana));

        var forms = _provider.Forms.ToArray();
        Assert.That(forms[0], Is.EqualTo(new Dictionary<string, string> { ["client_id"] = "wgctl", ["scope"] = "openid groups" }));
        Assert.That(forms[1], Is.EqualTo(new Dictionary<string, string>
        {
            ["grant_type"] = "urn:ietf:params:oauth:grant-type:device_code",
            ["device_code"] = "dev-1",
            ["client_id"] = "wgctl",
        }));
        Assert.That(forms, Has.Length.EqualTo(4));

        var info = await RunAsync("info", "--output", "json");
        Assert.That(info.ExitCode, Is.Zero, info.Error);
        Assert.That(info.Out, Does.Contain("\"dana\""));
    }

    [Test]
    public async Task The_token_is_kept_where_nobody_else_can_read_it()
    {
        await SignInAsync();
        var file = Directory.GetFiles(Path.Combine(_home, ".config", "wgctl")).Single();
        Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(File.GetUnixFileMode(Path.GetDirectoryName(file)!), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        var refused = await RunAsync("info");
        Assert.That(refused.ExitCode, Is.EqualTo(2));
        Assert.That(refused.Error, Does.Contain("chmod 600"));
    }

    [Test]
    public async Task The_token_of_one_server_goes_to_no_other()
    {
        await SignInAsync();
        await using var other = await ControlPlaneHost.StartAsync();
        var run = await Run.WithAsync(new() { ["WGCTL_SERVER"] = other.HostAndPort, ["HOME"] = _home }, "info");
        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Error, Does.Contain("wgctl login"));
    }

    [Test]
    public async Task A_token_of_the_environment_goes_before_the_login()
    {
        await SignInAsync();
        var run = await Run.WithAsync(new() { ["WGCTL_SERVER"] = _host.HostAndPort, ["HOME"] = _home, ["WGCTL_TOKEN"] = FakeOperators.Erin }, "info");
        Assert.That(run.Out, Does.Contain("erin"));
    }

    [Test]
    public async Task A_token_that_has_ended_is_renewed()
    {
        Answer(200, new { access_token = "old-token", refresh_token = "r1", expires_in = 30 });
        await RunAsync("login");
        Answer(200, new { access_token = FakeOperators.Dana, expires_in = 3600 });
        var info = await RunAsync("info");
        Assert.That(info.ExitCode, Is.Zero, info.Error);
        Assert.That(_provider.Forms.Last(), Is.EqualTo(new Dictionary<string, string>
        {
            ["grant_type"] = "refresh_token",
            ["refresh_token"] = "r1",
            ["client_id"] = "wgctl",
        }));
        Assert.That((await RunAsync("info")).ExitCode, Is.Zero, "the renewed token is kept");
        Assert.That(_provider.Forms, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task A_login_that_cannot_be_renewed_asks_for_a_new_one()
    {
        Answer(200, new { access_token = "old-token", refresh_token = "r1", expires_in = 0 });
        await RunAsync("login");
        Answer(400, new { error = "invalid_grant" });
        var info = await RunAsync("info");
        Assert.That(info.ExitCode, Is.EqualTo(2));
        Assert.That(info.Error, Does.Contain("Sign in again with: wgctl login"));
    }

    [TestCase("access_denied", "The login was refused.")]
    [TestCase("expired_token", "before the code expired")]
    [TestCase("invalid_client", "invalid_client")]
    public async Task A_login_that_fails_says_why(string error, string expected)
    {
        Pending(error);
        var login = await RunAsync("login");
        Assert.That(login.ExitCode, Is.EqualTo(1));
        Assert.That(login.Error, Does.Contain(expected));
        Assert.That(Directory.Exists(Path.Combine(_home, ".config")), Is.False);
    }

    [Test]
    public async Task Nobody_waits_longer_than_the_code_is_valid()
    {
        for (var poll = 0; poll < 100; poll++)
            Pending();
        var login = await RunAsync("login");
        Assert.That(login.Error, Does.Contain("before the code expired"));
        Assert.That(_provider.Forms.Count, Is.EqualTo(1 + (60 / 5)));
    }

    [Test]
    public async Task A_page_that_is_not_https_is_not_shown()
    {
        _provider.DeviceAnswer = """{"device_code":"d","user_code":"c","verification_uri":"http://login.example/device","expires_in":60}""";
        var login = await RunAsync("login");
        Assert.That(login.ExitCode, Is.EqualTo(1));
        Assert.That(login.Out, Is.Empty);
    }

    [Test]
    public async Task A_server_without_a_provider_says_so()
    {
        await using var host = await ControlPlaneHost.StartAsync();
        var login = await Run.WithAsync(new() { ["WGCTL_SERVER"] = host.HostAndPort, ["HOME"] = _home }, "login");
        Assert.That(login.ExitCode, Is.EqualTo(1));
        Assert.That(login.Error, Does.Contain("has no login"));
    }

    [Test]
    public async Task Logout_forgets_the_token()
    {
        await SignInAsync();
        Assert.That((await RunAsync("logout")).Out, Does.Contain("Forgot"));
        Assert.That((await RunAsync("info")).ExitCode, Is.EqualTo(2));
        Assert.That((await RunAsync("logout")).Out, Does.Contain("no login"));
    }

    private async Task SignInAsync()
    {
        Answer(200, new { access_token = FakeOperators.Dana, expires_in = 3600 });
        Assert.That((await RunAsync("login")).ExitCode, Is.Zero);
    }

    private void Pending(string error = "authorization_pending") => Answer(400, new { error });

    private void Answer(int status, object body) => _provider.TokenAnswers.Enqueue((status, JsonSerializer.Serialize(body)));

    private Task<Run> RunAsync(params string[] args) => Run.WithAsync(new() { ["WGCTL_SERVER"] = _host.HostAndPort, ["HOME"] = _home }, args);
}
