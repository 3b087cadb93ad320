namespace WireGuardian.Core.Approvals;

/// <summary>What became of a statement whose connection does not wait.</summary>
/// <param name="Result">May it run?</param>
/// <param name="Request">The request as it stands now.</param>
public sealed record ResubmitOutcome(ResubmitResult Result, ApprovalRequest Request);

/// <summary>How a statement left the queue.</summary>
public enum ResubmitResult
{
    /// <summary>It is pending, from now on or from before.</summary>
    Pending,

    /// <summary>Its approval is spent on it.</summary>
    Released,

    /// <summary>It was denied a while ago, and that still holds.</summary>
    Denied,
}
