namespace WireGuardian.Core.Approvals;

/// <summary>The held statements. Sessions submit and wait; operators list and decide.</summary>
public interface IApprovalQueue
{
    /// <summary>
    /// Queues a request. The audit record of the hold is durable when the task completes; if it cannot be written, or the queue is full, this throws
    /// <see cref="ApprovalRefusedException"/> and nothing is queued.
    /// </summary>
    ValueTask<IHeldStatement> SubmitAsync(ApprovalRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// For a statement whose connection does not wait. An approval of the same digest is spent on it; where there is none it is queued, or found pending, or found
    /// denied. Whatever the answer, its audit record is durable when the task completes. Throws <see cref="ApprovalRefusedException"/> as <see cref="SubmitAsync"/> does.
    /// </summary>
    ValueTask<ResubmitOutcome> ResubmitAsync(ApprovalRequest request, CancellationToken cancellationToken);

    /// <summary>Requests that are pending now, oldest first.</summary>
    IReadOnlyList<ApprovalRequest> Pending { get; }

    /// <summary>
    /// The newest <paramref name="limit"/> requests in <paramref name="state"/>, oldest first. A queue that keeps only pending requests throws
    /// <see cref="NotSupportedException"/> for every other state.
    /// </summary>
    IReadOnlyList<ApprovalRequest> InState(ApprovalState state, int limit) => state == ApprovalState.Pending
        ? [.. Pending.TakeLast(limit)]
        : throw new NotSupportedException("Decided requests are not kept.");

    /// <summary>A request by its id, decided ones of the store included; null when there is none.</summary>
    ApprovalRequest? Find(string id);

    /// <summary>Counts an operator's decision. Never throws for a refusal: the outcome says it.</summary>
    ValueTask<DecisionOutcome> DecideAsync(string id, OperatorDecision decision, CancellationToken cancellationToken);

    /// <summary>Every change of a request from now on, until cancelled. A slow reader loses the oldest changes, never blocks the queue.</summary>
    IAsyncEnumerable<ApprovalRequest> WatchAsync(CancellationToken cancellationToken);
}

/// <summary>The requester's side of a pending request.</summary>
public interface IHeldStatement
{
    string Id { get; }

    /// <summary>The request as it stands now.</summary>
    ApprovalRequest Request { get; }

    /// <summary>Completes with the final state: approved, denied, expired, withdrawn or abandoned. Never faults.</summary>
    Task<ApprovalRequest> Decision { get; }

    /// <summary>
    /// Spends the approval: true exactly once, and only if the request is approved and <paramref name="digest"/> is the digest that was approved.
    /// The audit record of the release is durable when the task completes with true.
    /// </summary>
    ValueTask<bool> TryReleaseAsync(string digest, CancellationToken cancellationToken);

    /// <summary>The requester took the statement back (cancel). No effect on a request that is already decided.</summary>
    void Withdraw(string reason);

    /// <summary>The requester is gone. No effect on a request that is already decided, except that an approval can no longer be released.</summary>
    void Abandon();
}

/// <summary>What became of an operator's decision.</summary>
/// <param name="Counted">True only if this call counted.</param>
/// <param name="Request">The request as it stands now; null when the id is unknown.</param>
/// <param name="Problem">Why it did not count, in one sentence; empty when it did.</param>
/// <param name="Refusal">The same for programs; <see cref="DecisionRefusal.None"/> when it counted.</param>
public sealed record DecisionOutcome(bool Counted, ApprovalRequest? Request, string Problem, DecisionRefusal Refusal = DecisionRefusal.None);

/// <summary>Why an operator's decision did not count.</summary>
public enum DecisionRefusal
{
    None,
    UnknownRequest,

    /// <summary>It was decided, expired, withdrawn or abandoned before.</summary>
    NotPending,

    /// <summary>This operator may not: not in a group that may, or has decided already.</summary>
    NotPermitted,

    /// <summary>The operator is the requester, under this name or another.</summary>
    Requester,

    /// <summary>The decision has a condition that cannot be kept, or lacks its reason.</summary>
    Impossible,

    /// <summary>The decision could not be recorded, so it does not count.</summary>
    AuditUnavailable,
}

/// <summary>A statement could not be queued for approval: the queue is full or the record could not be written.</summary>
public sealed class ApprovalRefusedException(string message, Exception? inner = null) : Exception(message, inner);
