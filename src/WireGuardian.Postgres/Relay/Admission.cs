using WireGuardian.Core.Audit;
using WireGuardian.Core.Policies;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Proxy.Limits;

namespace WireGuardian.Postgres.Relay;

/// <summary>Stops every statement until it is judged, and until the gate has let it pass where a rule matches it.</summary>
public sealed class Admission(RelayState state, StatementJudge judge, SessionContext context, IStatementLog log)
{
    /// <summary>What the client's direction waits for, after an answer was asked for.</summary>
    public ClientWait Wait { get; set; }

    /// <summary>The statement of the message that the client's direction stands at, until the message is dealt with.</summary>
    public StatementAtGate? AtGate
    {
        get => _atGate;
        set
        {
            if (value is null && _atGate is { } given)
                Others.GiveUp(given);
            _atGate = value;
        }
    }

    private StatementAtGate? _atGate;

    /// <summary>What other sessions do, as far as it concerns the statement.</summary>
    public ConcurrentChanges Others { get; } = new(state, judge, context);

    /// <summary>How often meanings had changed when the catalog was not asked yet.</summary>
    private long _since;

    /// <summary>One that passed without waiting, so that nobody else has seen it: it serves again.</summary>
    private StatementAtGate? _spare;

    /// <summary>A statement of which nothing is decided yet.</summary>
    public StatementAtGate Arrive(PreparedStatement statement)
    {
        if (_spare is not { } spare)
            return new(statement);
        _spare = null;
        spare.Reuse(statement);
        return spare;
    }

    /// <summary>The message is dealt with.</summary>
    public void Leave()
    {
        if (AtGate is { IsAdmitted: false, Refusal: null, BindDigest: null, IsBound: false, AdmittedBefore: null, Judgement.PassesAtOnce: true })
            _spare = AtGate;
        AtGate = null;
    }

    /// <summary>What the server has to be asked for the statement that waits.</summary>
    public LineageInquiry OpenInquiry => judge.OpenInquiry!;

    /// <summary>A picture of the catalog loaded for the statement that waits.</summary>
    public ICatalogSnapshot? Asked { get; set; }

    /// <summary>The catalog could not be asked for the description that waits: it goes on, and its columns will all be masked.</summary>
    public bool CatalogFailed { get; set; }

    /// <summary>Judges, and where there is something to wait for, says for what.</summary>
    public bool IsJudgedAndAdmitted(StatementAtGate statement)
    {
        if (statement.Refusal is not null)
            return true;
        while (true)
        {
            if (statement.Judgement is null)
            {
                statement.Judgement = TryJudge(statement.Statement);
                statement.JudgedAt = _since;
                if (statement.Judgement is null)
                    return false;
            }
            if (IsAdmitted(statement))
                return true;
            // Other sessions made it another statement than it was judged to be.
            if (statement.Judgement is not null)
                return false;
        }
    }

    /// <summary>The same for a statement that is judged already.</summary>
    public bool IsAdmitted(StatementAtGate statement)
    {
        if (IsSettled(statement))
            return MayBeSent(statement);
        CountPredicates(statement);
        if (IsSettled(statement))
            return MayBeSent(statement);
        if (!statement.Judgement!.PassesAtOnce)
        {
            Wait = ClientWait.Gate;
            return false;
        }
        if (!MayBeSent(statement))
            return false;
        try
        {
            log.Passed(statement.Statement, statement.Judgement);
        }
        catch (AuditUnavailableException)
        {
            // The gate finds the words for it.
            Wait = ClientWait.Gate;
            return false;
        }
        return true;
    }

    /// <summary>True where no other session stands in the way. Otherwise it waits, or its judgement is another one, or none.</summary>
    private bool MayBeSent(StatementAtGate statement)
    {
        switch (Others.Meet(statement))
        {
            case Meeting.None:
                return true;
            case Meeting.Waits:
                Wait = ClientWait.Others;
                return false;
            default:
                Wait = ClientWait.Gate;
                return false;
        }
    }

    private static bool IsSettled(StatementAtGate statement) => statement.Refusal is not null
        || (statement.Judgement!.Labels.Count == 0 && (statement.IsAdmitted || statement.AdmittedBefore == statement.Judgement.Verdict));

