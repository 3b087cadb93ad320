using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using WireGuardian.Core.Audit.Evidence;
using WireGuardian.Server.Evidence;
using WireGuardian.Server.Logging;
using WireGuardian.Testing.Time;

namespace WireGuardian.Server.Tests.Evidence;

/// <summary>A sink that fails or is slow: nothing waits for it, it shows, and what is newest arrives in the end.</summary>
[TestFixture]
[CancelAfter(60_000)]
public sealed class CheckpointQueueTests
{
    private readonly FakeTime _time = new();
    private readonly StringWriter _log = new();
    private Meter _meter = null!;
    private MeterListener _listener = null!;
    private ILoggerFactory _loggers = null!;
    private long _sent;
    private long _failed;

    [SetUp]
    public void SetUp()
    {
        _sent = _failed = 0;
        _meter = new Meter("test");
        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (ReferenceEquals(instrument.Meter, _meter))
                    self.EnableMeasurementEvents(instrument);
            },
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
            Interlocked.Add(ref instrument.Name.EndsWith("sent", StringComparison.Ordinal) ? ref _sent : ref _failed, value));
        _listener.Start();
        _log.GetStringBuilder().Clear();
        _loggers = LineLoggerProvider.CreateFactory(TextWriter.Synchronized(_log), LogFormat.Text, LogLevel.Information, _time);
    }

    [TearDown]
    public void TearDown()
    {
        _listener.Dispose();
        _meter.Dispose();
        _loggers.Dispose();
    }

    [Test]
    public async Task What_could_not_be_sent_is_sent_again_until_it_is_taken_and_only_the_first_failure_is_logged()
    {
        var sink = new ScriptedSink { Failures = 3 };
        await using (var queue = Open(sink))
        {
            queue.Add(Checkpoint(1));
            queue.Add(Checkpoint(2));
            while (sink.Sent.Count < 2)
            {
                _time.Advance(TimeSpan.FromMinutes(1));
                await Task.Yield();
            }
        }
        Assert.That(sink.Sent, Is.EqualTo(new[] { 1, 2 }));
        Assert.That((Interlocked.Read(ref _sent), Interlocked.Read(ref _failed)), Is.EqualTo((2L, 3L)));
        var log = _log.ToString();
        Assert.That(log.Split('\n').Count(line => line.Contains("could not be sent", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(log, Does.Contain("sent to scripted again"));
    }

    [Test]
    public async Task A_sink_that_is_stuck_makes_nobody_wait_and_the_oldest_give_way()
    {
        var sink = new ScriptedSink { Holds = true };
        await using (var queue = Open(sink))
        {
            queue.Add(Checkpoint(1));
            await sink.Reached.Task;
            for (var sequence = 2; sequence <= 300; sequence++)
                queue.Add(Checkpoint(sequence));
            Assert.That(Interlocked.Read(ref _failed), Is.EqualTo(299 - 256));
            sink.Release.SetResult();
            while (sink.Sent.Count < 257)
                await Task.Yield();
        }
        Assert.That(sink.Sent, Is.EqualTo(Enumerable.Range(45, 256).Prepend(1)));
    }

    [Test]
    public async Task The_end_of_the_process_tries_each_once_and_ends()
    {
        var sink = new ScriptedSink { Failures = int.MaxValue };
        var queue = Open(sink);
        queue.Add(Checkpoint(1));
        queue.Add(Checkpoint(2));
        await queue.DisposeAsync();
        Assert.That(sink.Sent, Is.Empty);
        Assert.That(Interlocked.Read(ref _failed), Is.InRange(2, 3));
        Assert.That(sink.IsDisposed, Is.True);
    }

    private CheckpointQueue Open(ScriptedSink sink) =>
        new(sink, new CheckpointMetrics(_meter, [sink.Name]), _loggers.CreateLogger("WireGuardian.Server"), _time);

    private static SignedCheckpoint Checkpoint(long sequence) => new(new AuditCheckpoint(sequence, "", DateTimeOffset.UnixEpoch, sequence), "", "");

    /// <summary>Fails so many times, or holds the first call, and notes what it took.</summary>
    private sealed class ScriptedSink : ICheckpointSink
    {
        private readonly List<long> _taken = [];

        public string Name => "scripted";

        public int Failures { get; set; }

        public bool Holds { get; init; }

        public bool IsDisposed { get; private set; }

        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<long> Sent
        {
            get
            {
                lock (_taken)
                    return [.. _taken];
            }
        }

        public async Task SendAsync(SignedCheckpoint checkpoint, CancellationToken cancellationToken)
        {
            Reached.TrySetResult();
            if (Holds)
                await Release.Task.WaitAsync(cancellationToken);
            if (Failures > 0)
            {
                Failures--;
                throw new IOException("the disk is full");
            }
            lock (_taken)
                _taken.Add(checkpoint.Checkpoint.Sequence);
        }

        public void Dispose() => IsDisposed = true;
    }
}
