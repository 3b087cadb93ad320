using System.Security.Cryptography;
using WireGuardian.Core.Audit;

namespace WireGuardian.Core.Tests.Audit;

public sealed class AuditChainTests
{
    [Test]
    public void A_chain_as_it_was_made_holds()
    {
        Assert.That(AuditChain.Verify(Samples.Chain(20)), Is.Null);
        Assert.That(AuditChain.Verify([]), Is.Null);
    }

    [Test]
    public void The_hash_is_over_previous_hash_sequence_and_canonical_bytes()
    {
        var first = Samples.Chain(1)[0];
        byte[] hashed = [.. new byte[32], 0, 0, 0, 0, 0, 0, 0, 1, .. AuditRecordFormat.ToBytes(first.Record)];
        Assert.That(first.Hash, Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(hashed))));
    }

    [Test]
    public void A_chain_that_began_with_records_of_version_1_holds()
    {
        var old = AuditChain.Link(AuditHead.Empty, new AuditRecord { Time = DateTimeOffset.UnixEpoch, Event = "start", FormatVersion = 1 });
        var next = AuditChain.Link(new AuditHead(1, old.Hash), Samples.Record());
        Assert.That(AuditChain.Verify([old, next]), Is.Null);
        Assert.That(AuditChain.Verify([old with { Record = old.Record with { FormatVersion = 2 } }, next]), Is.EqualTo(1));
    }

    [Test]
    public void An_altered_record_is_found()
    {
        var chain = Samples.Chain(20);
        chain[7] = chain[7] with { Record = chain[7].Record with { Operator = "eve" } };
        Assert.That(AuditChain.Verify(chain), Is.EqualTo(8));
    }

    [Test]
    public void An_altered_record_with_a_hash_of_its_own_is_found_at_the_next_one()
    {
        var chain = Samples.Chain(20);
        var before = chain[6];
        chain[7] = AuditChain.Link(new AuditHead(before.Sequence, before.Hash), chain[7].Record with { Operator = "eve" });
        Assert.That(AuditChain.Verify(chain), Is.EqualTo(9));
    }

    [Test]
    public void A_missing_record_is_found([Values(1, 8, 19)] int sequence)
    {
        var chain = Samples.Chain(20);
        chain.RemoveAt(sequence - 1);
        Assert.That(AuditChain.Verify(chain), Is.EqualTo(sequence));
    }

    [Test]
    public void Records_in_another_order_are_found()
    {
        var chain = Samples.Chain(20);
        (chain[3], chain[4]) = (chain[4], chain[3]);
        Assert.That(AuditChain.Verify(chain), Is.EqualTo(4));
    }

    [Test]
    public void A_record_twice_is_found()
    {
        var chain = Samples.Chain(20);
        chain.Insert(5, chain[4]);
        Assert.That(AuditChain.Verify(chain), Is.EqualTo(6));
    }
}
