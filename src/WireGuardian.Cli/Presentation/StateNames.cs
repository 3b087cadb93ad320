using WireGuardian.ControlPlane.V1;

namespace WireGuardian.Cli.Presentation;

/// <summary>The states' names for people and programs.</summary>
internal static class StateNames
{
    public static string Name(this ApprovalState state) => state switch
    {
        ApprovalState.Pending => "pending",
        ApprovalState.Approved => "approved",
        ApprovalState.Denied => "denied",
        ApprovalState.Expired => "expired",
        ApprovalState.Withdrawn => "withdrawn",
        ApprovalState.Released => "released",
        ApprovalState.Abandoned => "abandoned",
        _ => "unknown",
    };
}
