using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace WireGuardian.Server.Composition;

/// <summary>
/// The life of the process: start, <c>ready</c>, reloads, drain, end. It is told what to do by <see cref="Terminate"/> and <see cref="Reload"/>, which
/// <see cref="ProcessSignals"/> calls.
/// </summary>
/// <param name="host">What is started and stopped.</param>
/// <param name="reload">Reads the configuration again.</param>
/// <param name="output">Standard output.</param>
/// <param name="logger">The log.</param>
/// <param name="ready">Called when the line <c>ready</c> is written.</param>
public sealed class Lifecycle(ServerHost host, Func<CancellationToken, Task> reload, TextWriter output, ILogger logger, Action? ready = null) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _stopNow = new();
    private readonly Channel<bool> _reloads = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private int _terminations;

    /// <summary>True when the end did not wait for the drain; what runs still must then be left to the end of the process.</summary>
    public bool EndedAtOnce { get; private set; }

    /// <summary>The first time: drain. The second time: end at once.</summary>
    public void Terminate()
    {
        switch (Interlocked.Increment(ref _terminations))
        {
            case 1:
                _stop.Cancel();
                break;
            case 2:
                _stopNow.Cancel();
                break;
        }
    }

    /// <summary>Reads the configuration again, once more after a reload that is running, however often this is called meanwhile.</summary>
    public void Reload() => _reloads.Writer.TryWrite(true);

    /// <summary>Runs until the end and returns the exit code: 0 after an orderly end, 1 when the server could not start or was ended at once.</summary>
    public async Task<int> RunAsync()
    {
        try
        {
            await host.StartAsync(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return await StopAsync();
        }
        catch (Exception exception)
        {
            logger.StartFailed(exception.Message);
            await host.StopAsync(new CancellationToken(canceled: true));
            return ExitCodes.Failed;
        }

        await output.WriteLineAsync("ready");
        await output.FlushAsync();
        ready?.Invoke();
        await ReloadUntilStopAsync();
        return await StopAsync();
    }

    public void Dispose()
    {
        _stop.Dispose();
        _stopNow.Dispose();
    }

    private async Task ReloadUntilStopAsync()
    {
        try
        {
            await foreach (var _ in _reloads.Reader.ReadAllAsync(_stop.Token))
                await reload(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Asked to stop, while waiting or in the middle of a reload: then the old configuration is as good as the new.
        }
    }

    private async Task<int> StopAsync()
    {
        logger.Draining();
        var atOnce = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = _stopNow.Token.Register(atOnce.SetResult);
        var stopped = host.StopAsync(_stopNow.Token);
        await Task.WhenAny(stopped, atOnce.Task);
        if (_stopNow.IsCancellationRequested)
        {
            EndedAtOnce = true;
            logger.EndedAtOnce();
            return ExitCodes.Failed;
        }
        await stopped;
        logger.Stopped();
        return ExitCodes.Done;
    }
}
