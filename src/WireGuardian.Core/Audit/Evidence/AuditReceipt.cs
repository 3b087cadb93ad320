using System.Text;

namespace WireGuardian.Core.Audit.Evidence;

/// <summary>What can be shown to others of one decision on a held statement, and where it stands in the trail.</summary>
/// <param name="RequestId">The request that was decided on.</param>
/// <param name="Event">As <see cref="AuditRecord.Event"/>: <c>approve</c>, <c>deny</c>, <c>release</c> …; see <see cref="AuditEvents.HasReceipt"/>.</param>
/// <param name="Decision">Where it led: <c>pending</c> (more approvals are needed), <c>approved</c>, <c>denied</c>, <c>released</c> …</param>
/// <param name="Digest">SHA-256 (hex) over all that runs: statement, bind values, principal, database, settings, policy version.</param>
/// <param name="PolicyVersion">Of the policy by which the statement was held.</param>
/// <param name="Rule">The rule that held it.</param>
/// <param name="Principal">The requester's database login.</param>
/// <param name="Operator">Who decided; empty where nobody did.</param>
/// <param name="Person">As <see cref="AuditRecord.Person"/>.</param>
/// <param name="Channel">Through which way the decision came.</param>
/// <param name="Method">As <see cref="AuditRecord.Method"/>; null for a record before version 3, whose receipt does not say it.</param>
/// <param name="Time">When.</param>
/// <param name="Sequence">Of the decision's record in the trail.</param>
/// <param name="Hash">That record's hash (hex), which covers all of it and everything before.</param>
public sealed record AuditReceipt(
    string RequestId, string Event, string Decision, string Digest, string PolicyVersion, string Rule, string Principal, string Operator, string Person,
    string Channel, string? Method, DateTimeOffset Time, long Sequence, string Hash)
{
    private const string FirstKind = "wireguardian receipt 1";
    private const string Kind = "wireguardian receipt 2";

    private string[] Texts => Method is null
        ? [FirstKind, RequestId, Event, Decision, Digest, PolicyVersion, Rule, Principal, Operator, Person, Channel, Hash]
        : [Kind, RequestId, Event, Decision, Digest, PolicyVersion, Rule, Principal, Operator, Person, Channel, Method, Hash];

    /// <summary>The receipt of a decision's record.</summary>
    public static AuditReceipt Of(AuditRecord record, long sequence, string hash) => new(
        record.RequestId, record.Event, record.Decision, record.Digest, record.PolicyVersion, record.Rule, record.Principal, record.Operator, record.Person,
        record.Channel, record.FormatVersion < 3 ? null : record.Method, record.Time, sequence, hash);

    /// <summary>
    /// The bytes that are signed, integers big-endian:
    /// <code>
    /// kind       int32 length in bytes, then "wireguardian receipt 2", or "wireguardian receipt 1" where there is no method
    /// requestId, event, decision, digest, policyVersion, rule, principal, operator, person, channel, method, hash
    ///            each int32 length in bytes, then UTF-8
    /// time       int64, UTC ticks of 100 ns since 0001-01-01
    /// sequence   int64
    /// </code>
    /// </summary>
    public byte[] ToBytes()
    {
        var texts = Texts;
        var bytes = new byte[texts.Sum(text => 4 + Encoding.UTF8.GetByteCount(text)) + 8 + 8];
        var position = 0;
        foreach (var text in texts)
            CanonicalBytes.PutString(bytes, ref position, text);
        CanonicalBytes.PutInt64(bytes, ref position, Time.UtcTicks);
        CanonicalBytes.PutInt64(bytes, ref position, Sequence);
        return bytes;
    }

    public SignedReceipt Sign(AuditSigningKey key) => new(this, key.Public.Id, Convert.ToBase64String(key.Sign(ToBytes())));
}

/// <summary>A receipt with its signature.</summary>
/// <param name="Receipt">What is signed.</param>
/// <param name="KeyId">Fingerprint of the key, see <see cref="AuditPublicKey.Id"/>.</param>
/// <param name="Signature">ECDSA on P-256 with SHA-256 over <see cref="AuditReceipt.ToBytes"/>, DER in base64.</param>
public sealed record SignedReceipt(AuditReceipt Receipt, string KeyId, string Signature)
{
    /// <summary>What is wrong with it, in one sentence; null when one of the <paramref name="keys"/> signed it.</summary>
    public string? ProblemBy(AuditPublicKeys keys) => Base64.TryDecode(Signature, out var signature)
        ? keys.ProblemOf(KeyId, Receipt.ToBytes(), signature)
        : "Its signature is not base64.";
}
