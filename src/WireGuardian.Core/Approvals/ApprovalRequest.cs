using WireGuardian.Core.Statements;

namespace WireGuardian.Core.Approvals;

/// <summary>A held statement as operators see it. An immutable picture: a change of state makes a new record.</summary>
public sealed record ApprovalRequest
{
    /// <summary>Short, unique and safe to type: letters and digits.</summary>
    public required string Id { get; init; }
    public required ApprovalState State { get; init; }
    public required string Listener { get; init; }

    /// <summary><c>postgres</c> or <c>mysql</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>The requester's database login.</summary>
    public required string User { get; init; }
    public required string Database { get; init; }

    /// <summary>The requester's address.</summary>
    public required string Client { get; init; }
    public required string Application { get; init; }

    /// <summary>The statement with its literals masked.</summary>
    public required string Statement { get; init; }
    public required StatementKinds Kinds { get; init; }

    /// <summary>The relations that the statement names.</summary>
    public IReadOnlyList<string> Relations { get; init; } = [];

    /// <summary>The rule that holds the statement.</summary>
    public required string Rule { get; init; }

    /// <summary>Why it is held, in one sentence.</summary>
    public string Reason { get; init; } = "";

    /// <summary>SHA-256, in hex, over all that runs: statement, bind values, principal, database, settings, policy version.</summary>
    public required string Digest { get; init; }

    /// <summary>Version of the policy by which it is held.</summary>
    public string PolicyVersion { get; init; } = "";
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Operator groups that may decide; empty means any operator.</summary>
    public IReadOnlyList<string> Approvers { get; init; } = [];

    /// <summary>How many approvals by different operators are needed.</summary>
    public int Minimum { get; init; } = 1;

    /// <summary>The decisions so far, oldest first.</summary>
    public IReadOnlyList<ApprovalDecision> Approvals { get; init; } = [];
}

/// <summary>One operator's word on a request.</summary>
/// <param name="Operator">The verified operator.</param>
/// <param name="Approved">True for an approval, false for a denial.</param>
/// <param name="Reason">What the operator wrote; may be empty for an approval.</param>
/// <param name="Time">When it was given.</param>
public sealed record ApprovalDecision(string Operator, bool Approved, string Reason, DateTimeOffset Time);