    /// <summary>Takes the statement out of its budgets. Beyond them it is held or denied; one that an operator lets pass then is not counted.</summary>
    private void CountPredicates(StatementAtGate statement)
    {
        var judgement = statement.Judgement!;
        if (statement.IsCounted || judgement.Budgets.Count == 0 || judgement.Verdict.Action == RuleAction.Deny)
            return;
        var usedUp = context.PredicateBudgets is { } counts ? counts.TryTake(context.Principal.Login, judgement.Budgets) : judgement.Budgets[0];
        if (usedUp is null)
        {
            statement.IsCounted = true;
            return;
        }
        if (usedUp.Then <= judgement.Verdict.Action)
            return;
        statement.Judgement = judgement with
        {
            Verdict = judgement.Verdict with
            {
                Action = usedUp.Then,
                Rule = BuiltInRules.PredicateBudget(usedUp.Then),
                Reason = $"The budget of {usedUp.PerHour} statements an hour that choose, join, group or order rows by columns that rule {usedUp.Rule} masks is used up.",
            },
        };
    }

    /// <summary>A statement is not sent after all.</summary>
    public void GiveBack(StatementAtGate statement)
    {
        Others.GiveUp(statement);
        if (statement.IsCounted)
            context.PredicateBudgets!.GiveBack(context.Principal.Login, statement.Judgement!.Budgets);
        statement.IsCounted = false;
    }

    /// <summary>Adds the request of a statement that is sent, or of what stands in for a refused one.</summary>
    public ref Request Enqueue(RequestKind kind, StatementAtGate gated)
    {
        state.Runs++;
        ref var request = ref state.Queue.Add(kind);
        (request.Judgement, request.Refusal, request.Batch) = (gated.Judgement, gated.Refusal, state.Batch);
        request.CursorChanges = state.SqlNames.CursorChanges;
        if (gated.Refusal is null)
        {
            // They are the request's and the transaction's now.
            (request.Running, gated.Running, gated.Change) = (gated.Running, null, null);
            NoteEffects(gated.Judgement!, ref request);
            SettingTexts.Note(state, gated);
            state.Transaction.Sent(state.IsInTransaction, gated.Judgement!.Verdict.Kinds);
            request.HistoryLength = state.History.Length;
            if (kind != RequestKind.FunctionCall && (gated.Limit ??= LimitOf(gated)) is { } limit)
            {
                limit.IsTold = false;
                request.Limit = limit;
                state.Limited++;
            }
        }
        return ref request;
    }

    private static ResultLimit<StatementAtGate>? LimitOf(StatementAtGate gated)
    {
        var verdict = gated.Judgement!.Verdict;
        return verdict.LimitedBy is null && gated.MaxRows is null ? null : new(gated, verdict, gated.MaxRows, gated.RequestId);
    }

    private void NoteEffects(Judgement judgement, ref Request request)
    {
        state.InvolvedMasked |= judgement.InvolvesMasked;
        if (judgement.MayChangeCatalog)
        {
            // Also of a session that sees everything: others have their columns masked by the same catalog.
            state.BeginCatalogChange(context.Catalog, judgement.InvolvesMasked);
            state.UncommittedCode.NoteTables(judgement);
            foreach (var facts in judgement.Runs)
                state.UncommittedCode.Note(facts, judgement.View);
            request.ChangesCatalog = true;
            state.UncertainCatalog++;
        }
        if (judgement.MayOpenCursors)
            state.SqlNames.CursorsMayDiffer();
        if (judgement.MayChangeSettings || state.SettingsMayRevert)
        {
            request.ChangesSettings = state.HasUnreportedSettings = state.SettingsMayRevert = true;
            state.UncertainSettings++;
        }
    }

    /// <summary>
    /// The judgement of a statement that is only described: what its columns are must be known before its rows may come. Null when the catalog has to be asked.
    /// </summary>
    public Judgement? JudgeDescribed(PreparedStatement statement) => TryJudge(statement);

    private Judgement? TryJudge(PreparedStatement statement)
    {
        if (Asked is null)
            _since = state.Work?.Version ?? 0;
        var judgement = judge.TryJudge(statement, Asked);
        Asked = null;
        if (judgement is null)
            Wait = judge.OpenInquiry is null ? ClientWait.Catalog : ClientWait.Lineage;
        return judgement;
    }
}
