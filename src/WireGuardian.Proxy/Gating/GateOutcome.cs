namespace WireGuardian.Proxy.Gating;

/// <summary>What the gate said.</summary>
/// <param name="Result">Passed, or why not.</param>
/// <param name="RequestId">The id under which it is on record.</param>
/// <param name="Rule">The rule that decided.</param>
/// <param name="Reason">One sentence for the requester; never a user's value.</param>
public sealed record GateOutcome(GateResult Result, string RequestId, string Rule, string Reason)
{
    /// <summary>Where it passed on that condition: its result may have at most so many rows.</summary>
    public long? MaxRows { get; init; }
}

/// <summary>How a statement left the gate.</summary>
public enum GateResult
{
    /// <summary>It may be sent, once.</summary>
    Passed,
    Denied,
    Expired,
    Withdrawn,

    /// <summary>The requester is gone.</summary>
    Abandoned,

    /// <summary>It is refused now, and can pass when it is sent again: an operator is asked meanwhile.</summary>
    NeedsApproval,

    /// <summary>It could not be decided or recorded (queue full, store down), so it does not pass.</summary>
    Unavailable,
}
