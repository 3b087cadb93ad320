using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;

namespace WireGuardian.Core.Approvals;

/// <summary>
/// A held statement as operators see it. An immutable picture: a change of state makes a new record. What was added after the first version may be missing (null) where
/// an older program stored it.
/// </summary>
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

    /// <summary>Who the requester is: a name of <c>people:</c>, or the login where no person has it.</summary>
    public string Person { get; init => field = value ?? ""; } = "";
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
    /// <summary>Whether a connection waits for the decision, or comes back for it.</summary>
    public HoldMode Mode { get; init; }

    /// <summary>With <see cref="HoldMode.Resubmit"/>: for so long its approval can be used.</summary>
    public TimeSpan Validity { get; init; }

    /// <summary>With <see cref="HoldMode.Resubmit"/>: what the policy said, see <see cref="PolicyFingerprint"/>; under another one it can no longer run.</summary>
    public string PolicyFingerprint { get; init => field = value ?? ""; } = "";
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Operator groups that may decide; empty means any operator.</summary>
    public IReadOnlyList<string> Approvers { get; init; } = [];

    /// <summary>How many approvals by different persons are needed.</summary>
    public int Minimum { get; init; } = 1;

    /// <summary>Operator groups that may release it at once; empty means nobody.</summary>
    public IReadOnlyList<string> BreakGlass { get; init => field = value ?? []; } = [];

    /// <summary>What is known around it.</summary>
    public RequestContext Context { get; init => field = value ?? RequestContext.None; } = RequestContext.None;

    /// <summary>True where the number of rows of its result can be limited, so that an approval may ask for it.</summary>
    public bool CanLimitRows { get; init; }

    /// <summary>The decisions so far, oldest first.</summary>
    public IReadOnlyList<ApprovalDecision> Approvals { get; init; } = [];

    /// <summary>Once approved: when the approval lapses unless it is used before; null where it does not.</summary>
    public DateTimeOffset? ReleaseBy { get; init; }

    /// <summary>Once approved: the most rows that its result may have; null for no limit.</summary>
    public long? MaxRows { get; init; }

    /// <summary>True where somebody released it at once, whatever the minimum.</summary>
    public bool GlassIsBroken => Approvals.Any(decision => decision.IsBreakGlass);
}
