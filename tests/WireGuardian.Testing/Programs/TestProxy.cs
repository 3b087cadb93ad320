using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Processes;

namespace WireGuardian.Testing.Programs;

/// <summary>
/// The real <c>wireguardian serve</c> in a process of its own. The configuration is YAML with <c>{{listen}}</c>, <c>{{control}}</c>,
/// <c>{{metrics}}</c> (endpoints on free ports), <c>{{data}}</c> and <c>{{folder}}</c> (of this proxy's own) filled in; where
/// dataDirectory, control or metrics is not mentioned, its line is put in front.
/// </summary>
public sealed class TestProxy : IAsyncDisposable
{
    private const int PortAttempts = 5;

    private readonly string _folder = Directory.CreateTempSubdirectory("wireguardian-proxy-").FullName;
    private readonly string _yaml;
    private BackgroundProcess? _process;

    private TestProxy(string yaml) => _yaml = yaml;

    /// <summary>The first listener's port.</summary>
    public int Port { get; private set; }

    public string Endpoint => $"127.0.0.1:{Port}";

    /// <summary>The control plane's <c>host:port</c>.</summary>
    public string Control { get; private set; } = string.Empty;

    /// <summary>The base address of /metrics, /healthz and /readyz.</summary>
    public Uri Metrics { get; private set; } = new("http://127.0.0.1");

    public string DataDirectory => Path.Combine(_folder, "data");

    public string ConfigurationPath => Path.Combine(_folder, "config.yaml");

    public BackgroundProcess Process => _process ?? throw new InvalidOperationException("the proxy is not running");

    /// <summary>Standard error of the running proxy.</summary>
    public string Log => Process.Error;

    /// <summary>Starts it and waits for its line <c>ready</c>.</summary>
    /// <exception cref="InvalidOperationException">It ended or stayed silent; the message holds its output.</exception>
    public static async Task<TestProxy> StartAsync(string yaml)
    {
        var proxy = new TestProxy(yaml);
        try
        {
            await proxy.StartOnFreePortsAsync();
            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    /// <summary>In front of <paramref name="server"/>, in clear, with a catalog login of the superuser's.</summary>
    /// <param name="server">The upstream.</param>
    /// <param name="rules">Further top-level YAML: masking, approvals, operators. None: the proxy is to be invisible.</param>
    /// <param name="listener">Further lines of the listener, such as <c>tls: { mode: off }</c>.</param>
    public static Task<TestProxy> InFrontOfAsync(PostgresServer server, string rules = "", params string[] listener) =>
        StartAsync(
            $$$"""
            listeners:
              - name: app
                protocol: postgres
                listen: "{{listen}}"
                upstream: "{{{server.Endpoint}}}"
                catalog: { username: {{{PostgresServer.Superuser}}}, password: {{{PostgresServer.SuperuserPassword}}} }
                {{{string.Join("\n    ", listener)}}}
            {{{rules}}}
            """);

    /// <summary>Writes another configuration and sends SIGHUP. What it says then is for the test to await on <see cref="Process"/>.</summary>
    public async Task ReloadAsync(string yaml)
    {
        await File.WriteAllTextAsync(ConfigurationPath, Fill(yaml));
        Process.Send(Signal.Hangup);
    }

    /// <summary>Ends it with <paramref name="signal"/>, waits, and gives its exit code. Its folder stays.</summary>
    public async Task<int> StopAsync(Signal signal = Signal.Terminate)
    {
        var process = Process;
        var code = await process.StopAsync(signal);
        _process = null;
        await process.DisposeAsync();
        return code;
    }

    /// <summary>After <see cref="StopAsync"/>: the same ports, configuration and data.</summary>
    public async Task StartAgainAsync()
    {
        _process = BackgroundProcess.Start(
            Program.Dotnet, [Program.Wireguardian.Assembly, "serve", "--config", ConfigurationPath], workingDirectory: _folder);
        await _process.WaitForOutputAsync(line => line == "ready");
    }

    public async Task<string> ReadMetricsAsync()
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        return await client.GetStringAsync(new Uri(Metrics, "/metrics"));
    }

    /// <summary>Runs wgctl against this proxy.</summary>
    public Task<ProcessResult> WgctlAsync(string? token, params string[] arguments) => Wgctl.RunAsync(Control, token, arguments);

    public PsqlTarget Psql(string database, string user, string password, string sslMode = "prefer") =>
        new("127.0.0.1", Port, database, user, password, sslMode);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartOnFreePortsAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            Port = FreePort.Next();
            Control = $"127.0.0.1:{FreePort.Next()}";
            Metrics = new Uri($"http://127.0.0.1:{FreePort.Next()}");
            await File.WriteAllTextAsync(ConfigurationPath, Fill(_yaml));
            try
            {
                await StartAgainAsync();
                return;
            }
            catch (InvalidOperationException exception)
                when (attempt < PortAttempts && exception.Message.Contains("address already in use", StringComparison.OrdinalIgnoreCase))
            {
                await StopAsync(Signal.Kill);
            }
        }
    }

    private string Fill(string yaml)
    {
        var lines = new List<string>();
        if (!yaml.Contains("dataDirectory:", StringComparison.Ordinal) && !yaml.Contains("store:", StringComparison.Ordinal))
            lines.Add("dataDirectory: \"{{data}}\"");
        if (!yaml.Contains("control:", StringComparison.Ordinal))
            lines.Add("control: { listen: \"{{control}}\" }");
        if (!yaml.Contains("metrics:", StringComparison.Ordinal))
            lines.Add("metrics: { listen: \"{{metrics}}\" }");
        return string.Join('\n', [.. lines, yaml])
            .Replace("{{listen}}", Endpoint, StringComparison.Ordinal)
            .Replace("{{control}}", Control, StringComparison.Ordinal)
            .Replace("{{metrics}}", Metrics.Authority, StringComparison.Ordinal)
            .Replace("{{data}}", DataDirectory, StringComparison.Ordinal)
            .Replace("{{folder}}", _folder, StringComparison.Ordinal);
    }
}
