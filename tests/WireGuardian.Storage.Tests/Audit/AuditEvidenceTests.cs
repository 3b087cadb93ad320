using WireGuardian.Core.Audit;
using WireGuardian.Core.Audit.Evidence;
using WireGuardian.Storage.Audit;

namespace WireGuardian.Storage.Tests.Audit;

/// <summary>Receipts and checkpoints come with their records, in the same commit.</summary>
public sealed class AuditEvidenceTests
{
    private AuditFixture _fixture = null!;

    [SetUp]
    public void SetUp() => _fixture = new AuditFixture();

    [TearDown]
    public void TearDown() => _fixture.Dispose();

    private AuditPublicKeys Trusted => new([_fixture.Key.Public]);

    [Test]
    public async Task Every_decision_has_a_receipt_that_names_its_record()
    {
        await using var log = _fixture.OpenSigned();
        var decision = _fixture.Record("DROP TABLE t", "k3m9x2aa") with
        {
            Event = AuditEvents.Approve, Operator = "dana", Channel = "grpc", PolicyVersion = "7", Digest = "00ff", Decision = "approved",
        };
        await log.AppendDurableAsync(decision with { Event = AuditEvents.Hold, Operator = "" }, CancellationToken.None);
        await log.AppendDurableAsync(decision, CancellationToken.None);
        await log.AppendDurableAsync(decision with { Event = AuditEvents.Release }, CancellationToken.None);
        await log.AppendDurableAsync(decision with { RequestId = "other", Event = AuditEvents.Deny }, CancellationToken.None);
        var receipts = log.Archive.Receipts("k3m9x2aa");
        Assert.That(receipts.Select(signed => signed.Receipt.Event), Is.EqualTo(new[] { "approve", "release" }));
        Assert.That(receipts.Select(signed => signed.ProblemBy(Trusted)), Is.All.Null);
        var chained = log.Query(new AuditQuery()).Single(chained => chained.Record.Event == AuditEvents.Approve);
        Assert.That(receipts[0].Receipt, Is.EqualTo(AuditReceipt.Of(chained.Record, chained.Sequence, chained.Hash)));
        Assert.That((receipts[0].Receipt.Operator, receipts[0].Receipt.PolicyVersion, receipts[0].Receipt.Digest), Is.EqualTo(("dana", "7", "00ff")));
    }

    [Test]
    public async Task A_checkpoint_comes_after_so_many_records()
    {
        var made = new List<SignedCheckpoint>();
        await using var log = _fixture.OpenSigned(new SqliteAuditOptions { CheckpointRecords = 3, CheckpointMade = made.Add });
        for (var index = 0; index < 7; index++)
            await log.AppendDurableAsync(_fixture.Record($"s{index}"), CancellationToken.None);
        // The record of the key is the first.
        Assert.That(made.Select(signed => signed.Checkpoint.Sequence), Is.EqualTo(new[] { 3, 6 }));
        Assert.That(made.Select(signed => signed.ProblemBy(Trusted)), Is.All.Null);
        Assert.That(log.Archive.NewestCheckpoint(), Is.EqualTo(made[^1]));
        Assert.That(log.Verify(), Has.Property("Checkpoints").EqualTo(2).And.Property("CoveredTo").EqualTo(6).And.Property("IsIntact").True);
    }

    [Test]
    public async Task A_checkpoint_comes_in_time_for_new_records_and_at_the_end()
    {
        var made = new SynchronizedCollection();
        await using (var log = _fixture.OpenSigned(new SqliteAuditOptions { CheckpointInterval = TimeSpan.FromSeconds(60), CheckpointMade = made.Add }))
        {
            await log.AppendDurableAsync(_fixture.Record("a"), CancellationToken.None);
            _fixture.Time.Advance(TimeSpan.FromSeconds(59));
            await log.AppendDurableAsync(_fixture.Record("b"), CancellationToken.None);
            Assert.That(made.Sequences, Is.Empty);
            _fixture.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.That(() => made.Sequences, Is.EqualTo(new[] { 3 }).After(10_000, 5));
            _fixture.Time.Advance(TimeSpan.FromSeconds(60));
            await log.AppendDurableAsync(_fixture.Record("c"), CancellationToken.None);
        }
        // The minute without a record made none, the end made one.
        Assert.That(made.Sequences, Is.EqualTo(new[] { 3, 4 }));
    }

    [Test]
    public async Task The_key_is_on_record_once_and_another_key_after_it()
    {
        await _fixture.OpenSigned().DisposeAsync();
        await _fixture.OpenSigned().DisposeAsync();
        using var next = AuditSigningKey.Create();
        await _fixture.Open(new SqliteAuditOptions { SigningKey = next }).DisposeAsync();
        var reader = new AuditReader(_fixture.Directory);
        var keys = reader.Query(new AuditQuery()).Where(chained => chained.Record.Event == AuditEvents.SigningKey).Select(chained => chained.Record.Digest);
        Assert.That(keys, Is.EqualTo(new[] { _fixture.Key.Public.Id, next.Public.Id }));
        Assert.That(reader.SigningKeys().Select(key => key.Id), Is.EqualTo(keys));
        Assert.That(reader.Verify(new AuditPublicKeys([_fixture.Key.Public, next.Public])).IsIntact, Is.True);
        Assert.That(reader.Verify(Trusted).Problem, Does.Contain("not among those that are trusted"));
        await _fixture.OpenSigned().DisposeAsync();
        Assert.That(reader.SigningKeys().Select(key => key.Id), Is.EqualTo(new[] { next.Public.Id, _fixture.Key.Public.Id }), "the one in use is the last");
    }

