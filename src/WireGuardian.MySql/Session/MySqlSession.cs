using System.Net.Sockets;
using System.Text;
using WireGuardian.Core.Approvals;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Detection;
using WireGuardian.Core.Identity;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.MySql.Authentication;
using WireGuardian.MySql.Catalog;
using WireGuardian.MySql.Explaining;
using WireGuardian.MySql.Packets;
using WireGuardian.MySql.Relay;
using WireGuardian.MySql.Startup;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Catalog;
using WireGuardian.Proxy.Egress;
using WireGuardian.Proxy.Gating;
using WireGuardian.Proxy.Limits;
using WireGuardian.Proxy.Listening;
using WireGuardian.Proxy.Session;
using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Session;

/// <summary>What of a session is MySQL's and MariaDB's own: what it waits for, and how its statements are described.</summary>
public sealed class MySqlSession : ISessionProtocol, IStatementLog, IDisposable
{
    private static readonly PlanEstimate NoPlan = PlanEstimate.Not("the server's EXPLAIN may run parts of a statement");

    private readonly SessionServices _services;
    private readonly SessionContext _context;
    private readonly Action<ulong> _kill;
    private readonly Func<(SessionStatement Statement, Judgement Judgement), GatedStatement> _describe;
    private readonly MySqlRelay _relay;
    private readonly ulong _connectionId;
    private volatile bool _isKilled;

    /// <param name="services">What the listener's sessions share.</param>
    /// <param name="login">The login that this session begins with.</param>
    /// <param name="principal">Who logged in.</param>
    /// <param name="catalog">The server's catalog; null where the listener has no catalog login.</param>
    /// <param name="passwordKey">Opens passwords that clients have sealed.</param>
    /// <param name="kill">Told the connection for which the server has taken a KILL.</param>
    public MySqlSession(
        SessionServices services, LoginOutcome.LoggedIn login, Principal principal, IServerCatalog? catalog, PasswordKey passwordKey, Action<ulong> kill)
    {
        (_services, _kill, _connectionId) = (services, kill, login.ConnectionId);
        var version = new MySqlServerVersion(
            login.Version.Flavour == ServerFlavour.MariaDb ? MySqlFlavour.MariaDb : MySqlFlavour.MySql, login.Version.CommentVersion);
        _context = new(
            services.Options.Name, services.Policies, catalog, services.MaskKey, login.Capabilities, version, login.CharacterSet, services.Options.LocalInfile, login.Security, passwordKey);
        _describe = passed => Describe(passed.Statement, passed.Judgement);
        var database = login.Identity.Database.Length > 0 ? login.Identity.Database : null;
        var state = new RelayState(principal, database, MySqlSqlSettings.For(version), login.Status, services.Options.Limits.MaxPreparedStatements)
        {
            Nonce = login.Nonce,
            ClientNumbers = login.Compresses ? new() : null,
        };
        _relay = new(state, _context, services.Options.Limits, this);
        Session = new(services, login.Client, login.Server, _relay, this);
    }

    /// <summary>The session itself.</summary>
    public RelaySession Session { get; }

    /// <inheritdoc/>
    public Principal Principal => _relay.State.Principal;

    /// <inheritdoc/>
    public string Database => _relay.State.Database ?? "";

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Goodbye => Refusals.ToPacket(Refusals.Goodbye, 1);

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> LastWords(Exception problem) => problem switch
    {
        ProtocolException broken => Refusals.ToPacket(Refusals.Fatal(broken), _relay.Server.NextSequence),
        // In the place of the first packet that was not sent.
        CanaryFoundException found => Refusals.ToPacket(
            Refusals.CanaryFound(found), PacketHeader.TryRead(found.Beginning, out var header) ? header.Sequence : _relay.Server.NextSequence),
        IOException or SocketException => WordsAtServersEnd(),
        _ => ReadOnlyMemory<byte>.Empty,
    };

    /// <inheritdoc/>
    public bool BeginDraining()
    {
        _relay.State.IsDraining = true;
        return _relay.State.IsIdle && _relay.Client.Admission.AtGate is null;
    }

    /// <inheritdoc/>
    public void End() => _relay.State.End();

    /// <summary>Another connection's KILL for this one was taken by the server: a held statement is taken back.</summary>
    public void WithdrawHeld()
    {
        _isKilled = true;
        Session.Gate.Withdraw("Another connection killed it.");
    }

    /// <inheritdoc/>
    public void Passed(SessionStatement statement, Judgement judgement)
    {
        Session.Passed(ref statement.Mark, (statement, judgement), _describe);
        _services.Metrics.StatementsCompleted(judgement.Verdict.Kinds, RuleAction.Allow);
    }

    /// <inheritdoc/>
    public void Answered() => Session.Answered();

