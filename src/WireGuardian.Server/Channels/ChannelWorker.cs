using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace WireGuardian.Server.Channels;

/// <summary>
/// Delivers to one channel, in order, one at a time, again until it succeeds or was tried too often. Whoever posts never waits: when the queue is full its oldest event
/// goes, and that shows in the metrics.
/// </summary>
internal sealed class ChannelWorker : IAsyncDisposable
{
    internal const int MostQueued = 1000;
    internal const int MostAttempts = 10;
    internal static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    internal static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(5);

    /// <summary>How long the last messages may take when the server stops.</summary>
    internal static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    private readonly string _name;
    private readonly IMessageChannel _channel;
    private readonly ChannelMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Func<double> _random;
    private readonly Channel<ChannelEvent> _queue;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _end = new();
    private Task _running = Task.CompletedTask;

    /// <param name="random">A number from 0 to 1, for the jitter.</param>
    public ChannelWorker(string name, IMessageChannel channel, ChannelMetrics metrics, TimeProvider time, ILogger logger, Func<double>? random = null)
    {
        (_name, _channel, _metrics, _time, _logger, _random) = (name, channel, metrics, time, logger, random ?? Random.Shared.NextDouble);
        _queue = Channel.CreateBounded<ChannelEvent>(
            new BoundedChannelOptions(MostQueued) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            dropped =>
            {
                _metrics.Counted(_name, "dropped");
                _logger.ChannelDropped(_name, dropped.Request.Id);
            });
        metrics.Observe(name, () => _queue.Reader.Count);
    }

    public void Start() => _running = RunAsync();

    public void Post(ChannelEvent change) => _queue.Writer.TryWrite(change);

    /// <summary>Sends what is queued, without pauses and trying each once, for at most <see cref="Farewell"/>.</summary>
    public async Task StopAsync()
    {
        _queue.Writer.TryComplete();
        await _stopping.CancelAsync();
        using (_time.CreateTimer(_ => _end.Cancel(), null, Farewell, Timeout.InfiniteTimeSpan))
            await _running;
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _end.CancelAsync();
        await _running;
        _stopping.Dispose();
        _end.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await foreach (var change in _queue.Reader.ReadAllAsync(_end.Token))
                await DeliverAsync(change);
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // What is left is lost; the requests themselves are over.
        }
    }

    private async Task DeliverAsync(ChannelEvent change)
    {
        for (var attempt = 1; ; attempt++)
        {
            var delivery = await TryAsync(change);
            if (delivery.Result == DeliveryResult.Delivered)
            {
                _metrics.Counted(_name, "delivered");
                return;
            }
            if (delivery.Result == DeliveryResult.Failed || attempt == MostAttempts || _stopping.IsCancellationRequested)
            {
                _metrics.Counted(_name, "failed");
                _logger.ChannelFailed(_name, change.Request.Id, delivery.Problem, attempt);
                return;
            }
            _metrics.Counted(_name, "retried");
            await PauseAsync(delivery.RetryAfter, attempt);
        }
    }

    private async Task<Delivery> TryAsync(ChannelEvent change)
    {
        try
        {
            return await _channel.DeliverAsync(change, _end.Token);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !_end.IsCancellationRequested)
        {
            // A fault of a channel must not end its worker; nothing of its message is logged, which could quote what was sent.
            return new Delivery(DeliveryResult.Failed, Problem: exception.GetType().Name);
        }
    }

    private async Task PauseAsync(TimeSpan? retryAfter, int attempt)
    {
        var pause = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, attempt - 1), LongestPause.TotalSeconds) * (0.5 + (_random() / 2)));
        if (retryAfter is { } asked && asked > pause)
            pause = asked < LongestRetryAfter ? asked : LongestRetryAfter;
        await Task.Delay(pause, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
