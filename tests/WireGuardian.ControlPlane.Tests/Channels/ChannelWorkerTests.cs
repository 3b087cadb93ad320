using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using WireGuardian.ControlPlane.Tests.Hosting;
using WireGuardian.Server.Channels;

namespace WireGuardian.ControlPlane.Tests.Channels;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ChannelWorkerTests : IDisposable
{
    private readonly Meter _meter = new("test");
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<string> _results = new();
    private readonly CollectedLog _log = new();
    private readonly QuickTime _time = new(Samples.Noon);
    private readonly ScriptedChannel _channel = new();
    private readonly ChannelMetrics _metrics;

    public ChannelWorkerTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == _meter)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) => _results.Enqueue(string.Join(' ', tags.ToArray().Select(tag => tag.Value))));
        _listener.Start();
        _metrics = new ChannelMetrics(_meter);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meter.Dispose();
        _log.Dispose();
    }

    [Test]
    public async Task What_fails_for_now_is_tried_again_with_growing_pauses()
    {
        _channel.Script(new Delivery(DeliveryResult.TryAgain), new Delivery(DeliveryResult.TryAgain), new Delivery(DeliveryResult.TryAgain), Delivery.Done);
        await using var worker = Worker(random: 1);
        worker.Start();
        worker.Post(Change("R1"));
        await _channel.AttemptsAsync(4);
        await worker.StopAsync();
        Assert.That(_time.Pauses.Take(3), Is.EqualTo(new[] { TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4) }));
        Assert.That(_results, Is.EqualTo(new[] { "siem retried", "siem retried", "siem retried", "siem delivered" }));
    }

    [Test]
    public async Task A_pause_has_a_jitter_of_half_its_length()
    {
        _channel.Script(new Delivery(DeliveryResult.TryAgain), Delivery.Done);
        await using var worker = Worker(random: 0);
        worker.Start();
        worker.Post(Change("R1"));
        await _channel.AttemptsAsync(2);
        Assert.That(_time.Pauses.First(), Is.EqualTo(TimeSpan.FromSeconds(0.5)));
    }

    [TestCase(30, 30)]
    [TestCase(1, 1)]
    [TestCase(86_400, 300)]
    public async Task A_receiver_that_asks_for_time_gets_it_within_a_limit(int askedSeconds, int pausedSeconds)
    {
        _channel.Script(new Delivery(DeliveryResult.TryAgain, TimeSpan.FromSeconds(askedSeconds)), Delivery.Done);
        await using var worker = Worker(random: 0);
        worker.Start();
        worker.Post(Change("R1"));
        await _channel.AttemptsAsync(2);
        Assert.That(_time.Pauses.First(), Is.EqualTo(TimeSpan.FromSeconds(pausedSeconds)));
    }

    [Test]
    public async Task What_is_tried_too_often_or_refused_is_given_up_and_the_next_goes_on()
    {
        _channel.Script([.. Enumerable.Repeat(new Delivery(DeliveryResult.TryAgain, Problem: "status 500"), ChannelWorker.MostAttempts), new Delivery(DeliveryResult.Failed), Delivery.Done]);
        await using var worker = Worker();
        worker.Start();
        worker.Post(Change("R1"));
        worker.Post(Change("R2"));
        worker.Post(Change("R3"));
        await _channel.AttemptsAsync(ChannelWorker.MostAttempts + 2);
        await worker.StopAsync();
        Assert.That(_results.Where(result => !result.EndsWith("retried", StringComparison.Ordinal)), Is.EqualTo(new[] { "siem failed", "siem failed", "siem delivered" }));
        Assert.That(_time.Pauses.Max(), Is.LessThanOrEqualTo(ChannelWorker.LongestPause));
        Assert.That(_log.Lines.First(), Does.Contain("request R1").And.Contain("status 500"));
    }

    [Test]
    public async Task A_fault_of_a_channel_does_not_end_its_worker()
    {
        _channel.Throw(new InvalidOperationException("secret statement"));
        _channel.Script(Delivery.Done);
        await using var worker = Worker();
        worker.Start();
        worker.Post(Change("R1"));
        worker.Post(Change("R2"));
        await _channel.AttemptsAsync(2);
        await worker.StopAsync();
        Assert.That(_results, Is.EqualTo(new[] { "siem failed", "siem delivered" }));
        Assert.That(_log.Lines, Has.None.Contains("secret statement"));
    }

    [Test]
    public async Task A_full_queue_loses_its_oldest_and_never_blocks()
    {
        var free = _channel.Block();
        await using var worker = Worker();
        worker.Start();
        worker.Post(Change("first"));
        await _channel.AttemptsAsync(1);
        for (var number = 0; number < ChannelWorker.MostQueued + 3; number++)
            worker.Post(Change($"R{number}"));
        Assert.That(_results, Is.EqualTo(Enumerable.Repeat("siem dropped", 3)));
        Assert.That(_log.Lines.First(), Does.Contain("request R0"));
        free();
        await _channel.AttemptsAsync(2);
        Assert.That(_channel.Seen.ElementAt(1), Is.EqualTo("R3"));
    }

    [Test]
    public async Task Stopping_sends_what_is_queued_without_pauses()
    {
        _channel.Script(new Delivery(DeliveryResult.TryAgain), Delivery.Done);
        await using var worker = Worker();
        worker.Post(Change("R1"));
        worker.Post(Change("R2"));
        var stopped = worker.StopAsync();
        worker.Start();
        await stopped;
        await _channel.AttemptsAsync(2);
        Assert.That(_channel.Seen, Is.EqualTo(new[] { "R1", "R2" }));
    }

    private ChannelWorker Worker(double random = 0.5) => new("siem", _channel, _metrics, _time, _log, () => random);

    private static ChannelEvent Change(string id) => new(Samples.Request(id), Samples.Noon);

    private sealed class ScriptedChannel : IMessageChannel
    {
        private readonly ConcurrentQueue<Func<Task<Delivery>>> _script = new();
        private readonly SemaphoreSlim _attempted = new(0);
        private int _awaited;

        public ConcurrentQueue<string> Seen { get; } = new();

        public void Script(params Delivery[] deliveries)
        {
            foreach (var delivery in deliveries)
                _script.Enqueue(() => Task.FromResult(delivery));
        }

        public void Throw(Exception exception) => _script.Enqueue(() => throw exception);

        /// <summary>The next attempt waits until the result is called.</summary>
        public Action Block()
        {
            var free = new TaskCompletionSource<Delivery>();
            _script.Enqueue(() => free.Task);
            return () => free.SetResult(Delivery.Done);
        }

        public async Task AttemptsAsync(int number)
        {
            for (; _awaited < number; _awaited++)
            {
                if (!await _attempted.WaitAsync(TimeSpan.FromSeconds(20)))
                    throw new TimeoutException($"There were only {_awaited} attempts.");
            }
        }

        public Task<Delivery> DeliverAsync(ChannelEvent change, CancellationToken cancellationToken)
        {
            Seen.Enqueue(change.Request.Id);
            _attempted.Release();
            return _script.TryDequeue(out var next) ? next().WaitAsync(cancellationToken) : Task.FromResult(Delivery.Done);
        }
    }
}
