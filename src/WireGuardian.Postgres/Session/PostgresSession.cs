using System.Buffers;
using System.Net.Sockets;
using System.Text;
using WireGuardian.Core.Approvals;
using WireGuardian.Core.Detection;
using WireGuardian.Core.Identity;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Authentication;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Postgres.Relay;
using WireGuardian.Postgres.Startup;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Catalog;
using WireGuardian.Proxy.Egress;
using WireGuardian.Proxy.Gating;
using WireGuardian.Proxy.Limits;
using WireGuardian.Proxy.Listening;
using WireGuardian.Proxy.Session;
using WireGuardian.Sql.Postgres;

namespace WireGuardian.Postgres.Session;

/// <summary>What of a session is PostgreSQL's own: what it waits for, and how its statements are described.</summary>
public sealed class PostgresSession : ISessionProtocol, IStatementLog, IDisposable
{
    /// <summary>So long a cancel request takes at most to end a statement.</summary>
    private static readonly TimeSpan CancelTime = TimeSpan.FromSeconds(30);

    private readonly SessionServices _services;
    private readonly CancelKeys _keys;
    private readonly SessionContext _context;
    private readonly Func<(PreparedStatement Statement, Judgement Judgement), GatedStatement> _describe;
    private readonly PostgresRelay _relay;
    private readonly LabellingPhase _labelling;
    private readonly CancelForwarder _cancels;
    private byte[]? _key;

    /// <summary>Completes when the client cancels the statement that waits for other sessions; null while none does.</summary>
    private volatile TaskCompletionSource? _wait;
    private CancelRequest? _cancel;

    public PostgresSession(SessionServices services, LoginOutcome.LoggedIn login, Principal principal, IDatabaseCatalog? catalog, CancelKeys keys, CancelForwarder cancels)
    {
        (_services, _keys, _cancels) = (services, keys, cancels);
        _context = new(services.Options.Name, principal, login.Startup.Database, services.Policies, catalog, services.MaskKey) { PredicateBudgets = services.PredicateBudgets };
        _describe = passed => Describe(passed.Statement, passed.Judgement);
        _relay = new(_context, services.Options.Limits, this);
        // What the client asked to begin with; its own name for itself decides nothing.
        _relay.State.History = new(string.Join('\0', login.Startup.Parameters.Where(parameter => parameter.Name != "application_name")));
        _labelling = new(services, _context, _relay);
        Session = new(services, login.Client, login.Server, _relay, this);
    }

    /// <summary>The session itself.</summary>
    public RelaySession Session { get; }

    /// <inheritdoc/>
    public Principal Principal => _context.Principal;

