using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using WireGuardian.Core.Audit.Evidence;

namespace WireGuardian.Server.Evidence;

/// <summary>
/// Checkpoints on their way to one sink. What cannot be sent is tried again until it can; the queue is bounded, and where it is full the oldest gives
/// way, because the newest covers all before it.
/// </summary>
internal sealed class CheckpointQueue : IAsyncDisposable
{
    private const int MostWaiting = 256;

    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(1);

    /// <summary>How long the end of the process waits for a sink, and one attempt for its answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ICheckpointSink _sink;
    private readonly CheckpointMetrics _metrics;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Channel<SignedCheckpoint> _waiting;
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _sending;
    private bool _isFailing;

    public CheckpointQueue(ICheckpointSink sink, CheckpointMetrics metrics, ILogger logger, TimeProvider time)
    {
        _sink = sink;
        _metrics = metrics;
        _logger = logger;
        _time = time;
        _waiting = Channel.CreateBounded<SignedCheckpoint>(
            new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, _ => metrics.Failed(sink.Name));
        _sending = Task.Run(SendAllAsync);
    }

    /// <summary>Queues a checkpoint; never waits.</summary>
    public void Add(SignedCheckpoint checkpoint) => _waiting.Writer.TryWrite(checkpoint);

    /// <summary>Sends what waits, once, as far as the sink takes it in time.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _ending.CancelAsync();
        _stop.CancelAfter(Patience);
        await _sending;
        _sink.Dispose();
        _ending.Dispose();
        _stop.Dispose();
    }

    private async Task SendAllAsync()
    {
        try
        {
            await foreach (var checkpoint in _waiting.Reader.ReadAllAsync(_stop.Token))
                await SendAsync(checkpoint);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The end of the process; what was not sent is in the store.
        }
    }

    private async Task SendAsync(SignedCheckpoint checkpoint)
    {
        var isLast = _ending.IsCancellationRequested;
        for (var delay = FirstRetry; !await TrySendAsync(checkpoint) && !isLast; delay = delay * 2 < LongestRetry ? delay * 2 : LongestRetry)
        {
            // The end of the process ends the pause; then one more attempt is all there is time for.
            await Task.Delay(delay, _time, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            isLast = _ending.IsCancellationRequested;
        }
    }

    private async Task<bool> TrySendAsync(SignedCheckpoint checkpoint)
    {
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        attempt.CancelAfter(Patience);
        try
        {
            await _sink.SendAsync(checkpoint, attempt.Token);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !_stop.IsCancellationRequested)
        {
            _metrics.Failed(_sink.Name);
            if (!_isFailing)
                _logger.CheckpointNotSent(_sink.Name, checkpoint.Checkpoint.Sequence, exception.Message);
            _isFailing = true;
            return false;
        }
        _metrics.Sent(_sink.Name);
        if (_isFailing)
            _logger.CheckpointsSentAgain(_sink.Name, checkpoint.Checkpoint.Sequence);
        _isFailing = false;
        return true;
    }
}
