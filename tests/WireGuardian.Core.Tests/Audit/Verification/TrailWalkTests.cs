using WireGuardian.Core.Audit;
using WireGuardian.Core.Audit.Evidence;
using WireGuardian.Core.Audit.Verification;

namespace WireGuardian.Core.Tests.Audit.Verification;

/// <summary>A chain of 20 records, with checkpoints of record 5, 10 and 15 that were kept elsewhere.</summary>
public sealed class TrailWalkTests
{
    private static readonly AuditSigningKey Key = AuditSigningKey.Create();

    private readonly List<ChainedAuditRecord> _chain = Samples.Chain(20);
    private List<SignedCheckpoint> _checkpoints = [];

    [SetUp]
    public void SetUp() => _checkpoints = [.. new[] { 5, 10, 15 }.Select(sequence => Of(_chain[sequence - 1]))];

    [Test]
    public void A_whole_trail_holds_and_says_how_far_it_is_covered()
    {
        var found = Verify(_chain);
        Assert.That(found.IsIntact, Is.True, found.Problem);
        Assert.That((found.Records, found.Checkpoints, found.CoveredTo, found.Head.Sequence), Is.EqualTo((20L, 3L, 15L, 20L)));
    }

    [Test]
    public void A_trail_cut_before_the_newest_checkpoint_names_the_first_missing_record()
    {
        var found = Verify(_chain.Take(14));
        Assert.That((found.FirstBadSequence, found.Records), Is.EqualTo((15L, 14L)));
        Assert.That(found.Problem, Does.Contain("ends at record 14").And.Contain("names record 15").And.Contain("cut off"));
    }

    [Test]
    public void A_trail_cut_after_the_newest_checkpoint_cannot_be_told_from_a_shorter_one() =>
        Assert.That(Verify(_chain.Take(15)).IsIntact, Is.True);

    [Test]
    public void A_trail_that_was_written_anew_holds_as_a_chain_and_fails_at_its_first_checkpoint()
    {
        var head = AuditHead.Empty;
        var forged = new List<ChainedAuditRecord>();
        foreach (var record in _chain)
        {
            forged.Add(AuditChain.Link(head, record.Sequence == 7 ? record.Record with { Operator = "eve" } : record.Record));
            head = new AuditHead(record.Sequence, forged[^1].Hash);
        }
        Assert.That(AuditChain.Verify(forged), Is.Null);
        var found = Verify(forged);
        Assert.That((found.FirstBadSequence, found.Records, found.Checkpoints), Is.EqualTo((10L, 9L, 1L)));
        Assert.That(found.Problem, Does.Contain("another hash"));
    }

    [Test]
    public void A_forged_checkpoint_does_not_count()
    {
        using var other = AuditSigningKey.Create();
        _checkpoints[1] = _checkpoints[1].Checkpoint.Sign(other) with { KeyId = Key.Public.Id };
        var found = Verify(_chain);
        Assert.That(found.FirstBadSequence, Is.EqualTo(10));
        Assert.That(found.Problem, Does.Contain("does not count"));
    }

    [Test]
    public void A_forged_checkpoint_that_lies_beyond_the_end_is_not_taken_for_a_cut()
    {
        using var other = AuditSigningKey.Create();
        _checkpoints.Add(new AuditCheckpoint(30, new string('0', 64), DateTimeOffset.UnixEpoch, 30).Sign(other));
        Assert.That(Verify(_chain).Problem, Does.Contain("not among those that are trusted"));
    }

    [Test]
    public void After_an_anchor_older_checkpoints_are_checked_by_their_signature_and_the_anchors_by_its_hash()
    {
        var anchor = new AuditHead(10, _chain[9].Hash);
        var found = Verify(_chain.Skip(10), anchor);
        Assert.That(found.IsIntact, Is.True, found.Problem);
        Assert.That((found.Records, found.OlderCheckpoints, found.Checkpoints), Is.EqualTo((10L, 1L, 2L)));
        Assert.That(Verify(_chain.Skip(10), anchor with { Hash = new string('1', 64) }).IsIntact, Is.False);
    }

    [Test]
    public void A_missing_record_is_named_with_what_follows()
    {
        var found = Verify(_chain.Where(record => record.Sequence != 8));
        Assert.That((found.FirstBadSequence, found.Records, found.Head), Is.EqualTo((8L, 7L, new AuditHead(7, _chain[6].Hash))));
        Assert.That(found.Problem, Does.Contain("record 9 follows record 7"));
    }

    [Test]
    public void A_record_that_claims_what_its_version_does_not_hash_is_bad()
    {
        var old = AuditChain.Link(AuditHead.Empty, new AuditRecord { Time = DateTimeOffset.UnixEpoch, Event = "approve", FormatVersion = 1 });
        _checkpoints = [];
        var found = Verify([old with { Record = old.Record with { Channel = "slack" } }]);
        Assert.That((found.FirstBadSequence, found.Records), Is.EqualTo((1L, 0L)));
    }

    private AuditVerification Verify(IEnumerable<ChainedAuditRecord> records, AuditHead? anchor = null)
    {
        using var checkpoints = new CheckpointWalk(_checkpoints, "the checkpoint file", new AuditPublicKeys([Key.Public]));
        var walk = new TrailWalk(anchor ?? AuditHead.Empty, [checkpoints]);
        if (walk.Begin())
            _ = records.All(walk.Follow);
        return walk.End();
    }

    private static SignedCheckpoint Of(ChainedAuditRecord record) =>
        new AuditCheckpoint(record.Sequence, record.Hash, record.Record.Time, record.Sequence).Sign(Key);
}
