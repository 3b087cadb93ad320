using System.Globalization;
using WireGuardian.Core.Approvals;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;

namespace WireGuardian.Proxy.Gating;

/// <summary>
/// Where statements that a rule matches pass, are refused, or wait for an operator. Whatever it says is durable on record before it is said.
/// </summary>
public sealed class Gate(IApprovalQueue queue, IAuditLog audit, TimeProvider time)
{
    /// <summary>Decides on one statement.</summary>
    /// <param name="statement">The statement and its verdict.</param>
    /// <param name="onHeld">Called once the statement is held, so that the session can tell its client and take the statement back.</param>
    /// <param name="cancellationToken">The requester is gone.</param>
    public async Task<GateOutcome> PassAsync(GatedStatement statement, Func<IHeldStatement, Task> onHeld, CancellationToken cancellationToken)
    {
        try
        {
            return statement.Verdict.Action == RuleAction.Hold
                ? await HoldAsync(statement, onHeld, cancellationToken)
                : await RecordAsync(statement, cancellationToken);
        }
        catch (Exception exception) when (exception is ApprovalRefusedException or AuditUnavailableException)
        {
            return new(GateResult.Unavailable, "", statement.Verdict.RuleName, exception.Message);
        }
        catch (OperationCanceledException)
        {
            return new(GateResult.Abandoned, "", statement.Verdict.RuleName, "The client is gone.");
        }
    }

    private async Task<GateOutcome> RecordAsync(GatedStatement statement, CancellationToken cancellationToken)
    {
        var verdict = statement.Verdict;
        var allowed = verdict.Action == RuleAction.Allow;
        var id = allowed ? "" : ApprovalRequestId.New();
        await audit.AppendDurableAsync(ToRecord(statement, time) with { RequestId = id, Digest = statement.Digest() }, cancellationToken);
        return new(allowed ? GateResult.Passed : GateResult.Denied, id, verdict.RuleName, verdict.Reason);
    }

    /// <summary>The audit record of a statement that policy decided on at once.</summary>
    public static AuditRecord ToRecord(GatedStatement statement, TimeProvider time) => new()
    {
        Time = time.GetUtcNow(),
        Event = AuditEvents.Statement,
        Principal = statement.Principal.Login,
        Client = statement.Principal.ClientAddress,
        Listener = statement.Listener,
        Database = statement.Database,
        Statement = statement.Statement,
        Kinds = statement.Verdict.Kinds,
        Decision = statement.Verdict.Action == RuleAction.Allow ? "allow" : "deny",
        Rule = statement.Verdict.RuleName,
        Detail = statement.Verdict.Reason,
        PolicyVersion = statement.PolicyVersion,
    };

    private async Task<GateOutcome> HoldAsync(GatedStatement statement, Func<IHeldStatement, Task> onHeld, CancellationToken cancellationToken)
    {
        // The queue asks its store, which can take its time: the session's own thread serves others too.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var rule = statement.Verdict.Rule ?? throw new InvalidOperationException("a hold has a rule");
        var request = ToRequest(statement, rule) with { Context = await statement.Context(cancellationToken) };
        if (rule.Mode == HoldMode.Resubmit && statement.RepeatableDigest() is { } digest)
            return await ResubmitAsync(request with { Mode = HoldMode.Resubmit, Validity = rule.Validity, Digest = digest }, cancellationToken);
        var held = await queue.SubmitAsync(request, cancellationToken);
        await using var gone = cancellationToken.UnsafeRegister(static state => ((IHeldStatement)state!).Abandon(), held);
        await onHeld(held);
        var decided = await held.Decision;
        if (decided.State == ApprovalState.Approved && await held.TryReleaseAsync(statement.Digest(), CancellationToken.None))
            return new(GateResult.Passed, held.Id, rule.Name, "Approved.") { MaxRows = decided.MaxRows };
        var result = held.Request.State switch
        {
            ApprovalState.Denied => GateResult.Denied,
            ApprovalState.Expired => GateResult.Expired,
            ApprovalState.Withdrawn => GateResult.Withdrawn,
            _ => GateResult.Abandoned,
        };
        return new(result, held.Id, rule.Name, Explain(result, decided, rule));
    }

    private async Task<GateOutcome> ResubmitAsync(ApprovalRequest request, CancellationToken cancellationToken)
    {
        var (result, found) = await queue.ResubmitAsync(request, cancellationToken);
        return result switch
        {
            ResubmitResult.Released => new(GateResult.Passed, found.Id, found.Rule, "Approved.") { MaxRows = found.MaxRows },
            ResubmitResult.Denied => new(GateResult.Denied, found.Id, found.Rule, DeniedBy(found.Approvals[^1])),
            _ => new(GateResult.NeedsApproval, found.Id, found.Rule, string.Create(
                CultureInfo.InvariantCulture, $"Once an operator has approved it, send it again unchanged: it then passes once, within {found.Validity.TotalSeconds:0} seconds.")),
        };
    }

    private ApprovalRequest ToRequest(GatedStatement statement, ApprovalRule rule)
    {
        var now = time.GetUtcNow();
        return new()
        {
            Id = ApprovalRequestId.New(),
            State = ApprovalState.Pending,
            Listener = statement.Listener,
            Protocol = statement.Protocol,
            User = statement.Principal.Login,
            Person = statement.Person,
            Database = statement.Database,
            Client = statement.Principal.ClientAddress,
            Application = statement.Principal.Application,
            Statement = statement.Statement,
            Kinds = statement.Verdict.Kinds,
            Relations = statement.Relations,
            Rule = rule.Name,
            Reason = statement.Verdict.Reason,
            Digest = statement.Digest(),
            PolicyFingerprint = statement.PolicyFingerprint(),
            PolicyVersion = statement.PolicyVersion,
            CreatedAt = now,
            ExpiresAt = now + rule.Timeout,
            Approvers = rule.Approvers,
            Minimum = rule.Minimum,
            BreakGlass = rule.BreakGlass,
            CanLimitRows = statement.CanLimitRows,
        };
    }

    private static string Explain(GateResult result, ApprovalRequest decided, ApprovalRule rule)
    {
        var last = decided.Approvals.Count > 0 ? decided.Approvals[^1] : null;
        return result switch
        {
            GateResult.Denied when last is { Approved: false } => DeniedBy(last),
            GateResult.Expired when decided.State == ApprovalState.Approved => "The approval was not used in time.",
            GateResult.Expired => string.Create(CultureInfo.InvariantCulture, $"Nobody decided within {rule.Timeout.TotalSeconds:0.###} seconds."),
            GateResult.Withdrawn => "The statement was taken back before it ran.",
            _ => "The statement did not run.",
        };
    }

    private static string DeniedBy(ApprovalDecision denial) => denial.Reason.Length > 0 ? $"Denied by {denial.Operator}: {denial.Reason}" : $"Denied by {denial.Operator}.";

    /// <summary>Kinds whose statements are recorded in groups when no rule matches them: they change nothing.</summary>
    public const StatementKinds ReadOnlyKinds = StatementKinds.Select | StatementKinds.Transaction | StatementKinds.Session | StatementKinds.Explain;
}
