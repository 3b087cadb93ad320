using WireGuardian.Core.Statements;

namespace WireGuardian.Core.Audit;

/// <summary>One line of the trail, before it has its place in the chain. No user's value is in it.</summary>
public sealed record AuditRecord
{
    public required DateTimeOffset Time { get; init; }

    /// <summary>What happened, for example <c>statement</c>, <c>hold</c>, <c>approve</c>, <c>deny</c>, <c>release</c>, <c>login</c>; see <see cref="AuditEvents"/>.</summary>
    public required string Event { get; init; }

    /// <summary>The approval request it belongs to; empty when none.</summary>
    public string RequestId { get; init; } = "";

    /// <summary>The requester's database login; empty for what the proxy does itself.</summary>
    public string Principal { get; init; } = "";

    /// <summary>The requester's address.</summary>
    public string Client { get; init; } = "";

    /// <summary>The verified operator; empty where none took part.</summary>
    public string Operator { get; init; } = "";
    public string Listener { get; init; } = "";
    public string Database { get; init; } = "";

    /// <summary>The statement with its literals masked.</summary>
    public string Statement { get; init; } = "";
    public StatementKinds Kinds { get; init; }

    /// <summary><c>allow</c>, <c>hold</c>, <c>deny</c>, <c>approved</c>, <c>denied</c>, <c>expired</c> …</summary>
    public string Decision { get; init; } = "";

    /// <summary>The rule that decided; empty when none matched.</summary>
    public string Rule { get; init; } = "";

    /// <summary>Digest of what runs (hex), where there is one.</summary>
    public string Digest { get; init; } = "";

    /// <summary>A reason or detail for people, never a user's value.</summary>
    public string Detail { get; init; } = "";

    /// <summary>Through which way an operator's decision came: <c>grpc</c>, <c>slack</c> …; empty where none took part.</summary>
    public string Channel { get; init; } = "";

    /// <summary>Version of the policy under which it happened, as GetServerInfo's <c>policy_version</c>; empty where it is not known.</summary>
    public string PolicyVersion { get; init; } = "";

    /// <summary>
    /// The person that the configuration names behind <see cref="Operator"/>, or behind <see cref="Principal"/> where no operator took part; empty when none.
    /// </summary>
    public string Person { get; init; } = "";

    /// <summary>How <see cref="Operator"/> was verified: <c>token</c>, <c>certificate</c>, <c>oidc</c>, <c>slack</c>; empty where none took part.</summary>
    public string Method { get; init; } = "";

    /// <summary>How many equal executions this record stands for; reads without a rule are recorded in groups.</summary>
    public long Count { get; init; } = 1;

    /// <summary>Version of <see cref="AuditRecordFormat"/> in which it is written: the one of today, or of the day when it was recorded.</summary>
    public byte FormatVersion { get; init; } = AuditRecordFormat.Version;
}

/// <summary>A record with its place in the hash chain.</summary>
/// <param name="Sequence">1, 2, 3 … without a gap.</param>
/// <param name="Record">What happened.</param>
/// <param name="PreviousHash">Hash of the record before (hex); of 32 zero bytes for the first.</param>
/// <param name="Hash">SHA-256 (hex) over the previous hash and this record's canonical bytes.</param>
public sealed record ChainedAuditRecord(long Sequence, AuditRecord Record, string PreviousHash, string Hash);
