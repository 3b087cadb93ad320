namespace WireGuardian.Core.Approvals;

/// <summary>The names of states in records, JSON and metrics: lower case, one word.</summary>
public static class ApprovalStateNames
{
    public static string ToName(this ApprovalState state) => state switch
    {
        ApprovalState.Pending => "pending",
        ApprovalState.Approved => "approved",
        ApprovalState.Denied => "denied",
        ApprovalState.Expired => "expired",
        ApprovalState.Withdrawn => "withdrawn",
        ApprovalState.Released => "released",
        ApprovalState.Abandoned => "abandoned",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Not a state of an approval request."),
    };
}
