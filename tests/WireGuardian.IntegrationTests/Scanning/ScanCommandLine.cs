using WireGuardian.Testing.Processes;
using Built = WireGuardian.Testing.Programs.Program;

namespace WireGuardian.IntegrationTests.Scanning;

/// <summary>The real <c>wireguardian scan</c> and <c>check</c>, with a configuration of its own.</summary>
internal sealed class ScanCommandLine : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("wireguardian-scan-").FullName;
    private readonly string _configuration;

    /// <param name="protocol">As the configuration calls it.</param>
    /// <param name="endpoint">The server.</param>
    /// <param name="user">The catalog login.</param>
    /// <param name="password">Its password.</param>
    /// <param name="rules">Further top-level YAML.</param>
    public ScanCommandLine(string protocol, string endpoint, string user, string password, string rules = "")
    {
        _configuration = $$"""
            listeners:
              - name: app
                protocol: {{protocol}}
                listen: "127.0.0.1:0"
                upstream: "{{endpoint}}"
                upstreamTls: { mode: prefer }
                catalog: { username: {{user}}, password: {{password}} }
            limits: { catalogTimeout: 60s }
            {{rules}}

            """;
        File.WriteAllText(Path.Combine(_folder, "config.yaml"), _configuration);
    }

    public Task<ProcessResult> ScanAsync(params string[] arguments) => RunAsync("scan", "config.yaml", ["--listener", "app", .. arguments]);

    public BackgroundProcess Start(params string[] arguments) =>
        BackgroundProcess.Start(Built.Dotnet, [Built.Wireguardian.Assembly, "scan", "--config", Path.Combine(_folder, "config.yaml"), "--listener", "app", .. arguments]);

    /// <summary>Checks the configuration with a proposal added to it.</summary>
    public Task<ProcessResult> CheckAsync(string proposal)
    {
        File.WriteAllText(Path.Combine(_folder, "proposed.yaml"), _configuration + proposal);
        return RunAsync("check", "proposed.yaml", []);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<ProcessResult> RunAsync(string command, string file, string[] arguments) =>
        ProcessRunner.RunAsync(Built.Dotnet, [Built.Wireguardian.Assembly, command, "--config", Path.Combine(_folder, file), .. arguments], timeout: TimeSpan.FromSeconds(120));
}
