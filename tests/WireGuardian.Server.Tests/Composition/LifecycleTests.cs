namespace WireGuardian.Server.Tests.Composition;

[TestFixture]
[CancelAfter(60_000)]
public sealed class LifecycleTests
{
    /// <summary>Only so that a server that never ends fails its test instead of stopping all of them.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Test]
    public async Task Ready_is_printed_once_everything_accepts_and_one_signal_drains_in_order()
    {
        await using var server = new ServerFixture("limits: { drainTimeout: 7s }\n");
        var run = server.Lifecycle.RunAsync();
        await server.Output.FirstLine;
        Assert.That(server.Output.ToString(), Is.EqualTo("ready" + Environment.NewLine));
        Assert.That(server.Host.Problems, Is.Empty);

        server.Lifecycle.Terminate();
        await server.Listener.DrainAsked.Task;
        Assert.That(server.Host.Problems, Is.EqualTo(new[] { "stopping" }));
        server.Listener.Drained.SetResult();
        Assert.That(await run.WaitAsync(Patience), Is.EqualTo(ExitCodes.Done));
        Assert.That(server.Calls, Is.EqualTo(new[] { "start control", "record start", "start app", "drain app", "record stop", "stop control" }));
        Assert.That(server.Listener.DrainTimeout, Is.EqualTo(TimeSpan.FromSeconds(7)));
        Assert.That(server.Lifecycle.EndedAtOnce, Is.False);
    }

    [Test]
    public async Task A_second_signal_ends_at_once()
    {
        await using var server = new ServerFixture();
        server.Listener.IsStuck = true;
        var run = server.Lifecycle.RunAsync();
        await server.Output.FirstLine;
        server.Lifecycle.Terminate();
        Assert.That(run.IsCompleted, Is.False);
        server.Lifecycle.Terminate();
        Assert.That(await run.WaitAsync(Patience), Is.EqualTo(ExitCodes.Failed));
        Assert.That(server.Lifecycle.EndedAtOnce);
        Assert.That(server.Calls, Does.Not.Contain("stop control"));
    }

    [Test]
    public async Task A_listener_that_cannot_start_ends_the_server_without_ready()
    {
        await using var server = new ServerFixture();
        server.Listener.FailsToStart = new IOException("address in use");
        var run = server.Lifecycle.RunAsync();
        Assert.That(await run.WaitAsync(Patience), Is.EqualTo(ExitCodes.Failed));
        Assert.That(server.Output.ToString(), Is.Empty);
        Assert.That(server.LogLines, Has.Some.EqualTo("error WireGuardian.Server  The server could not start: address in use"));
        Assert.That(server.Calls, Does.Contain("stop control"));
    }

    [Test]
    public async Task What_the_parts_have_to_say_against_it_keeps_the_server_from_being_ready()
    {
        await using var server = new ServerFixture();
        Assert.That(server.Host.Problems, Is.EqualTo(new[] { "starting", "listener app: does not accept yet" }));
        await server.Host.StartAsync(CancellationToken.None);
        Assert.That(server.Host.Problems, Is.Empty);
        server.Part.Problem = "store lost";
        Assert.That(server.Host.Problems, Is.EqualTo(new[] { "control: store lost" }));
    }
}
