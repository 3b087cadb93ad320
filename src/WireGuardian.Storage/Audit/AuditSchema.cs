using WireGuardian.Core.Audit;

namespace WireGuardian.Storage.Audit;

/// <summary>
/// The table of the trail. <c>record</c> holds the canonical bytes (<see cref="AuditRecordFormat"/>) and is what is hashed; <c>time</c> (UTC
/// ticks) and <c>request_id</c> repeat two of its fields for the indexes, and verification compares them. <c>number</c> is the order of
/// acceptance, by which records of the spool are known to be here already.
/// </summary>
internal static class AuditSchema
{
    public const int Version = 1;

    public const string FileName = "audit.db";

    // The triggers stop accidents, the chain shows intent.
    public const string Create = """
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
        CREATE TRIGGER audit_never_shrinks BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
        """;
}
