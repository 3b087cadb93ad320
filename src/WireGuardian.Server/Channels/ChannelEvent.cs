using WireGuardian.Core.Approvals;

namespace WireGuardian.Server.Channels;

/// <summary>Something to tell: a request as it stood after one change, and when that was.</summary>
internal sealed record ChannelEvent(ApprovalRequest Request, DateTimeOffset Time)
{
    /// <summary>The same for the same change, however often it is sent: receivers know a repetition by it.</summary>
    public string Id => $"wg_{Request.Id}_{Request.State.ToName()}_{Request.Approvals.Count}";

    public bool IsPending => Request.State == ApprovalState.Pending;

    /// <summary>Nothing more will come of the request.</summary>
    public bool IsLast => Request.State is not (ApprovalState.Pending or ApprovalState.Approved);
}
