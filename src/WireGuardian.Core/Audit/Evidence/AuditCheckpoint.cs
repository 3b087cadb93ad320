using System.Text;

namespace WireGuardian.Core.Audit.Evidence;

/// <summary>How far the trail went at one moment. Kept elsewhere, signed, it shows a trail that was cut short or rewritten.</summary>
/// <param name="Sequence">Of the newest record.</param>
/// <param name="Hash">Its hash (hex).</param>
/// <param name="Time">When the checkpoint was made.</param>
/// <param name="Records">How many records the store held: the sequence, less what retention took away.</param>
public sealed record AuditCheckpoint(long Sequence, string Hash, DateTimeOffset Time, long Records)
{
    /// <summary>Keeps a signature of one kind from passing for one of another.</summary>
    private const string Kind = "wireguardian audit checkpoint 1";

    /// <summary>
    /// The bytes that are signed, integers big-endian:
    /// <code>
    /// kind       int32 length in bytes, then "wireguardian audit checkpoint 1"
    /// sequence   int64
    /// hash       int32 length in bytes, then lower-case hex
    /// time       int64, UTC ticks of 100 ns since 0001-01-01
    /// records    int64
    /// </code>
    /// </summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[4 + Kind.Length + 8 + 4 + Encoding.UTF8.GetByteCount(Hash) + 8 + 8];
        var position = 0;
        CanonicalBytes.PutString(bytes, ref position, Kind);
        CanonicalBytes.PutInt64(bytes, ref position, Sequence);
        CanonicalBytes.PutString(bytes, ref position, Hash);
        CanonicalBytes.PutInt64(bytes, ref position, Time.UtcTicks);
        CanonicalBytes.PutInt64(bytes, ref position, Records);
        return bytes;
    }

    public SignedCheckpoint Sign(AuditSigningKey key) => new(this, key.Public.Id, Convert.ToBase64String(key.Sign(ToBytes())));
}

/// <summary>A checkpoint with its signature.</summary>
/// <param name="Checkpoint">What is signed.</param>
/// <param name="KeyId">Fingerprint of the key, see <see cref="AuditPublicKey.Id"/>.</param>
/// <param name="Signature">ECDSA on P-256 with SHA-256 over <see cref="AuditCheckpoint.ToBytes"/>, DER in base64.</param>
public sealed record SignedCheckpoint(AuditCheckpoint Checkpoint, string KeyId, string Signature)
{
    /// <summary>What is wrong with it, in one sentence; null when one of the <paramref name="keys"/> signed it.</summary>
    public string? ProblemBy(AuditPublicKeys keys) => Base64.TryDecode(Signature, out var signature)
        ? keys.ProblemOf(KeyId, Checkpoint.ToBytes(), signature)
        : "Its signature is not base64.";
}
