namespace WireGuardian.Core.Approvals;

/// <summary>
/// Where requests are kept beyond the process. What happened is said by the audit trail; the store is the picture of it that can be searched by id.
/// Every method throws <see cref="ApprovalStoreException"/> when the store cannot be read or written. Safe for several threads.
/// </summary>
public interface IApprovalStore
{
    /// <summary>Keeps the request as it stands now, in place of an earlier picture of it. Durable on return.</summary>
    void Save(ApprovalRequest request);

    /// <summary>A request by its id, or null.</summary>
    ApprovalRequest? Find(string id);

    /// <summary>The newest <paramref name="limit"/> requests that stand as <paramref name="state"/>, oldest first.</summary>
    IReadOnlyList<ApprovalRequest> InState(ApprovalState state, int limit);

    /// <summary>What became of earlier requests of the same statement (its literals masked) and rule; null where none was decided.</summary>
    SimilarRequests? Similar(ApprovalRequest request);

    /// <summary>Requests that stand as pending or approved, oldest first.</summary>
    IReadOnlyList<ApprovalRequest> Unfinished();
}

/// <summary>The store of approval requests cannot be read or written.</summary>
public sealed class ApprovalStoreException(string message, Exception? inner = null) : Exception(message, inner);
