using System.Net;
using WireGuardian.Server.Composition;

namespace WireGuardian.Server.Tests.Composition;

/// <summary>A listener without sockets that notes what it is asked for.</summary>
internal sealed class FakeListener(string name, List<string> calls) : IProxyListener
{
    public string Name => name;

    public IPEndPoint? LocalEndPoint { get; private set; }

    public string? Problem { get; set; } = "does not accept yet";

    /// <summary>Completed by the test; a drain waits for it.</summary>
    public TaskCompletionSource Drained { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource DrainAsked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Exception? FailsToStart { get; set; }

    /// <summary>True for a drain that does not end when it should end at once.</summary>
    public bool IsStuck { get; set; }

    public TimeSpan DrainTimeout { get; private set; }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        calls.Add($"start {name}");
        if (FailsToStart is not null)
            throw FailsToStart;
        LocalEndPoint = new IPEndPoint(IPAddress.Loopback, 1);
        Problem = null;
        return Task.CompletedTask;
    }

    public Task DrainAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        calls.Add($"drain {name}");
        DrainTimeout = timeout;
        DrainAsked.TrySetResult();
        return IsStuck ? Drained.Task : Drained.Task.WaitAsync(cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        calls.Add($"dispose {name}");
        return ValueTask.CompletedTask;
    }
}
