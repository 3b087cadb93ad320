using WireGuardian.Postgres.Catalog;

namespace WireGuardian.Postgres.Relay;

/// <summary>
/// Keeps a statement and another session's DDL apart where the one could change what the other means (<see cref="ConcurrentWork"/>). What is about to be sent waits
/// for the other for a while; then DDL is refused, and a statement counts as one whose copies cannot be told.
/// </summary>
public sealed class ConcurrentChanges(RelayState state, StatementJudge judge, SessionContext context)
{
    /// <summary>For so long one waits for another.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Looks whether the statement can be sent now as far as other sessions go, and notes that it is.</summary>
    /// <param name="statement">The statement, which the gate let pass or which needs none.</param>
    public Meeting Meet(StatementAtGate statement)
    {
        var judgement = statement.Judgement!;
        if (state.Work is not { } work || judgement.IsAlone)
            return Meeting.None;
        var snapshot = context.Catalog!.Current;
        if (judgement.Changes.Count > 0)
        {
            statement.Change ??= work.Begin(judgement.Changes, judgement.TouchesMasked);
            if (judgement.TouchesMasked && work.MustWait(statement.Change, snapshot))
                return Meeting.Waits;
        }
        if (judgement.Rests is not { } rests || statement.Running is not null)
            return Meeting.None;
        var running = new RunningStatement(judgement.Runs, rests.RunsCode);
        if (statement.IsForced || judgement.Verdict.Rule?.Name == BuiltInRules.CopiesName)
        {
            work.Enter(running);
            statement.Running = running;
            return Meeting.None;
        }
        if (snapshot is not null && work.TryEnter(running, snapshot, statement.JudgedAt))
        {
            statement.Running = running;
            return Meeting.None;
        }
        if (snapshot is null || !work.IsConcerned(running, snapshot))
        {
            // Meanings changed since the picture was looked at.
            JudgeAnew(statement);
            return Meeting.Changes;
        }
        if (!statement.HasWaited)
        {
            statement.Awaits = running;
            return Meeting.Waits;
        }
        // It may wait for long now.
        GiveUp(statement);
        (statement.IsForced, statement.IsAdmitted, statement.AdmittedBefore) = (true, false, null);
        statement.Judgement = judgement with
        {
            Verdict = judgement.Verdict with
            {
                Action = judge.Copies.Action > judgement.Verdict.Action ? judge.Copies.Action : judgement.Verdict.Action,
                Rule = judge.Copies,
                Reason = "Another session has a transaction open in which it changes what the statement may read (views, routines, triggers, names of relations), so "
                    + "what it would copy cannot be told. Without that transaction it is judged as usual.",
            },
        };
        return Meeting.Changes;
    }

    /// <summary>True while what was waited for still stands in the way. Called from any thread.</summary>
    public bool StandsInTheWay(StatementAtGate statement)
    {
        var (work, snapshot) = (state.Work!, context.Catalog!.Current);
        return statement.Awaits is { } running
            ? snapshot is not null && work.IsConcerned(running, snapshot)
            : statement.Change is { } change && work.MustWait(change, snapshot);
    }

    /// <summary>The wait is over: the statement is looked at again. DDL for which others stand in the way still is to be refused instead.</summary>
    public static void WasWaitedFor(StatementAtGate statement)
    {
        if (statement.Awaits is null)
            return;
        (statement.Awaits, statement.HasWaited) = (null, true);
        JudgeAnew(statement);
    }

    /// <summary>The statement is not sent.</summary>
    public void GiveUp(StatementAtGate statement)
    {
        if (statement.Running is { } running)
            state.Work!.Leave(running);
        if (statement.Change is { } change)
            state.Work!.TakeBack(change);
        (statement.Running, statement.Change) = (null, null);
    }

    private static void JudgeAnew(StatementAtGate statement)
    {
        if (statement.IsAdmitted)
            (statement.AdmittedBefore, statement.IsAdmitted) = (statement.Judgement!.Verdict, false);
        statement.Judgement = null;
    }
}

/// <summary>How a statement meets what other sessions do.</summary>
public enum Meeting
{
    /// <summary>It can be sent.</summary>
    None,

    /// <summary>It has to wait for others.</summary>
    Waits,

    /// <summary>It has another verdict now, or none.</summary>
    Changes,
}
