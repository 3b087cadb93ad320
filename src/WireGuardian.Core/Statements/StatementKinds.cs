namespace WireGuardian.Core.Statements;

/// <summary>What a statement does. A statement can have several kinds: <c>EXPLAIN ANALYZE DELETE</c> is <c>explain</c> and <c>delete</c>.</summary>
[Flags]
public enum StatementKinds
{
    None = 0,
    Select = 1 << 0,
    Insert = 1 << 1,
    Update = 1 << 2,
    Delete = 1 << 3,
    Merge = 1 << 4,
    Ddl = 1 << 5,
    Privilege = 1 << 6,

    /// <summary>Takes data out in bulk: COPY … TO, SELECT … INTO OUTFILE, replication, server-side file writes.</summary>
    Export = 1 << 7,
    Import = 1 << 8,

    /// <summary>Runs code the proxy cannot see through: DO, CALL, function-call messages.</summary>
    Code = 1 << 9,
    Session = 1 << 10,
    Transaction = 1 << 11,
    Explain = 1 << 12,
    Maintenance = 1 << 13,

    /// <summary>Could not be understood; never combined with trust.</summary>
    Unclassified = 1 << 14,
}
