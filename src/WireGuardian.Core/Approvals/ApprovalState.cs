namespace WireGuardian.Core.Approvals;

/// <summary>
/// Where a request stands. <c>pending → approved → released</c> is the way of a statement that runs; every other state is an end in which
/// nothing ran.
/// </summary>
public enum ApprovalState
{
    Pending,

    /// <summary>Approved, not yet sent to the server.</summary>
    Approved,
    Denied,
    Expired,

    /// <summary>Taken back by the requester: a cancel request, or a policy that changed meanwhile.</summary>
    Withdrawn,

    /// <summary>Approved and sent to the server; the approval is spent.</summary>
    Released,

    /// <summary>The requester's connection ended while the statement was held, or the proxy stopped.</summary>
    Abandoned,
}
