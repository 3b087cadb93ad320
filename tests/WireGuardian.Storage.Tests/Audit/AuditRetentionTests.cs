using WireGuardian.Core.Audit;
using WireGuardian.Core.Audit.Evidence;
using WireGuardian.Storage.Audit;

namespace WireGuardian.Storage.Tests.Audit;

/// <summary>A record a day, a checkpoint every fifth: retention keeps the chain whole.</summary>
public sealed class AuditRetentionTests
{
    private static readonly SqliteAuditOptions Rare = new() { CheckpointRecords = 5, CheckpointInterval = TimeSpan.FromDays(1000), PrunedAtOnce = 3 };

    private AuditFixture _fixture = null!;

    [SetUp]
    public void SetUp() => _fixture = new AuditFixture();

    [TearDown]
    public void TearDown() => _fixture.Dispose();

    [Test]
    public async Task Old_records_go_up_to_a_checkpoint_and_what_stays_holds_from_there()
    {
        await using var log = Open();
        await WriteAsync(log, 19);
        // Records 1 to 13 are older, the checkpoint before that is of 10.
        Assert.That(await PruneAsync(log, 7), Is.EqualTo(10));
        Assert.That(log.Query(new AuditQuery()).Select(chained => chained.Sequence), Is.EqualTo(Enumerable.Range(11, 11)));
        Assert.That(log.Query(new AuditQuery())[^1].Record, Has.Property("Event").EqualTo(AuditEvents.Prune).And.Property("Detail").Contains("records 1 to 10"));
        var found = log.Verify();
        Assert.That(found.IsIntact, Is.True, found.Problem);
        Assert.That((found.Anchor.Sequence, found.Records, found.Head.Sequence), Is.EqualTo((10L, 11L, 21L)));
        var first = log.Query(new AuditQuery())[0];
        Assert.That(first.PreviousHash, Is.EqualTo(found.Anchor.Hash));
        Assert.That(new AuditReader(_fixture.Directory).Verify(new AuditPublicKeys([_fixture.Key.Public])).IsIntact, Is.True);
    }

    [Test]
    public async Task It_goes_on_from_its_own_anchor()
    {
        await using var log = Open();
        await WriteAsync(log, 19);
        await PruneAsync(log, 7);
        await WriteAsync(log, 10);
        Assert.That(await PruneAsync(log, 7), Is.GreaterThan(0));
        Assert.That(log.Verify(), Has.Property("IsIntact").True.And.Property("Anchor").Property("Sequence").GreaterThan(10));
        Assert.That(await PruneAsync(log, 7), Is.Zero);
    }

    [Test]
    public async Task Nothing_of_an_unfinished_request_goes()
    {
        await using var log = Open();
        await WriteAsync(log, 6);
        await log.AppendDurableAsync(_fixture.Record("held", "k3m9x2aa") with { Event = AuditEvents.Hold }, CancellationToken.None);
        await WriteAsync(log, 12);
        Assert.That(await PruneAsync(log, 0, "k3m9x2aa"), Is.EqualTo(5));
        Assert.That(log.Query(new AuditQuery(RequestId: "k3m9x2aa")), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Without_a_checkpoint_nothing_goes()
    {
        await using var log = _fixture.OpenSigned(Rare with { CheckpointRecords = 1000 });
        await WriteAsync(log, 19);
        Assert.That(await PruneAsync(log, 0), Is.Zero);
        Assert.That(log.Query(new AuditQuery()), Has.Count.EqualTo(20));
    }

    [Test]
    public async Task Receipts_and_checkpoints_go_with_their_records_and_the_anchors_checkpoint_stays()
    {
        await using var log = Open();
        await WriteAsync(log, 2);
        await log.AppendDurableAsync(_fixture.Record("a", "gone") with { Event = AuditEvents.Deny }, CancellationToken.None);
        await WriteAsync(log, 15);
        await log.AppendDurableAsync(_fixture.Record("b", "stays") with { Event = AuditEvents.Deny }, CancellationToken.None);
        await PruneAsync(log, 7);
        Assert.That(log.Archive.Receipts("gone"), Is.Empty);
        Assert.That(log.Archive.Receipts("stays"), Has.Count.EqualTo(1));
        Assert.That(log.Verify(), Has.Property("OlderCheckpoints").Zero.And.Property("Checkpoints").GreaterThan(1));
    }

    [Test]
    public async Task A_process_that_ends_in_between_leaves_a_trail_that_holds_and_the_next_goes_on()
    {
        await using (var log = Open())
        {
            await WriteAsync(log, 19);
            await PruneAsync(log, 7);
        }
        // As if the process had been killed when the anchor was there and not all records were gone.
        _fixture.Tamper("INSERT INTO audit SELECT 9, 0, 0, NULL, record, hash FROM audit WHERE sequence = 11; INSERT INTO audit SELECT 10, 0, 0, NULL, record, hash FROM audit WHERE sequence = 11");
        await using var next = Open();
        Assert.That(next.Verify().IsIntact, Is.True);
        Assert.That(next.Query(new AuditQuery())[0].Sequence, Is.EqualTo(11));
        await PruneAsync(next, 100);
        Assert.That(_fixture.Count("SELECT count(*) FROM audit WHERE sequence < 11"), Is.Zero);
    }

    [TestCase("UPDATE audit_anchor SET hash = zeroblob(32)")]
    [TestCase("DELETE FROM audit_anchor")]
    [TestCase("DELETE FROM audit_checkpoint WHERE sequence = 10")]
    [TestCase("UPDATE audit_anchor SET sequence = 15, hash = (SELECT hash FROM audit WHERE sequence = 15); DELETE FROM audit WHERE sequence <= 15")]
    public async Task An_anchor_that_retention_did_not_set_is_found(string sql)
    {
        await using (var log = Open())
        {
            await WriteAsync(log, 19);
            await PruneAsync(log, 7);
        }
        _fixture.Tamper(sql);
        Assert.That(new AuditReader(_fixture.Directory).Verify().IsIntact, Is.False);
    }

    private SqliteAuditLog Open() => _fixture.OpenSigned(Rare);

    private async Task WriteAsync(SqliteAuditLog log, int days)
    {
        for (var day = 0; day < days; day++)
        {
            await log.AppendDurableAsync(_fixture.Record($"{day}"), CancellationToken.None);
            _fixture.Time.Advance(TimeSpan.FromDays(1));
        }
    }

    private async Task<long> PruneAsync(SqliteAuditLog log, int days, params string[] unfinished) =>
        await log.PruneAsync(_fixture.Time.GetUtcNow() - TimeSpan.FromDays(days), unfinished, _fixture.Time, CancellationToken.None);
}
