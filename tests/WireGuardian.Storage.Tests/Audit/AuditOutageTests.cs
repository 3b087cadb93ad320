using WireGuardian.Core.Audit;
using WireGuardian.Storage.Audit;

namespace WireGuardian.Storage.Tests.Audit;

/// <summary>The store cannot be written for a while.</summary>
public sealed class AuditOutageTests
{
    private static readonly SqliteAuditOptions Impatient = new()
    {
        LockTimeout = TimeSpan.FromSeconds(1),
        RetryDelay = TimeSpan.FromMilliseconds(10),
        LongestRetryDelay = TimeSpan.FromMilliseconds(50),
    };

    private AuditFixture _fixture = null!;

    [SetUp]
    public void SetUp() => _fixture = new AuditFixture();

    [TearDown]
    public void TearDown() => _fixture.Dispose();

    [Test]
    public async Task A_locked_store_refuses_until_it_is_free_and_keeps_what_was_accepted_once()
    {
        await using var log = _fixture.Open(Impatient);
        await log.AppendDurableAsync(_fixture.Record("before"), CancellationToken.None);
        using (_fixture.LockStore())
        {
            log.Append(_fixture.Record("accepted 1"));
            var durable = log.AppendDurableAsync(_fixture.Record("refused"), CancellationToken.None).AsTask();
            log.Append(_fixture.Record("accepted 2"));
            Assert.That(async () => await durable, Throws.TypeOf<AuditUnavailableException>());
            Assert.That(log.IsHealthy, Is.False);
            Assert.That(() => log.Append(_fixture.Record("refused")), Throws.TypeOf<AuditUnavailableException>());
            Assert.That(
                async () => await log.AppendDurableAsync(_fixture.Record("refused"), CancellationToken.None),
                Throws.TypeOf<AuditUnavailableException>());
            Assert.That(_fixture.Failed, Is.GreaterThanOrEqualTo(4));
        }
        Assert.That(() => log.IsHealthy, Is.True.After(20_000, 10));
        await log.AppendDurableAsync(_fixture.Record("after"), CancellationToken.None);
        Assert.That(_fixture.Statements(), Is.EqualTo(new[] { "before", "accepted 1", "accepted 2", "after" }));
        Assert.That(log.Verify().IsIntact, Is.True);
        Assert.That(_fixture.Committed, Is.EqualTo(4));
    }

    [Test]
    public async Task What_was_accepted_before_a_stop_in_an_outage_is_recovered_at_the_next_start()
    {
        var log = _fixture.Open(Impatient);
        using (_fixture.LockStore())
        {
            log.Append(_fixture.Record("accepted"));
            Assert.That(() => log.IsHealthy, Is.False.After(20_000, 10));
            await log.DisposeAsync();
        }
        await using var next = _fixture.Open();
        Assert.That(next.Query(new AuditQuery()).Select(chained => (chained.Record.Event, chained.Record.Statement, chained.Record.Detail)), Is.EqualTo(new[]
        {
            ("statement", "accepted", ""), ("start", "", "recovered 1 records"),
        }));
        Assert.That(next.Verify().IsIntact, Is.True);
    }

    [Test]
    public async Task A_full_queue_refuses()
    {
        await using var log = _fixture.Open(Impatient with { MaximumQueuedRecords = 10, LockTimeout = TimeSpan.FromSeconds(60) });
        using (_fixture.LockStore())
        {
            for (var index = 0; index < 10; index++)
                log.Append(_fixture.Record("x"));
            Assert.That(() => log.Append(_fixture.Record("x")), Throws.TypeOf<AuditUnavailableException>().With.Message.Contains("full"));
        }
        Assert.That(() => _fixture.Committed, Is.EqualTo(10).After(20_000, 10));
        log.Append(_fixture.Record("x"));
    }

    [Test]
    public async Task A_queue_full_of_bytes_refuses()
    {
        await using var log = _fixture.Open(Impatient with { MaximumQueuedBytes = 10_000 });
        Assert.That(() => log.Append(_fixture.Record(new string('x', 10_000))), Throws.TypeOf<AuditUnavailableException>());
    }

    [Test]
    public async Task A_store_deleted_under_the_log_is_noticed()
    {
        var log = _fixture.Open(Impatient);
        await log.AppendDurableAsync(_fixture.Record("before"), CancellationToken.None);
        foreach (var file in Directory.GetFiles(_fixture.Directory, "audit.db*"))
            File.Delete(file);
        Assert.That(
            async () => await log.AppendDurableAsync(_fixture.Record("lost"), CancellationToken.None), Throws.TypeOf<AuditUnavailableException>());
        Assert.That(log.IsHealthy, Is.False);
        await log.DisposeAsync();
    }

    [Test]
    public async Task A_cancelled_wait_ends_and_the_record_is_written_all_the_same()
    {
        await using var log = _fixture.Open(Impatient with { LockTimeout = TimeSpan.FromSeconds(60) });
        using (_fixture.LockStore())
        {
            using var cancel = new CancellationTokenSource();
            var waiting = log.AppendDurableAsync(_fixture.Record("x"), cancel.Token).AsTask();
            await cancel.CancelAsync();
            Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());
        }
        Assert.That(() => _fixture.Committed, Is.EqualTo(1).After(20_000, 10));
    }
}
