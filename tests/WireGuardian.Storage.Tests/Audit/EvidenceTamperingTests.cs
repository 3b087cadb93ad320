using WireGuardian.Core.Audit;
using WireGuardian.Core.Audit.Evidence;
using WireGuardian.Core.Audit.Verification;
using WireGuardian.Storage.Audit;

namespace WireGuardian.Storage.Tests.Audit;

/// <summary>
/// A store of 20 records: the key's, then statements, every fourth an approval. Checkpoints of 5, 10, 15 and 20, which were kept elsewhere too.
/// </summary>
public sealed class EvidenceTamperingTests
{
    private readonly List<SignedCheckpoint> _kept = [];
    private AuditFixture _fixture = null!;

    [SetUp]
    public async Task SetUp()
    {
        _fixture = new AuditFixture();
        _kept.Clear();
        await using var log = _fixture.OpenSigned(new SqliteAuditOptions { CheckpointRecords = 5, CheckpointMade = _kept.Add });
        for (var sequence = 2; sequence <= 20; sequence++)
        {
            var record = _fixture.Record($"s{sequence}");
            await log.AppendDurableAsync(
                sequence % 4 == 0 ? record with { Event = AuditEvents.Approve, RequestId = $"r{sequence}" } : record, CancellationToken.None);
        }
    }

    [TearDown]
    public void TearDown() => _fixture.Dispose();

    [Test]
    public void An_untouched_store_holds_with_its_evidence()
    {
        var found = Verify();
        Assert.That(found.IsIntact, Is.True, found.Problem);
        Assert.That((found.Records, found.Checkpoints, found.Receipts, found.CoveredTo), Is.EqualTo((20L, 8L, 5L, 20L)));
    }

    [TestCase("UPDATE audit_checkpoint SET hash = zeroblob(32) WHERE sequence = 10", 10)]
    [TestCase("UPDATE audit_checkpoint SET time = time + 1 WHERE sequence = 10", 10)]
    [TestCase("UPDATE audit_checkpoint SET time = -1 WHERE sequence = 10", null)]
    [TestCase("UPDATE audit_checkpoint SET records = 9 WHERE sequence = 10", 10)]
    [TestCase("UPDATE audit_checkpoint SET signature = (SELECT signature FROM audit_checkpoint WHERE sequence = 5) WHERE sequence = 10", 10)]
    [TestCase("UPDATE audit_checkpoint SET key_id = 'other' WHERE sequence = 10", 10)]
    [TestCase("UPDATE audit_checkpoint SET sequence = 11 WHERE sequence = 10", 11)]
    [TestCase("UPDATE audit_receipt SET signature = (SELECT signature FROM audit_receipt WHERE sequence = 4) WHERE sequence = 8", 8)]
    [TestCase("UPDATE audit_receipt SET key_id = 'other' WHERE sequence = 8", 8)]
    [TestCase("UPDATE audit_receipt SET sequence = 9 WHERE sequence = 8", 8)]
    [TestCase("DELETE FROM audit_receipt WHERE sequence = 8", 8)]
    [TestCase("DELETE FROM audit WHERE sequence > 12", 13)]
    [TestCase("DELETE FROM audit WHERE sequence > 15; DELETE FROM audit_checkpoint WHERE sequence > 15; DELETE FROM audit_receipt WHERE sequence > 15", 16)]
    [TestCase("DELETE FROM audit WHERE sequence > 17; DELETE FROM audit_checkpoint", 18)]
    [TestCase("INSERT INTO audit_anchor SELECT 1, sequence, hash FROM audit WHERE sequence = 10; DELETE FROM audit WHERE sequence <= 10", 10)]
    [TestCase("INSERT INTO audit_anchor SELECT 1, sequence, hash FROM audit WHERE sequence = 9", 9)]
    public void Altered_missing_and_moved_evidence_is_found(string sql, long? first)
    {
        _fixture.Tamper(sql);
        if (first is null)
        {
            Assert.That(() => Verify(), Throws.TypeOf<AuditUnavailableException>());
            return;
        }
        var found = Verify();
        Assert.That(found.IsIntact, Is.False);
        Assert.That(found.FirstBadSequence, Is.EqualTo(first), found.Problem);
        Assert.That(found.Problem, Is.Not.Empty);
    }

    [Test]
    public void A_trail_cut_short_together_with_all_its_evidence_shows_against_what_was_kept_elsewhere()
    {
        _fixture.Tamper("DELETE FROM audit WHERE sequence > 15; DELETE FROM audit_checkpoint WHERE sequence > 15; DELETE FROM audit_receipt WHERE sequence > 15");
        Assert.That(new AuditReader(_fixture.Directory).Verify(new AuditPublicKeys([_fixture.Key.Public])).IsIntact, Is.True);
        Assert.That(Verify().FirstBadSequence, Is.EqualTo(16));
    }

    [Test]
    public void A_trail_made_anew_with_another_key_passes_for_its_own_key_and_not_for_the_trusted_one()
    {
        using var forged = new AuditFixture();
        forged.OpenSigned().DisposeAsync().AsTask().GetAwaiter().GetResult();
        var reader = new AuditReader(forged.Directory);
        Assert.That(reader.Verify().IsIntact, Is.True);
        Assert.That(reader.Verify(new AuditPublicKeys([_fixture.Key.Public])).IsIntact, Is.False);
    }

    [TestCase("DELETE FROM audit_checkpoint; DELETE FROM audit_receipt")]
    [TestCase("DELETE FROM audit_checkpoint; DELETE FROM audit_receipt; PRAGMA user_version = 1")]
    public void A_store_whose_evidence_was_taken_away_lacks_its_receipts(string sql)
    {
        _fixture.Tamper(sql);
        Assert.That(new AuditReader(_fixture.Directory).Verify().Problem, Does.Contain("receipt is missing"));
    }

    [Test]
    public async Task A_trail_without_any_signature_does_not_pass_for_a_trusted_key()
    {
        using var unsigned = new AuditFixture();
        await using (var log = unsigned.Open())
            await log.AppendDurableAsync(unsigned.Record("a"), CancellationToken.None);
        var reader = new AuditReader(unsigned.Directory);
        Assert.That(reader.Verify().IsIntact, Is.True);
        Assert.That(reader.Verify(new AuditPublicKeys([_fixture.Key.Public])).Problem, Does.Contain("No checkpoint"));
    }

    private AuditVerification Verify() => new AuditReader(_fixture.Directory).Verify(new AuditPublicKeys([_fixture.Key.Public]), _kept);
}
