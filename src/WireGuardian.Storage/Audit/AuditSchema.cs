using WireGuardian.Core.Audit;

namespace WireGuardian.Storage.Audit;

/// <summary>
/// The tables of the trail. In <c>audit</c>, <c>record</c> holds the canonical bytes (<see cref="AuditRecordFormat"/>) and is what is hashed; <c>time</c> (UTC
/// ticks) and <c>request_id</c> repeat two of its fields for the indexes, and verification compares them. <c>number</c> is the order of
/// acceptance, by which records of the spool are known to be here already. <c>audit_anchor</c> names the record after which retention left the rest; its
/// checkpoint stays in <c>audit_checkpoint</c>. Receipts are the signatures alone: what is signed is in the record.
/// </summary>
internal static class AuditSchema
{
    public const int Version = 2;

    public const string FileName = "audit.db";

    // The triggers stop accidents, the chain shows intent.
    private const string Trail = """
        CREATE TABLE audit (
            sequence INTEGER PRIMARY KEY,
            number INTEGER NOT NULL,
            time INTEGER NOT NULL,
            request_id TEXT,
            record BLOB NOT NULL,
            hash BLOB NOT NULL
        ) STRICT;
        CREATE INDEX audit_by_time ON audit (time);
        CREATE INDEX audit_by_request ON audit (request_id) WHERE request_id IS NOT NULL;
        CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
        """;

    private const string Evidence = """
        CREATE TABLE audit_key (id TEXT PRIMARY KEY, pem TEXT NOT NULL) STRICT;
        CREATE TABLE audit_checkpoint (
            sequence INTEGER PRIMARY KEY,
            hash BLOB NOT NULL,
            time INTEGER NOT NULL,
            records INTEGER NOT NULL,
            key_id TEXT NOT NULL,
            signature TEXT NOT NULL
        ) STRICT;
        CREATE TABLE audit_receipt (
            sequence INTEGER PRIMARY KEY,
            request_id TEXT NOT NULL,
            key_id TEXT NOT NULL,
            signature TEXT NOT NULL
        ) STRICT;
        CREATE INDEX audit_receipt_by_request ON audit_receipt (request_id);
        CREATE TABLE audit_anchor (id INTEGER PRIMARY KEY CHECK (id = 1), sequence INTEGER NOT NULL, hash BLOB NOT NULL) STRICT;
        CREATE TRIGGER audit_never_shrinks BEFORE DELETE ON audit WHEN OLD.sequence > coalesce((SELECT sequence FROM audit_anchor), 0)
            BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
        """;

    public const string Create = Trail + Evidence;

    /// <summary>From version 1, which had the trail alone.</summary>
    public static IReadOnlyDictionary<int, string> Upgrades { get; } = new Dictionary<int, string>
    {
        [1] = $"DROP TRIGGER IF EXISTS audit_never_shrinks; {Evidence}",
    };
}
