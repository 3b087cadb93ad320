using System.Diagnostics.Metrics;
using WireGuardian.Core.Approvals;
using static WireGuardian.Core.Tests.Approvals.QueueFixture;

namespace WireGuardian.Core.Tests.Approvals;

/// <summary>What others see of the queue: watchers and metrics.</summary>
public sealed class ApprovalWatchTests
{
    [Test]
    public async Task A_watcher_sees_every_change_from_its_call_on()
    {
        using var fixture = await QueueFixture.StartAsync();
        await fixture.HoldAsync();
        using var ending = new CancellationTokenSource();
        var changes = fixture.Queue.WatchAsync(ending.Token);
        var held = await fixture.HoldAsync(minimum: 2);
        await fixture.ApproveAsync(held.Id, Dana);
        await fixture.ApproveAsync(held.Id, Omar);
        await held.TryReleaseAsync("d1", CancellationToken.None);
        await ending.CancelAsync();
        var seen = await changes.Select(request => (request.State, request.Approvals.Count)).ToListAsync();
        Assert.That(seen, Is.EqualTo(new[]
        {
            (ApprovalState.Pending, 0), (ApprovalState.Pending, 1), (ApprovalState.Approved, 2), (ApprovalState.Released, 2),
        }));
    }

    [Test]
    public async Task A_slow_watcher_loses_the_oldest_changes_and_holds_up_nobody()
    {
        using var fixture = await QueueFixture.StartAsync(new ApprovalQueueOptions { WatchBuffer = 2 });
        var changes = fixture.Queue.WatchAsync(CancellationToken.None);
        var ids = new List<string>();
        for (var index = 0; index < 5; index++)
            ids.Add((await fixture.HoldAsync()).Id);
        await using var reader = changes.GetAsyncEnumerator();
        await reader.MoveNextAsync();
        Assert.That(reader.Current.Id, Is.EqualTo(ids[3]));
    }

    [Test]
    public async Task A_watch_ends_with_the_queue()
    {
        using var fixture = await QueueFixture.StartAsync();
        var changes = fixture.Queue.WatchAsync(CancellationToken.None);
        await fixture.Queue.DisposeAsync();
        Assert.That(await changes.CountAsync(), Is.Zero);
        Assert.That(await fixture.Queue.WatchAsync(CancellationToken.None).CountAsync(), Is.Zero);
    }

    [Test]
    public async Task The_metrics_count_each_end_of_a_wait_once_and_how_long_it_took()
    {
        using var fixture = await QueueFixture.StartAsync();
        var decisions = new List<string>();
        var waits = new List<double>();
        var pending = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (ReferenceEquals(instrument.Meter, fixture.Meter))
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => decisions.Add((string)tags[0].Value!));
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => waits.Add(value));
        listener.SetMeasurementEventCallback<int>((_, value, _, _) => pending = value);
        listener.Start();

        var approved = await fixture.HoldAsync();
        await fixture.HoldAsync();
        listener.RecordObservableInstruments();
        Assert.That(pending, Is.EqualTo(2));
        fixture.Time.Advance(TimeSpan.FromSeconds(7));
        await fixture.ApproveAsync(approved.Id, Dana);
        await approved.TryReleaseAsync("d1", CancellationToken.None);
        fixture.Time.Advance(TimeSpan.FromMinutes(10));
        listener.RecordObservableInstruments();
        Assert.That(pending, Is.Zero);
        Assert.That(decisions, Is.EqualTo(new[] { "approved", "expired" }));
        Assert.That(waits, Is.EqualTo(new[] { 7.0, 600.0 }));
    }
}
