using WireGuardian.Core.Approvals;
using WireGuardian.Core.Policies;
using WireGuardian.Proxy.Gating;
using WireGuardian.Proxy.Metrics;

namespace WireGuardian.Proxy.Session;

/// <summary>A session's place at the gate, where one statement at a time stands until it is decided on, taken back, or the client is gone.</summary>
/// <param name="gate">The gate.</param>
/// <param name="metrics">Where it is counted.</param>
/// <param name="announce">Tells the client that its statement is held.</param>
public sealed class SessionGate(Gate gate, ListenerMetrics metrics, Func<IHeldStatement, Verdict, Task> announce) : IDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private volatile IHeldStatement? _held;
    private volatile string? _closed;

    /// <summary>Decides on one statement.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="isRefusedByTheServerAnyway">
    /// Asks the server whether it cannot parse the statement. A typo gets the server's own error, not an operator's attention: what cannot be parsed cannot run.
    /// </param>
    /// <param name="cancellationToken">The session ends.</param>
    public async Task<GateOutcome> PassAsync(
        GatedStatement statement, Func<CancellationToken, ValueTask<bool>> isRefusedByTheServerAnyway, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _gone.Token);
        if (await isRefusedByTheServerAnyway(ended.Token))
            statement = statement with { Verdict = new(RuleAction.Allow, null, statement.Verdict.Kinds, "The server cannot parse it, so nothing of it can run.") };
        var verdict = statement.Verdict;
        var outcome = await gate.PassAsync(statement, held => HoldAsync(held, verdict), ended.Token);
        _held = null;
        metrics.StatementsCompleted(verdict.Kinds, outcome.Result == GateResult.Passed ? verdict.Action : RuleAction.Deny);
        return outcome;
    }

    /// <summary>Asks an operator whether the result of a statement that passed may go on.</summary>
    /// <param name="statement">The statement, with a verdict that holds it.</param>
    /// <param name="cancellationToken">The session ends.</param>
    public async Task<GateOutcome> AskAsync(GatedStatement statement, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _gone.Token);
        var outcome = await gate.PassAsync(statement, held => HoldAsync(held, statement.Verdict), ended.Token);
        _held = null;
        return outcome;
    }

    /// <summary>Takes a held statement back. False when none is held.</summary>
    /// <param name="reason">One sentence for the requester.</param>
    public bool Withdraw(string reason)
    {
        if (_held is not { } held)
            return false;
        held.Withdraw(reason);
        return true;
    }

    /// <summary>Takes back a held statement, and every one that would be held from now on.</summary>
    /// <param name="reason">One sentence for the requester.</param>
    public void Close(string reason)
    {
        _closed = reason;
        Withdraw(reason);
    }

    /// <summary>Nobody waits for a decision any more.</summary>
    public void ClientIsGone() => _gone.Cancel();

    public void Dispose() => _gone.Dispose();

    private Task HoldAsync(IHeldStatement held, Verdict verdict)
    {
        _held = held;
        metrics.StatementsCompleted(verdict.Kinds, RuleAction.Hold);
        if (_closed is not { } reason)
            return announce(held, verdict);
        held.Withdraw(reason);
        return Task.CompletedTask;
    }
}
