using WireGuardian.ControlPlane.Tests.Hosting;

namespace WireGuardian.Cli.Tests.Commands;

/// <summary>One run of wgctl inside the test: how it ended and what it printed.</summary>
internal sealed record Run(int ExitCode, string Out, string Error)
{
    /// <summary>As dana against <paramref name="host"/>, five minutes after <see cref="Samples.Noon"/>.</summary>
    public static Task<Run> AgainstAsync(ControlPlaneHost host, params string[] args)
        => WithAsync(new() { ["WGCTL_SERVER"] = host.HostAndPort, ["WGCTL_TOKEN"] = FakeOperators.Dana }, args);

    public static async Task<Run> WithAsync(Dictionary<string, string> environment, params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var surroundings = new Surroundings
        {
            Out = output,
            Error = error,
            Environment = environment.GetValueOrDefault,
            Time = new FixedTime(Samples.Noon.AddMinutes(5)),
        };
        var exitCode = await Wgctl.RunAsync(args, surroundings, CancellationToken.None);
        return new Run(exitCode, output.ToString(), error.ToString());
    }
}
