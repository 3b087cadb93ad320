using WireGuardian.Testing.Processes;

namespace WireGuardian.Testing.Programs;

/// <summary>Runs the built <c>wgctl</c> as an operator.</summary>
public static class Wgctl
{
    /// <param name="server"><c>host:port</c> of the control plane, given as WGCTL_SERVER.</param>
    /// <param name="token">The operator's token, given as WGCTL_TOKEN; null for none.</param>
    /// <param name="arguments">As typed after <c>wgctl</c>.</param>
    public static Task<ProcessResult> RunAsync(string server, string? token, params string[] arguments) =>
        ProcessRunner.RunAsync(Program.Dotnet, [Program.Wgctl.Assembly, .. arguments], environment: Environment(server, token));

    /// <summary>One that stays, such as <c>watch</c>.</summary>
    public static BackgroundProcess Start(string server, string? token, params string[] arguments) =>
        BackgroundProcess.Start(Program.Dotnet, [Program.Wgctl.Assembly, .. arguments], Environment(server, token));

    private static Dictionary<string, string?> Environment(string server, string? token) => new()
    {
        ["WGCTL_SERVER"] = server,
        ["WGCTL_TOKEN"] = token,
        ["NO_COLOR"] = null,
    };
}