    /// <inheritdoc/>
    public void Killed(ulong connectionId) => _kill(connectionId);

    /// <inheritdoc/>
    public void UserChanged(ClientIdentity identity)
    {
        // What was counted so far is the user's before.
        Session.RecordCounts();
        var before = _relay.State.Principal;
        _relay.State.Principal = new(identity.User, _services.Policies.Current.GroupsOf(identity.User), before.ClientAddress, identity.Application);
        _services.Audit.Append(Session.Record(AuditEvents.Login) with { Detail = "by COM_CHANGE_USER" });
    }

    /// <inheritdoc/>
    public void CountMaskedValues(string rule, int count) => Session.CountMaskedValues(rule, count);

    /// <inheritdoc/>
    public void CountDetections(string rule, Detector detector, int count) => Session.CountDetections(rule, detector, count);

    /// <inheritdoc/>
    public async Task AnswerServerAsync(CancellationToken cancellationToken)
    {
        if (_relay.Server.Paused is { } limit)
        {
            await PassLimitAsync(limit, cancellationToken);
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
                await Session.WaitForServerAsync(state, static state => state.IsSettled || state.Phase == ClientPhase.File, cancellationToken);
                break;
            case ClientWait.Room:
                await Session.WaitForServerAsync(
                    (State: state, Half: _services.Options.Limits.MaxPipelinedRequests / 2),
                    static room => room.State.Queue.Count <= room.Half || room.State.Phase == ClientPhase.File, cancellationToken);
                break;
            case ClientWait.LoginReply:
                await Session.WaitForServerAsync(state, static state => state.UserChange is not { Next: Speaker.Server, ToServer: null }, cancellationToken);
                break;
            case ClientWait.LoginAnswer:
                await Session.SendToClientAsync(state.UserChange!.ToClient);
                state.UserChange.ToClient = null;
                break;
            case ClientWait.Catalog:
                await AnswerWithCatalogAsync(cancellationToken);
                break;
            case ClientWait.Gate:
                await PassGateAsync(admission.AtGate!, cancellationToken);
                break;
            case ClientWait.Refusal:
                var refused = admission.AtGate!;
                await Session.SendToClientAsync(Refusals.ToPacket(refused.Refusal!, refused.AnswerSequence));
                refused.IsRefusalSent = true;
                break;
        }
    }

    /// <summary>The protocol has no way to tell the client that it waits.</summary>
    public Task AnnounceAsync(IHeldStatement held, Verdict verdict) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => Session.Dispose();

    private ReadOnlyMemory<byte> WordsAtServersEnd()
    {
        lock (_relay)
            return _relay.Server.WordsAtServersEnd is { } words ? Refusals.ToPacket(words, _relay.Server.NextSequence) : ReadOnlyMemory<byte>.Empty;
    }

    private async Task AnswerWithCatalogAsync(CancellationToken cancellationToken)
    {
        var (snapshot, problem) = await _context.Catalog!.AskAsync(_services.Options.Limits.CatalogTimeout, cancellationToken);
        lock (_relay)
        {
            if (snapshot is not null)
                _relay.Client.Admission.AskedView = snapshot.ViewFor(Principal);
            else
                _relay.Client.Admission.AtGate!.Refusal = Refusals.CatalogUnavailable(problem);
        }
    }

    private async Task PassGateAsync(StatementAtGate statement, CancellationToken cancellationToken)
    {
        var gated = AtGate(statement) with
        {
            RepeatableDigest = () => statement.RepeatableDigest() is { } what && !_relay.State.DatabaseIsUncertain
                ? Session.RepeatableDigest("", PolicyFingerprint.Of(statement.Judgement!.Policy), _relay.State.History, what)
                : null,
        };
        var outcome = await Session.Gate.PassAsync(gated, asking => IsRefusedByTheServerAnywayAsync(statement, asking), cancellationToken);
        (statement.RequestId, statement.MaxRows) = (outcome.RequestId, outcome.MaxRows);
        if (outcome.Result == GateResult.Passed)
            statement.IsAdmitted = true;
        else
            statement.Refusal = Refusals.Of(outcome);
    }

    /// <summary>A row waits that is beyond what may pass of its result: where it does not go on, the server is told to stop, and the rest goes nowhere.</summary>
    private async Task PassLimitAsync(ResultLimit<StatementAtGate> limit, CancellationToken cancellationToken)
    {
        _isKilled = false;
        var outcome = await Session.Results.PassAsync(limit, AtGate(limit.Statement), cancellationToken);
        if (outcome.Result == GateResult.Passed)
        {
            lock (_relay)
                _relay.Server.GoOn(outcome.RequestId, outcome.MaxRows);
            return;
        }
        var problem = _isKilled ? null : _context.Catalog is { } catalog ? await catalog.KillQueryAsync(_connectionId, cancellationToken) : "there is no catalog login";
        lock (_relay)
            _relay.Server.EndResult(Refusals.ResultEnded(outcome, limit.Reached, problem), isToldToStop: problem is null);
    }

