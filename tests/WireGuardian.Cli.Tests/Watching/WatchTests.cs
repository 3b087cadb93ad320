using System.Text.Json;
using WireGuardian.Cli.Tests.Commands;
using WireGuardian.ControlPlane.Tests.Hosting;
using WireGuardian.Core.Approvals;

namespace WireGuardian.Cli.Tests.Watching;

[CancelAfter(60_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class WatchTests
{
    private readonly SignallingWriter _out = new();
    private readonly SignallingWriter _error = new();

    [Test]
    public async Task Each_change_is_a_line_and_ctrl_c_exits_with_0(CancellationToken cancellationToken)
    {
        await using var host = await ControlPlaneHost.StartAsync();
        host.Queue.Set(Samples.Request("R1"));
        using var ctrlC = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watch = WatchAsync(host.HostAndPort, terminal: false, json: false, ctrlC.Token);
        await _out.UntilAsync("R1", cancellationToken);
        host.Queue.Set(Samples.Request("R1") with { State = ApprovalState.Denied });
        var text = await _out.UntilAsync("denied", cancellationToken);
        Assert.That(text, Is.EqualTo(
            "12:05:00Z  pending    R1  ana@shop  DELETE FROM people WHERE id = ?\n"
            + "12:05:00Z  denied     R1  ana@shop  DELETE FROM people WHERE id = ?\n"));
        await ctrlC.CancelAsync();
        Assert.That(await watch, Is.Zero);
    }

    [Test]
    public async Task A_glass_that_was_broken_stands_out(CancellationToken cancellationToken)
    {
        await using var host = await ControlPlaneHost.StartAsync();
        using var ctrlC = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watch = WatchAsync(host.HostAndPort, terminal: false, json: false, ctrlC.Token);
        while (host.Queue.Watchers == 0)
            await Task.Delay(10, cancellationToken);
        host.Queue.Set(Samples.Request("R1") with { State = ApprovalState.Released, Approvals = [new("omar", true, "down", Samples.Noon) { IsBreakGlass = true }] });
        Assert.That(await _out.UntilAsync("R1", cancellationToken), Does.Contain("released   BREAK-GLASS  R1"));
        await ctrlC.CancelAsync();
        Assert.That(await watch, Is.Zero);
    }

    [Test]
    public async Task In_json_each_change_is_an_object_on_its_line(CancellationToken cancellationToken)
    {
        await using var host = await ControlPlaneHost.StartAsync();
        using var ctrlC = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watch = WatchAsync(host.HostAndPort, terminal: false, json: true, ctrlC.Token);
        while (host.Queue.Watchers == 0)
            await Task.Delay(10, cancellationToken);
        host.Queue.Set(Samples.Request("R1") with { Statement = "SELECT 1;\nSELECT 2" });
        host.Queue.Set(Samples.Request("R2"));
        var lines = (await _out.UntilAsync("\"R2\"", cancellationToken)).TrimEnd().Split('\n');
        Assert.That(lines.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("id").GetString()), Is.EqualTo(new[] { "R1", "R2" }));
        await ctrlC.CancelAsync();
        Assert.That(await watch, Is.Zero);
    }

    [Test]
    public async Task A_server_that_comes_back_is_watched_again_and_no_end_is_missed(CancellationToken cancellationToken)
    {
        var queue = new FakeApprovalQueue();
        queue.Set(Samples.Request("R1"));
        queue.Set(Samples.Request("R2"));
        var host = await ControlPlaneHost.StartAsync(queue: queue);
        using var ctrlC = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watch = WatchAsync(host.HostAndPort, terminal: false, json: false, ctrlC.Token);
        await _out.UntilAsync("R2", cancellationToken);

        var port = host.Address.Port;
        await host.DisposeAsync();
        await _error.UntilAsync("Trying again", cancellationToken);
        queue.Set(Samples.Request("R1") with { State = ApprovalState.Abandoned });
        await using var again = await ControlPlaneHost.StartAsync(queue: queue, port: port);
        await _error.UntilAsync("Connected", cancellationToken);
        var text = await _out.UntilAsync("abandoned", cancellationToken);
        Assert.That(text.Split("R2"), Has.Length.EqualTo(2), "what has not changed is not told twice");
        await ctrlC.CancelAsync();
        Assert.That(await watch, Is.Zero);
    }

    [Test]
    public async Task A_server_that_was_never_there_ends_the_watch_with_1(CancellationToken cancellationToken)
    {
        var host = await ControlPlaneHost.StartAsync();
        var address = host.HostAndPort;
        await host.DisposeAsync();
        Assert.That(await WatchAsync(address, terminal: false, json: false, cancellationToken), Is.EqualTo(1));
    }

    [Test]
    public async Task On_a_terminal_the_table_is_live_and_shows_no_escape_of_a_client(CancellationToken cancellationToken)
    {
        await using var host = await ControlPlaneHost.StartAsync();
        host.Queue.Set(Samples.Request("R1") with { Application = "\u001b[5m", Statement = "[red]SELECT[/] \u001b]0;owned\u0007" });
        using var ctrlC = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watch = WatchAsync(host.HostAndPort, terminal: true, json: false, ctrlC.Token);
        var text = await _out.UntilAsync("[red]SELECT", cancellationToken);
        Assert.That(text, Does.Contain("\u001b[").And.Not.Contain("\u001b]0;").And.Not.Contain("\u001b[5m"));
        host.Queue.Set(Samples.Request("R1") with { State = ApprovalState.Withdrawn });
        await _out.UntilAsync("withdrawn", cancellationToken);
        await ctrlC.CancelAsync();
        Assert.That(await watch, Is.Zero);
    }

    [Test]
    public async Task Without_colours_a_terminal_gets_none(CancellationToken cancellationToken)
    {
        await using var host = await ControlPlaneHost.StartAsync();
        host.Queue.Set(Samples.Request("R1"));
        var surroundings = Surroundings(host.HostAndPort) with { IsTerminal = true, Colours = false };
        await Wgctl.RunAsync(["pending"], surroundings, cancellationToken);
        Assert.That(await _out.UntilAsync("R1", cancellationToken), Does.Not.Match("\u001b\\[[0-9;]*3[0-9]m"));
        await Wgctl.RunAsync(["pending"], surroundings with { Colours = true }, cancellationToken);
        Assert.That(await _out.UntilAsync("R1", cancellationToken), Does.Match("\u001b\\[[0-9;]*3[0-9]m"));
    }

    private Task<int> WatchAsync(string server, bool terminal, bool json, CancellationToken ctrlC)
        => Wgctl.RunAsync(
            ["watch", "--output", json ? "json" : "text"], Surroundings(server) with { IsTerminal = terminal, Colours = terminal }, ctrlC);

    private Surroundings Surroundings(string server) => new()
    {
        Out = _out,
        Error = _error,
        Environment = name => name == "WGCTL_SERVER" ? server : name == "WGCTL_TOKEN" ? FakeOperators.Dana : null,
        Time = new FixedTime(Samples.Noon.AddMinutes(5)),
    };
}
