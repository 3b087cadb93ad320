using System.Diagnostics;
using System.Globalization;
using WireGuardian.Server.Composition;

namespace WireGuardian.Server.Tests.Composition;

[TestFixture]
[NonParallelizable]
[Platform("Unix")]
[CancelAfter(60_000)]
public sealed class ProcessSignalsTests
{
    [Test]
    public async Task Hangup_reloads_and_terminate_drains(CancellationToken cancellationToken)
    {
        await using var server = new ServerFixture();
        server.Listener.Drained.SetResult();
        using var signals = new ProcessSignals(server.Lifecycle);
        var run = server.Lifecycle.RunAsync();
        await server.Output.FirstLine;

        await SendAsync("-HUP");
        await server.Reloads.WaitAsync(cancellationToken);
        Assert.That(server.Policies.Current.Version, Is.EqualTo(2));

        await SendAsync("-TERM");
        Assert.That(await run.WaitAsync(cancellationToken), Is.EqualTo(ExitCodes.Done));
    }

    private static async Task SendAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, Environment.ProcessId.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }
}