    private GatedStatement AtGate(StatementAtGate statement) => Describe(statement.Statement, statement.Judgement!) with
    {
        Person = statement.Judgement!.Policy.People.OfLogin(_context.Listener, Principal.Login),
        // What was not read may be anything, and what reads the binary log gives no rows.
        CanLimitRows = statement.Statement.Text.Length > 0,
        Digest = () => Session.Digest(_relay.State.Settings.ToString(), statement.Digest()),
        Context = asking => ContextOfAsync(statement, asking),
        PolicyFingerprint = () => PolicyFingerprint.Of(statement.Judgement!.Policy),
    };

    private async ValueTask<RequestContext> ContextOfAsync(StatementAtGate statement, CancellationToken cancellationToken)
    {
        var state = _relay.State;
        var isOpen = state.Status.HasFlag(StatusFlags.InTransaction);
        var words = RequesterReason.Leading(statement.Statement.Text);
        var context = new RequestContext
        {
            Environment = _services.Options.Environment,
            RequesterReason = words.Length > 0 ? words : state.Reason,
            Parameters = statement.Values,
            InvolvesMasked = statement.Judgement!.InvolvesMasked,
            TransactionStatements = isOpen ? state.Transaction.Statements : 0,
            TransactionKinds = isOpen ? state.Transaction.Kinds : StatementKinds.None,
        };
        Identifier[] reads = [.. statement.Statement.Statements.SelectMany(one => one.Facts.Reads).Distinct().Take(HeldContext.MostRelations)];
        Identifier[] writes = [.. statement.Statement.Statements.SelectMany(one => one.Facts.Writes).Distinct().Take(HeldContext.MostRelations)];
        using var patience = new CancellationTokenSource(HeldContext.Patience, _services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        var counted = _context.Catalog is null ? [] : await _context.Catalog.CountAsync([.. reads, .. writes], Database, either.Token);
        var foresight = Foresee(statement.Statement, statement.Judgement);
        return context with
        {
            Reads = CountedRelation.Estimates(reads, counted, Database, StringComparer.OrdinalIgnoreCase),
            Writes = CountedRelation.Estimates(writes, counted, Database, StringComparer.OrdinalIgnoreCase),
            Columns = foresight.Columns,
            ColumnsNote = foresight.Note,
            Plan = foresight.Plan,
        };
    }

    /// <summary>
    /// What the text of one statement tells of its result. Its plan is not asked for: the servers' EXPLAIN runs parts of a statement (derived tables, subqueries,
    /// functions of constants), with the rights of whoever asks.
    /// </summary>
    private Foresight Foresee(SessionStatement statement, Judgement judgement)
    {
        if (_context.Catalog?.Current is not { } snapshot || statement.Statements is not [{ Shape: { } shape }])
            return Foresight.None;
        var columns = ColumnExplanations.Of(shape, snapshot.ViewFor(Principal), statement.Database, judgement.InvolvesMasked);
        return columns is null
            ? new([], judgement.InvolvesMasked ? "What its stars stand for is known only with the result; columns are masked by their own rules." : "", NoPlan)
            : Foresight.Of([.. columns.Select(column => column.ToShown())], "", NoPlan);
    }

    private async ValueTask<bool> IsRefusedByTheServerAnywayAsync(StatementAtGate statement, CancellationToken cancellationToken)
    {
        var (text, settings) = (statement.Statement.Text, statement.Statement.Settings);
        if (_context.Catalog is null || statement.Statement.Statements.Count != 1 || statement.Statement.IsUnread
            || !statement.Judgement!.Verdict.Kinds.HasFlag(StatementKinds.Unclassified) || !(Ascii.IsValid(text) || settings.Encoding == MySqlTextEncoding.Utf8)
            || (settings.IsUncertain && !MySqlAnalyzer.ReadsAlways(text)))
        {
            return false;
        }
        return statement.IsNoSql = await _context.Catalog.IsSyntaxErrorAsync(text, settings, cancellationToken);
    }

    private GatedStatement Describe(SessionStatement statement, Judgement judgement) => new()
    {
        Principal = Principal,
        Listener = _context.Listener,
        Protocol = "mysql",
        Database = Database,
        Statement = statement.Shown ??= LiteralMasker.Mask(statement.Text, statement.Settings),
        Relations = [.. statement.Statements.SelectMany(one => one.Facts.Relations).Select(relation => relation.ToString()).Distinct()],
        Verdict = judgement.Verdict,
        PolicyVersion = judgement.Policy.VersionName,
        Digest = () => "",
    };
}
