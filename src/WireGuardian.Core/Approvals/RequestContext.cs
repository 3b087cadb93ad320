using WireGuardian.Core.Statements;

namespace WireGuardian.Core.Approvals;

/// <summary>What is known around a held statement, for the operator to decide by. Nothing of it decides anything; what is not known is left out.</summary>
public sealed record RequestContext
{
    /// <summary>Nothing is known.</summary>
    public static RequestContext None { get; } = new();

    /// <summary>The listener's <c>environment:</c>; empty for none.</summary>
    public string Environment { get; init => field = value ?? ""; } = "";

    /// <summary>The requester's own words, from a leading comment or a session setting: at most 300 characters, never proven.</summary>
    public string RequesterReason { get; init => field = value ?? ""; } = "";

    /// <summary>The bind values, by type and length only.</summary>
    public IReadOnlyList<BindValue> Parameters { get; init => field = value ?? []; } = [];

    /// <summary>True where it may read columns that a rule masks: what comes of them is masked, whoever approves.</summary>
    public bool InvolvesMasked { get; init; }

    /// <summary>How many rows its relations have, by the catalog's estimates.</summary>
    public IReadOnlyList<RelationEstimate> Estimates { get; init => field = value ?? []; } = [];

    /// <summary>Statements that its transaction has run so far; 0 outside a transaction.</summary>
    public int TransactionStatements { get; init; }

    /// <summary>The kinds of those.</summary>
    public StatementKinds TransactionKinds { get; init; }

    /// <summary>What became of requests for the same statement, apart from its values, by the same rule.</summary>
    public SimilarRequests? Similar { get; init; }
}

/// <summary>A value that a statement runs with.</summary>
/// <param name="Type">The type's name or number; <c>unspecified</c> where the client left it to the server.</param>
/// <param name="Length">Bytes as sent; -1 for NULL.</param>
public sealed record BindValue(string Type, int Length);

/// <summary>A relation that a statement names.</summary>
/// <param name="Relation">Schema and name.</param>
/// <param name="Rows">Its rows, as the server estimated them last.</param>
public sealed record RelationEstimate(string Relation, long Rows);

/// <summary>Requests of the past.</summary>
/// <param name="Approved">How many were approved.</param>
/// <param name="Denied">How many were denied.</param>
/// <param name="LastOperator">Who decided last.</param>
/// <param name="LastApproved">True where that was an approval.</param>
/// <param name="LastTime">When that was.</param>
public sealed record SimilarRequests(int Approved, int Denied, string LastOperator, bool LastApproved, DateTimeOffset LastTime);
