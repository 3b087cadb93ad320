namespace WireGuardian.Core.Approvals;

/// <summary>One operator's word on a request.</summary>
/// <param name="Operator">The verified operator.</param>
/// <param name="Approved">True for an approval, false for a denial.</param>
/// <param name="Reason">What the operator wrote; may be empty for an approval.</param>
/// <param name="Time">When it was given.</param>
public sealed record ApprovalDecision(string Operator, bool Approved, string Reason, DateTimeOffset Time)
{
    /// <summary>Who the operator is: of several approvals each must come from another person.</summary>
    public string Person { get; init => field = string.IsNullOrEmpty(value) ? Operator : value; } = Operator;

    /// <summary>By which way it came; see <see cref="DecisionChannels"/>.</summary>
    public string Channel { get; init => field = value ?? ""; } = "";

    /// <summary>How the operator was verified; see <see cref="Identity.AuthenticationMethods"/>. Empty where an older program kept it.</summary>
    public string Method { get; init => field = value ?? ""; } = "";

    /// <summary>True where the operator released the statement at once, whatever the minimum.</summary>
    public bool IsBreakGlass { get; init; }

    /// <summary>From then on the approval no longer counts; null where the operator set no limit.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>The approval is for a result of at most so many rows; null for no limit.</summary>
    public long? MaxRows { get; init; }

    /// <summary>True for an approval that counts at this time.</summary>
    public bool CountsAt(DateTimeOffset time) => Approved && !(ValidUntil <= time);
}
