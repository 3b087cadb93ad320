using WireGuardian.Core.Policies;

namespace WireGuardian.Core.Approvals;

/// <summary>
/// The one place where a request's state changes:
/// <code>
/// pending ──minimum reached, glass broken─► approved ──release──► released
///    ├─deny──► denied                       ├─lapse──► expired
///    ├─time-out──► expired                  ├─other digest, release not recordable──► withdrawn
///    ├─withdraw──► withdrawn                └─abandon──► abandoned
///    └─abandon──► abandoned
/// </code>
/// Pure: whoever calls it sees to the turn and to the record. A change that is not drawn here throws <see cref="InvalidOperationException"/>.
/// </summary>
public static class ApprovalTransitions
{
    /// <summary>True where a request may go from one state to the other at once.</summary>
    public static bool Allows(ApprovalState from, ApprovalState to) => (from, to) switch
    {
        (ApprovalState.Pending, ApprovalState.Approved or ApprovalState.Denied) => true,
        (ApprovalState.Approved, ApprovalState.Released) => true,
        (ApprovalState.Pending or ApprovalState.Approved, ApprovalState.Expired or ApprovalState.Withdrawn or ApprovalState.Abandoned) => true,
        _ => false,
    };

    /// <summary>True for a state that nothing follows.</summary>
    public static bool IsEnd(ApprovalState state) => state is not (ApprovalState.Pending or ApprovalState.Approved);

    /// <summary>The request as it begins its life.</summary>
    public static ApprovalRequest Begin(ApprovalRequest request) => request with { State = ApprovalState.Pending, Approvals = [] };

    /// <summary>The request with one more decision, which denies it, approves it, or leaves it pending because more approvals are needed.</summary>
    public static ApprovalRequest Decide(ApprovalRequest request, ApprovalDecision decision)
    {
        if (request.State != ApprovalState.Pending)
            throw NotAllowed(request, decision.Approved ? ApprovalState.Approved : ApprovalState.Denied);
        var decided = request with { Approvals = [.. request.Approvals, decision] };
        if (!decision.Approved)
            return Move(decided, ApprovalState.Denied);
        var counting = decided.Approvals.Where(one => one.CountsAt(decision.Time)).ToList();
        if (!decision.IsBreakGlass && counting.Count < decided.Minimum)
            return decided;
        // Whoever broke the glass answers for it alone: nobody else's conditions bind that.
        var binding = decision.IsBreakGlass ? [decision] : counting;
        var releaseBy = binding.Min(one => one.ValidUntil);
        if (decided.Mode == HoldMode.Resubmit && !(releaseBy < decision.Time + decided.Validity))
            releaseBy = decision.Time + decided.Validity;
        return Move(decided, ApprovalState.Approved) with { ReleaseBy = releaseBy, MaxRows = binding.Min(one => one.MaxRows) };
    }

    /// <summary>The approval is spent.</summary>
    public static ApprovalRequest Release(ApprovalRequest request) => Move(request, ApprovalState.Released);

    /// <summary>The request ends without having run: expired, withdrawn or abandoned.</summary>
    public static ApprovalRequest End(ApprovalRequest request, ApprovalState end) =>
        end is ApprovalState.Expired or ApprovalState.Withdrawn or ApprovalState.Abandoned ? Move(request, end) : throw NotAllowed(request, end);

    /// <summary>An unfinished request of the store as the trail says that it ended: the store may lag behind by several steps.</summary>
    /// <param name="request">The store's picture.</param>
    /// <param name="end">The trail's last word on it.</param>
    /// <param name="decisions">The trail's decisions.</param>
    public static ApprovalRequest Correct(ApprovalRequest request, ApprovalState end, IReadOnlyList<ApprovalDecision> decisions)
    {
        var begun = Begin(request) with { Approvals = decisions };
        return Move(end == ApprovalState.Released ? Move(begun, ApprovalState.Approved) : begun, end);
    }

    private static ApprovalRequest Move(ApprovalRequest request, ApprovalState to) =>
        Allows(request.State, to) ? request with { State = to } : throw NotAllowed(request, to);

    private static InvalidOperationException NotAllowed(ApprovalRequest request, ApprovalState to) =>
        new($"A request that is {request.State.ToName()} cannot become {to.ToName()}.");
}
