using System.Buffers.Binary;
using System.Security.Cryptography;
using WireGuardian.Core.Audit.Verification;

namespace WireGuardian.Core.Audit;

/// <summary>
/// The hash chain: <c>hash = SHA-256(previous hash ‖ sequence as int64 big-endian ‖ canonical bytes of the record)</c>, see
/// <see cref="AuditRecordFormat"/>. The first record's previous hash is 32 zero bytes. Whoever changes, drops, adds or moves a record has to
/// rewrite every hash after it, and so the head.
/// </summary>
public static class AuditChain
{
    /// <summary>Size of a hash.</summary>
    public const int HashBytes = SHA256.HashSizeInBytes;

    /// <summary>The hash of the record with this place and these canonical bytes.</summary>
    public static void Hash(ReadOnlySpan<byte> previousHash, long sequence, ReadOnlySpan<byte> canonicalRecord, Span<byte> hash)
    {
        Span<byte> place = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(place, sequence);
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(previousHash);
        sha.AppendData(place);
        sha.AppendData(canonicalRecord);
        sha.GetHashAndReset(hash);
    }

    /// <summary>Gives a record its place after <paramref name="head"/>.</summary>
    public static ChainedAuditRecord Link(AuditHead head, AuditRecord record)
    {
        Span<byte> hash = stackalloc byte[HashBytes];
        Hash(Convert.FromHexString(head.Hash), head.Sequence + 1, AuditRecordFormat.ToBytes(record), hash);
        return new ChainedAuditRecord(head.Sequence + 1, record, head.Hash, Convert.ToHexStringLower(hash));
    }

    /// <summary>
    /// The first sequence at which <paramref name="records"/>, a whole chain from its first record on, does not hold; null when it holds. A chain
    /// that only lacks records at its end holds: compare its head with one kept elsewhere.
    /// </summary>
    public static long? Verify(IEnumerable<ChainedAuditRecord> records)
    {
        var walk = new ChainWalk(AuditHead.Empty);
        return records.All(walk.Follow) ? null : walk.FirstBad;
    }
}
