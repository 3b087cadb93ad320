using WireGuardian.Core.Audit;
using WireGuardian.Core.Policies;
using WireGuardian.Proxy.Gating;
using WireGuardian.Proxy.Limits;

namespace WireGuardian.Proxy.Session;

/// <summary>Where a result stands that has reached its limit, until an operator says whether it goes on.</summary>
/// <param name="gate">The session's gate.</param>
/// <param name="audit">Where it is recorded that a result ended without anybody being asked.</param>
/// <param name="time">The clock.</param>
public sealed class ResultGate(SessionGate gate, IAuditLog audit, TimeProvider time)
{
    /// <summary>
    /// Decides on the row that waits. Where the result has all the rows for which it was approved, it is denied at once; otherwise an operator is asked, under a request of its own.
    /// </summary>
    /// <param name="limit">The limit that was reached.</param>
    /// <param name="statement">Its statement.</param>
    /// <param name="cancellationToken">The session ends.</param>
    public async Task<GateOutcome> PassAsync<TStatement>(ResultLimit<TStatement> limit, GatedStatement statement, CancellationToken cancellationToken)
    {
        if (limit.Asks is { } rule)
            return await gate.AskAsync(statement with { Verdict = new(RuleAction.Hold, rule, statement.Verdict.Kinds, limit.Reached) }, cancellationToken);
        try
        {
            audit.Append(Gate.ToRecord(statement, time) with
            {
                Event = AuditEvents.ResultEnded,
                RequestId = limit.RequestId,
                Rule = limit.RuleName,
                Decision = "deny",
                Detail = limit.Reached,
            });
        }
        catch (AuditUnavailableException)
        {
            // That it may have no more rows is on record since it was approved.
        }
        return new(GateResult.Denied, limit.RequestId, limit.RuleName, "");
    }
}