    [Test]
    public async Task A_store_of_version_1_opens_and_its_records_hold_with_the_new_ones()
    {
        var old = new AuditRecord { Time = _fixture.Time.GetUtcNow(), Event = AuditEvents.Approve, RequestId = "k3m9x2aa", FormatVersion = 1 };
        await using (var log = _fixture.Open())
            await log.AppendDurableAsync(old, CancellationToken.None);
        _fixture.Tamper("""
            DROP TABLE audit_key; DROP TABLE audit_checkpoint; DROP TABLE audit_receipt; DROP TABLE audit_anchor;
            CREATE TRIGGER audit_never_shrinks BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
            PRAGMA user_version = 1
            """);
        var reader = new AuditReader(_fixture.Directory);
        Assert.That(reader.Verify().IsIntact, Is.True);
        Assert.That(reader.Query(new AuditQuery()).Single().Record, Is.EqualTo(old));
        Assert.That(reader.Receipts("k3m9x2aa"), Is.Empty);
        await using (var log = _fixture.OpenSigned())
            await log.AppendDurableAsync(old with { FormatVersion = AuditRecordFormat.Version, Channel = "grpc" }, CancellationToken.None);
        var found = reader.Verify(Trusted);
        Assert.That(found.IsIntact, Is.True, found.Problem);
        Assert.That((found.Records, found.Receipts, found.Checkpoints), Is.EqualTo((3L, 1L, 1L)));
    }

    [Test]
    public async Task A_record_without_a_policy_version_gets_the_one_in_force()
    {
        await using var log = _fixture.Open(new SqliteAuditOptions { PolicyVersion = () => "7" });
        log.Append(_fixture.Record("a"));
        await log.AppendDurableAsync(_fixture.Record("b") with { PolicyVersion = "6" }, CancellationToken.None);
        Assert.That(log.Query(new AuditQuery()).Select(chained => chained.Record.PolicyVersion), Is.EqualTo(new[] { "7", "6" }));
    }

    [Test]
    public async Task The_archive_is_read_in_pages_narrowed_by_every_field()
    {
        await using var log = _fixture.Open();
        for (var index = 0; index < 10; index++)
        {
            var record = _fixture.Record($"s{index}", index < 5 ? "first" : "");
            log.Append(record with { Principal = index % 2 == 0 ? "app" : "erin", Operator = index == 3 ? "dana" : "", Event = index == 7 ? AuditEvents.Login : record.Event });
            _fixture.Time.Advance(TimeSpan.FromSeconds(1));
        }
        await log.AppendDurableAsync(_fixture.Record("end"), CancellationToken.None);
        var start = _fixture.Time.GetUtcNow() - TimeSpan.FromSeconds(10);
        Assert.That(Read(new AuditFilter()), Is.EqualTo(Enumerable.Range(0, 10).Select(index => $"s{index}").Append("end")));
        Assert.That(Read(new AuditFilter { UpTo = 2 }), Is.EqualTo(new[] { "s0", "s1" }));
        Assert.That(Read(new AuditFilter { Since = start.AddSeconds(8), Until = start.AddSeconds(10) }), Is.EqualTo(new[] { "s8", "s9" }));
        Assert.That(Read(new AuditFilter { RequestId = "first", Principal = "erin" }), Is.EqualTo(new[] { "s1", "s3" }));
        Assert.That(Read(new AuditFilter { Operator = "dana" }), Is.EqualTo(new[] { "s3" }));
        Assert.That(Read(new AuditFilter { Events = [AuditEvents.Login, AuditEvents.Hold] }), Is.EqualTo(new[] { "s7" }));
        Assert.That(Read(new AuditFilter { Principal = "nobody" }), Is.Empty);

        List<string> Read(AuditFilter filter)
        {
            var (statements, after) = (new List<string>(), 0L);
            for (var isLast = false; !isLast;)
            {
                var page = log.Archive.Read(filter, after, scan: 2);
                statements.AddRange(page.Records.Select(chained => chained.Record.Statement));
                (after, isLast) = (page.LookedTo, page.IsLast);
            }
            return statements;
        }
    }

    /// <summary>The writer's thread adds, the test's thread looks.</summary>
    private sealed class SynchronizedCollection
    {
        private readonly List<long> _sequences = [];

        public long[] Sequences
        {
            get
            {
                lock (_sequences)
                    return [.. _sequences];
            }
        }

        public void Add(SignedCheckpoint signed)
        {
            lock (_sequences)
                _sequences.Add(signed.Checkpoint.Sequence);
        }
    }
}
