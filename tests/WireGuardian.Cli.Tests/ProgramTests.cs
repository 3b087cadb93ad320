using System.Diagnostics;
using WireGuardian.ControlPlane.Tests.Hosting;

namespace WireGuardian.Cli.Tests;

/// <summary>The program as the shell starts it.</summary>
[CancelAfter(60_000)]
public class ProgramTests
{
    [Test]
    public async Task An_interrupt_ends_a_watch_with_exit_code_0(CancellationToken cancellationToken)
    {
        await using var host = await ControlPlaneHost.StartAsync();
        host.Queue.Set(Samples.Request("R1"));
        using var program = Start(host, "watch");
        Assert.That(await program.StandardOutput.ReadLineAsync(cancellationToken), Does.Contain("R1"));
        using var kill = Process.Start("kill", ["-INT", $"{program.Id}"]);
        await program.WaitForExitAsync(cancellationToken);
        Assert.That(program.ExitCode, Is.Zero);
        Assert.That(await program.StandardError.ReadToEndAsync(cancellationToken), Is.Empty);
    }

    [Test]
    public async Task A_pipe_gets_no_colours_and_the_exit_code_is_the_programs(CancellationToken cancellationToken)
    {
        await using var host = await ControlPlaneHost.StartAsync();
        host.Queue.Set(Samples.Request("R1"));
        using var pending = Start(host, "pending");
        var text = await pending.StandardOutput.ReadToEndAsync(cancellationToken);
        await pending.WaitForExitAsync(cancellationToken);
        Assert.That(pending.ExitCode, Is.Zero);
        Assert.That(text, Does.StartWith("ID").And.Not.Contain("\u001b"));

        using var unknown = Start(host, "show", "nope");
        await unknown.WaitForExitAsync(cancellationToken);
        Assert.That(unknown.ExitCode, Is.EqualTo(1));
    }

    private static Process Start(ControlPlaneHost host, params string[] args)
    {
        // A parent that ignores interrupts (a job in the background) would pass that on.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", "dotnet", typeof(Wgctl).Assembly.Location, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["WGCTL_SERVER"] = host.HostAndPort;
        start.Environment["WGCTL_TOKEN"] = FakeOperators.Dana;
        return Process.Start(start)!;
    }
}