    /// <inheritdoc/>
    public string Database => _context.Database;

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Goodbye
    {
        get
        {
            var output = new ArrayBufferWriter<byte>();
            Relay.Goodbye.Write(output);
            return output.WrittenMemory;
        }
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> LastWords(Exception problem) => problem switch
    {
        ProtocolException broken => Refusals.Fatal(broken),
        CanaryFoundException found => Refusals.CanaryFound(found),
        _ => ReadOnlyMemory<byte>.Empty,
    };

    /// <inheritdoc/>
    public bool BeginDraining()
    {
        _relay.State.IsDraining = true;
        return _relay.State.IsIdle && _relay.Client.Admission.AtGate is null;
    }

    /// <inheritdoc/>
    public void End()
    {
        if (_key is not null)
            _keys.Remove(_key, this);
        _relay.Client.Admission.AtGate = null;
        if (_relay.State.MayRunOn)
            _ = LeaveLaterAsync();
        else
            _relay.State.Leave();
    }

    /// <summary>
    /// The server notices the end of its client only when it wants to send: what waits there for a lock would run on, and nobody would know when. So it is cancelled,
    /// and counts as under way until that has surely come to it.
    /// </summary>
    private async Task LeaveLaterAsync()
    {
        try
        {
            if (_cancel is not null)
                await _cancels.ForwardAsync(_cancel, CancellationToken.None);
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The server is not reachable, or the listener is being closed.
        }
        await Task.Delay(CancelTime, _services.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_relay)
            _relay.State.Leave();
    }

    /// <summary>A cancel request for this session came. True when a held statement was withdrawn, so that the server need not be asked.</summary>
    public bool CancelHeld()
    {
        if (Session.Gate.Withdraw("The client cancelled it."))
            return true;
        if (_wait is not { } wait)
            return false;
        wait.TrySetResult();
        return true;
    }

    /// <inheritdoc/>
    public void Passed(PreparedStatement statement, Judgement judgement)
    {
        if (statement.Facts.Count > 0)
            Session.Passed(ref statement.Mark, (statement, judgement), _describe);
        _services.Metrics.StatementsCompleted(judgement.Verdict.Kinds, RuleAction.Allow);
    }

    /// <inheritdoc/>
    public void BatchEnded() => Session.Answered();

    /// <inheritdoc/>
    public void KeyReceived(int processId, ReadOnlySpan<byte> key) =>
        (_key, _cancel) = (_keys.Add(processId, key, this), new(processId, key.ToArray()));

    /// <inheritdoc/>
    public void CountDetections(string rule, Detector detector, int count) => Session.CountDetections(rule, detector, count);

    public void CountMaskedValues(string rule, int count) => Session.CountMaskedValues(rule, count);

    /// <inheritdoc/>
    public async Task AnswerServerAsync(CancellationToken cancellationToken)
    {
        if (_relay.Server.Paused is { } limit)
        {
            await PassLimitAsync(limit, cancellationToken);
            return;
        }
        if (_relay.Server.Plans.Lineage.Inquiry.Wanted is { } wanted)
        {
            var answer = await _context.Catalog!.AskLineageAsync(wanted.Question, wanted.Snapshot, cancellationToken);
            lock (_relay)
                _relay.Server.Plans.Lineage.Inquiry.WasAsked(answer);
            return;
        }
        var (snapshot, _) = await _context.Catalog!.AskAsync(_services.Options.Limits.CatalogTimeout, cancellationToken);
        lock (_relay)
            _relay.Server.Plans.CatalogWasAsked(snapshot);
    }

    /// <inheritdoc/>
    public async Task AnswerClientAsync(CancellationToken cancellationToken)
    {
        var (admission, state) = (_relay.Client.Admission, _relay.State);
        switch (admission.Wait)
        {
            case ClientWait.Settled:
                await Session.WaitForServerAsync(state, static state => state.IsSettled || state.CopyIn, cancellationToken);
                break;
            case ClientWait.Room:
                await Session.WaitForServerAsync(
                    (State: state, Half: _services.Options.Limits.MaxPipelinedRequests / 2),
                    static room => room.State.Queue.Count <= room.Half || room.State.CopyIn, cancellationToken);
                break;
            case ClientWait.Catalog:
                await AnswerWithCatalogAsync(cancellationToken);
                break;
            case ClientWait.Lineage:
                var inquiry = admission.OpenInquiry;
                var wanted = inquiry.Wanted!.Value;
                var answer = await _context.Catalog!.AskLineageAsync(wanted.Question, wanted.Snapshot, cancellationToken);
                lock (_relay)
                    inquiry.WasAsked(answer);
                break;
            case ClientWait.Others:
                await WaitForOthersAsync(admission.AtGate!, cancellationToken);
                break;
            case ClientWait.Gate:
                await PassGateAsync(admission.AtGate!, cancellationToken);
                break;
        }
    }

    /// <inheritdoc/>
    public Task AnnounceAsync(IHeldStatement held, Verdict verdict) =>
        Session.SendToClientAsync(Refusals.Held(_relay.Server.Paused is null ? "statement" : "result", held.Id, verdict.RuleName, verdict.Rule!.Timeout));

    /// <inheritdoc/>
    public void Dispose() => Session.Dispose();

    private async Task AnswerWithCatalogAsync(CancellationToken cancellationToken)
    {
        var (snapshot, problem) = await _context.Catalog!.AskAsync(_services.Options.Limits.CatalogTimeout, cancellationToken);
        lock (_relay)
        {
            if (snapshot is not null)
                _relay.Client.Admission.Asked = snapshot;
            else if (_relay.Client.Admission.AtGate is { } statement)
                statement.Refusal = Refusals.CatalogUnavailable(problem);
            else
                _relay.Client.Admission.CatalogFailed = true;
        }
    }

    private async Task WaitForOthersAsync(StatementAtGate statement, CancellationToken cancellationToken)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _wait = cancelled;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var others = _relay.Client.Admission.Others;
        var over = _relay.State.Work!.WaitWhileAsync(() => others.StandsInTheWay(statement), ConcurrentChanges.Patience, _services.Time, ended.Token);
        var isCancelled = await Task.WhenAny(over, cancelled.Task) == cancelled.Task;
        _wait = null;
        await ended.CancelAsync();
        await over.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_relay)
        {
            if (isCancelled)
                Refuse(statement, Refusals.CancelledInWait);
            else if (statement.Awaits is null && others.StandsInTheWay(statement))
                Refuse(statement, Refusals.OthersUnderWay(ConcurrentChanges.Patience));
            else
                ConcurrentChanges.WasWaitedFor(statement);
        }
    }

    private async Task PassGateAsync(StatementAtGate statement, CancellationToken cancellationToken)
    {
        var judgement = statement.Judgement!;
        if (statement.AdmittedBefore != judgement.Verdict)
        {
            var gated = AtGate(statement, judgement) with
            {
                RepeatableDigest = () => statement.IsRepeatable
                    ? Session.RepeatableDigest(_relay.State.Settings.ToString(), PolicyFingerprint.Of(judgement.Policy), _relay.State.History, statement.Digest())
                    : null,
            };
            var outcome = await Session.Gate.PassAsync(gated, asking => IsRefusedByTheServerAnywayAsync(statement, asking), cancellationToken);
            (statement.RequestId, statement.MaxRows, statement.Limit) = (outcome.RequestId, outcome.MaxRows, null);
            if (judgement.Verdict.RuleName == BuiltInRules.PredicateBudgetName && outcome.Result != GateResult.Passed)
                _services.Metrics.OverPredicateBudget();
            if (outcome.Result != GateResult.Passed)
            {
                Refuse(statement, Refusals.Of(outcome));
                return;
            }
        }
        if (judgement.Labels.Count == 0)
        {
            statement.IsAdmitted = true;
            return;
        }
        if (await _labelling.LabelAsync(statement, Describe(statement.Statement, judgement), cancellationToken) is { } problem)
        {
            Refuse(statement, Refusals.LabelsUnavailable(problem, statement.RequestId));
            return;
        }
        // By what it copies to, other columns may be masked now, and more may need a label.
        lock (_relay)
            (statement.AdmittedBefore, statement.Judgement) = (judgement.Verdict, null);
    }

    /// <summary>A row waits that is beyond what may pass of its result: where it does not go on, the server is told to stop, and the rest goes nowhere.</summary>
    private async Task PassLimitAsync(ResultLimit<StatementAtGate> limit, CancellationToken cancellationToken)
    {
        var outcome = await Session.Results.PassAsync(limit, AtGate(limit.Statement, limit.Statement.Judgement!), cancellationToken);
        if (outcome.Result == GateResult.Passed)
        {
            lock (_relay)
                _relay.Server.GoOn(outcome.RequestId, outcome.MaxRows);
            return;
        }
        if (_cancel is not null)
            await _cancels.ForwardAsync(_cancel, cancellationToken);
        lock (_relay)
            _relay.Server.EndResult(Refusals.ResultEnded(outcome, limit.Reached));
    }

    private GatedStatement AtGate(StatementAtGate statement, Judgement judgement) => Describe(statement.Statement, judgement) with
    {
        Person = judgement.Policy.People.OfLogin(_context.Listener, Principal.Login),
        // What is not known (a portal that nobody bound, a function call) may give anything.
        CanLimitRows = statement.Statement.Text.Length > 0,
        Digest = () => Session.Digest(_relay.State.Settings.ToString(), statement.Digest()),
        Context = asking => ContextOfAsync(statement, asking),
        PolicyFingerprint = () => PolicyFingerprint.Of(judgement.Policy),
    };

    private void Refuse(StatementAtGate statement, byte[] error)
    {
        statement.Refusal = error;
        _relay.Client.Admission.GiveBack(statement);
    }

    private async ValueTask<RequestContext> ContextOfAsync(StatementAtGate statement, CancellationToken cancellationToken)
    {
        var words = RequesterReason.Leading(statement.Statement.Text);
        var context = new RequestContext
        {
            Environment = _services.Options.Environment,
            RequesterReason = words.Length > 0 ? words : _relay.State.Reason,
            Parameters = statement.Values,
            InvolvesMasked = statement.Judgement!.InvolvesMasked,
            TransactionStatements = _relay.State.IsInTransaction ? _relay.State.Transaction.Statements : 0,
            TransactionKinds = _relay.State.IsInTransaction ? _relay.State.Transaction.Kinds : StatementKinds.None,
        };
        var runs = statement.Judgement.Runs;
        Identifier[] reads = [.. runs.SelectMany(facts => facts.Reads).Distinct().Take(HeldContext.MostRelations)];
        Identifier[] writes = [.. runs.SelectMany(facts => facts.Writes).Distinct().Take(HeldContext.MostRelations)];
        using var patience = new CancellationTokenSource(HeldContext.Patience, _services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        var counted = _context.Catalog is null ? [] : await _context.Catalog.CountAsync([.. reads, .. writes], either.Token);
        var foresight = await ForeseeAsync(statement, either.Token);
        return context with
        {
            Reads = CountedRelation.Estimates(reads, counted, null, StringComparer.Ordinal),
            Writes = CountedRelation.Estimates(writes, counted, null, StringComparer.Ordinal),
            Columns = foresight.Columns,
            ColumnsNote = foresight.Note,
            Plan = foresight.Plan,
        };
    }

    /// <summary>What comes of a text of one statement, where others see the catalog as this session does.</summary>
    private async ValueTask<Foresight> ForeseeAsync(StatementAtGate statement, CancellationToken cancellationToken)
    {
        if (_context.Catalog is null || statement.Statement.Facts.Count != 1)
            return Foresight.None;
        var judgement = statement.Judgement!;
        LineageQuestion? question = ResultLineage.TryGetQuestion(statement.Statement, 0, out var own) ? own : judgement.Named is [{ } named] ? named.Question() : null;
        if (question is not { } asked)
            return Foresight.None;
        return _relay.State.ChangedCatalog
            ? new([], "Its transaction has changed the catalog, so that its result is not known beforehand.", PlanEstimate.Not("its transaction has changed the catalog"))
            : await _context.Catalog.ForeseeAsync(asked, Principal, judgement.InvolvesMasked, cancellationToken);
    }

    private async ValueTask<bool> IsRefusedByTheServerAnywayAsync(StatementAtGate statement, CancellationToken cancellationToken)
    {
        var text = statement.Statement.Text;
        if (_context.Catalog is null || text.Length == 0 || !statement.Judgement!.Verdict.Kinds.HasFlag(StatementKinds.Unclassified)
            || _relay.State.Settings.Encoding != PostgresTextEncoding.Utf8 || !(_relay.State.KnowsSettings || PostgresAnalyzer.ReadsAlways(text)))
        {
            return false;
        }
        return await _context.Catalog.IsSyntaxErrorAsync(Encoding.UTF8.GetString(text), _relay.State.Settings.StandardConformingStrings, cancellationToken);
    }

    private GatedStatement Describe(PreparedStatement statement, Judgement judgement) => new()
    {
        Principal = Principal,
        Listener = _context.Listener,
        Protocol = "postgres",
        Database = Database,
        Statement = statement.MaskedText ??= LiteralMasker.Mask(statement.Text, _relay.State.Settings),
        Relations = [.. statement.Facts.SelectMany(facts => facts.Relations).Select(relation => relation.ToString()).Distinct()],
        Verdict = judgement.Verdict,
        PolicyVersion = judgement.Policy.VersionName,
        Digest = () => "",
    };
}
