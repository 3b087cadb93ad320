using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using WireGuardian.Core.Approvals;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Identity;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.MySql.Authentication;
using WireGuardian.MySql.Catalog;
using WireGuardian.MySql.Packets;
using WireGuardian.MySql.Relay;
using WireGuardian.MySql.Startup;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Egress;
using WireGuardian.Proxy.Gating;
using WireGuardian.Proxy.Listening;
using WireGuardian.Proxy.Metrics;
using WireGuardian.Proxy.Relay;
using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Session;

/// <summary>One client from its login to its end: the relay with what it waits for (catalog, gate) and what it reports (records, metrics).</summary>
public sealed class MySqlSession : IRelayAnswers, IStatementLog, IDisposable
{
    private readonly SessionServices _services;
    private readonly LoginOutcome.LoggedIn _login;
    private readonly SessionContext _context;
    private readonly Action<ulong> _kill;
    private readonly StatementRecorder _recorder;
    private readonly Func<(SessionStatement Statement, Judgement Judgement), GatedStatement> _describe;
    private readonly MySqlRelay _relay;
    private readonly RelayDriver _driver;
    private readonly SemaphoreSlim _progress = new(0, 1);
    private readonly CancellationTokenSource _gone = new();
    private readonly Dictionary<string, MaskedValueCounter> _maskCounters = [];
    private volatile bool _clientWaits;
    private volatile IHeldStatement? _held;

    /// <param name="services">What the listener's sessions share.</param>
    /// <param name="login">The login that this session begins with.</param>
    /// <param name="principal">Who logged in.</param>
    /// <param name="catalog">The server's catalog; null where the listener has no catalog login.</param>
    /// <param name="passwordKey">Opens passwords that clients have sealed.</param>
    /// <param name="kill">Told the connection for which the server has taken a KILL.</param>
    public MySqlSession(
        SessionServices services, LoginOutcome.LoggedIn login, Principal principal, IServerCatalog? catalog, PasswordKey passwordKey, Action<ulong> kill)
    {
        (_services, _login, _kill) = (services, login, kill);
        var version = new MySqlServerVersion(
            login.Version.Flavour == ServerFlavour.MariaDb ? MySqlFlavour.MariaDb : MySqlFlavour.MySql, login.Version.CommentVersion);
        _context = new(
            services.Options.Name, services.Policies, catalog, services.MaskKey, login.Capabilities, version, login.CharacterSet, services.Options.LocalInfile, login.Security, passwordKey);
        _recorder = new(services.Audit, services.Time);
        _describe = passed => Describe(passed.Statement, passed.Judgement);
        var database = login.Identity.Database.Length > 0 ? login.Identity.Database : null;
        var state = new RelayState(principal, database, MySqlSqlSettings.For(version), login.Status, services.Options.Limits.MaxPreparedStatements) { Nonce = login.Nonce };
        _relay = new(state, _context, services.Options.Limits, this);
        _driver = new(login.Client, login.Server, _relay, this);
        login.Client.Egress?.Session = () => Record(AuditEvents.Canary);
    }

    /// <summary>The number by which the server knows the connection, and KILL names it.</summary>
    public uint ConnectionId => _login.ConnectionId;

    /// <summary>Who the session belongs to now.</summary>
    public Principal Principal => _relay.State.Principal;

    /// <summary>Relays until either side ends. Never throws for what client or server do.</summary>
    public async Task RunAsync()
    {
        try
        {
            await _driver.RunAsync(_login.ClientLeftover, _login.ServerLeftover);
        }
        catch (ProtocolException broken)
        {
            _services.Metrics.ProtocolError(broken.Fault.ToString().ToLowerInvariant());
            _services.Audit.Append(Record(AuditEvents.Logout) with { Decision = "protocol-error", Detail = broken.Message });
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // A connection broke; both are closed.
        }
        finally
        {
            End();
        }
    }

    /// <summary>Ends the session as soon as nothing is under way; a held statement is taken back.</summary>
    public async Task DrainAsync()
    {
        bool idle;
        lock (_relay)
        {
            _relay.State.IsDraining = true;
            idle = _relay.State.IsIdle && _relay.Client.Admission.AtGate is null;
        }
        _held?.Withdraw("The proxy is stopping.");
        if (!idle)
            return;
        try
        {
            await _driver.SendToClientAsync(Refusals.ToPacket(Refusals.Goodbye, 1));
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // It ended by itself.
        }
        _driver.Abort();
    }

    /// <summary>Ends the session at once.</summary>
    public void Abort() => _driver.Abort();

    /// <summary>Another connection's KILL for this one was taken by the server: a held statement is taken back.</summary>
    public void WithdrawHeld() => _held?.Withdraw("Another connection killed it.");

    /// <summary>Called about once a second: records what was counted.</summary>
    public void Tick()
    {
        lock (_relay)
        {
            try
            {
                _recorder.FlushIfDue();
            }
            catch (AuditUnavailableException)
            {
                // The numbers stay; the store's own counter of failures tells.
            }
        }
    }

    /// <inheritdoc/>
    public void Passed(SessionStatement statement, Judgement judgement)
    {
        var mark = statement.Mark;
        _recorder.Passed(ref mark, (statement, judgement), _describe);
        statement.Mark = mark;
        _services.Metrics.StatementsCompleted(judgement.Verdict.Kinds, RuleAction.Allow);
    }

    /// <inheritdoc/>
    public void Answered()
    {
        _services.Metrics.OverheadTicks(_relay.ProcessingTicks);
        _relay.ProcessingTicks = 0;
    }

    /// <inheritdoc/>
    public void Killed(ulong connectionId) => _kill(connectionId);

    /// <inheritdoc/>
    public void UserChanged(ClientIdentity identity)
    {
        var before = _relay.State.Principal;
        _relay.State.Principal = new(identity.User, _services.Policies.Current.GroupsOf(identity.User), before.ClientAddress, identity.Application);
        _services.Audit.Append(Record(AuditEvents.Login) with { Detail = "by COM_CHANGE_USER" });
    }

    /// <inheritdoc/>
    public void CountMaskedValues(string rule, int count)
    {
        if (!_maskCounters.TryGetValue(rule, out var counter))
            _maskCounters[rule] = counter = _services.Metrics.MaskedValues(rule);
        counter.Add(count);
    }

    /// <inheritdoc/>
    public void CountBytes(bool toClient, int count)
    {
        if (toClient)
            _services.Metrics.BytesFromServer(count);
        else
            _services.Metrics.BytesFromClient(count);
    }

    /// <inheritdoc/>
    public void ServerProgressed()
    {
        if (_clientWaits && _progress.CurrentCount == 0)
            _progress.Release();
    }

    /// <inheritdoc/>
    public void ClientIsGone() => _gone.Cancel();

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> LastWords(Exception problem) => problem switch
    {
        ProtocolException broken => Refusals.ToPacket(Refusals.Fatal(broken), _relay.Server.NextSequence),
        // In the place of the first packet that was not sent.
        CanaryFoundException found => Refusals.ToPacket(
            Refusals.CanaryFound(found), PacketHeader.TryRead(found.Beginning, out var header) ? header.Sequence : _relay.Server.NextSequence),
        _ => ReadOnlyMemory<byte>.Empty,
    };

    /// <inheritdoc/>
    public async Task AnswerServerAsync(CancellationToken cancellationToken)
    {
        var (snapshot, _) = await AskCatalogAsync(cancellationToken);
        lock (_relay)
            _relay.Server.Plans.CatalogWasAsked(snapshot);
    }

    /// <inheritdoc/>
    public async Task AnswerClientAsync(CancellationToken cancellationToken)
    {
        var admission = _relay.Client.Admission;
        switch (admission.Wait)
        {
            case ClientWait.Settled:
                await WaitForServerAsync(static state => state.IsSettled || state.Phase == ClientPhase.File, cancellationToken);
                break;
            case ClientWait.Room:
                var half = _services.Options.Limits.MaxPipelinedRequests / 2;
                await WaitForServerAsync(state => state.Queue.Count <= half || state.Phase == ClientPhase.File, cancellationToken);
                break;
            case ClientWait.LoginReply:
                await WaitForServerAsync(
                    static state => state.UserChange is not { Next: Speaker.Server, ToServer: null }, cancellationToken);
                break;
            case ClientWait.LoginAnswer:
                await _driver.SendToClientAsync(_relay.State.UserChange!.ToClient);
                _relay.State.UserChange.ToClient = null;
                break;
            case ClientWait.Catalog:
                await AnswerWithCatalogAsync(cancellationToken);
                break;
            case ClientWait.Gate:
                using (var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _gone.Token))
                    await PassGateAsync(admission.AtGate!, ended.Token);
                break;
            case ClientWait.Refusal:
                var refused = admission.AtGate!;
                await _driver.SendToClientAsync(Refusals.ToPacket(refused.Refusal!, refused.AnswerSequence));
                refused.IsRefusalSent = true;
                break;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _driver.Dispose();
        _progress.Dispose();
        _gone.Dispose();
    }

    private void End()
    {
        _gone.Cancel();
        _driver.Abort();
        lock (_relay)
        {
            _relay.State.End();
            try
            {
                _recorder.Flush();
            }
            catch (AuditUnavailableException)
            {
                // What was sent had its first record before it was sent.
            }
        }
    }

    private async Task WaitForServerAsync(Func<RelayState, bool> holds, CancellationToken cancellationToken)
    {
        _clientWaits = true;
        try
        {
            while (true)
            {
                lock (_relay)
                {
                    if (holds(_relay.State))
                        return;
                }
                await _progress.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            _clientWaits = false;
        }
    }

    private async Task AnswerWithCatalogAsync(CancellationToken cancellationToken)
    {
        var (snapshot, problem) = await AskCatalogAsync(cancellationToken);
        lock (_relay)
        {
            if (snapshot is not null)
                _relay.Client.Admission.AskedView = snapshot.ViewFor(_relay.State.Principal);
            else
                _relay.Client.Admission.AtGate!.Refusal = Refusals.CatalogUnavailable(problem);
        }
    }

    private async Task<(ICatalogSnapshot? Snapshot, string Problem)> AskCatalogAsync(CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(_services.Options.Limits.CatalogTimeout);
        try
        {
            return (await _context.Catalog!.GetFreshAsync(limited.Token), "");
        }
        catch (CatalogUnavailableException exception)
        {
            return (null, exception.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, "The catalog login did not answer in time (limits.catalogTimeout).");
        }
    }

    private async Task PassGateAsync(StatementAtGate statement, CancellationToken cancellationToken)
    {
        var gated = Describe(statement.Statement, statement.Judgement!) with { Digest = () => DigestOf(statement) };
        if (await IsRefusedByTheServerAnywayAsync(statement, cancellationToken))
            gated = gated with { Verdict = new(RuleAction.Allow, null, gated.Verdict.Kinds, "The server cannot parse it, so nothing of it can run.") };
        var outcome = await _services.Gate.PassAsync(gated, held => Announce(held, gated.Verdict), cancellationToken);
        _held = null;
        if (outcome.Result == GateResult.Passed)
            statement.IsAdmitted = true;
        else
            statement.Refusal = Refusals.Of(outcome);
        _services.Metrics.StatementsCompleted(gated.Verdict.Kinds, outcome.Result == GateResult.Passed ? gated.Verdict.Action : RuleAction.Deny);
    }

    /// <summary>A typo gets the server's own error, not an operator's attention: what cannot be parsed cannot run.</summary>
    private async ValueTask<bool> IsRefusedByTheServerAnywayAsync(StatementAtGate statement, CancellationToken cancellationToken)
    {
        var (text, settings) = (statement.Statement.Text, statement.Statement.Settings);
        if (_context.Catalog is null || statement.Statement.Statements.Count != 1 || statement.Statement.Shown == LiteralMasker.Unreadable
            || !statement.Judgement!.Verdict.Kinds.HasFlag(StatementKinds.Unclassified) || !(Ascii.IsValid(text) || settings.Encoding == MySqlTextEncoding.Utf8)
            || (settings.IsUncertain && !MySqlAnalyzer.ReadsAlways(text)))
        {
            return false;
        }
        return await _context.Catalog.IsSyntaxErrorAsync(text, settings, cancellationToken);
    }

    /// <summary>The protocol has no way to tell the client that it waits.</summary>
    private Task Announce(IHeldStatement held, Verdict verdict)
    {
        _held = held;
        _services.Metrics.StatementsCompleted(verdict.Kinds, RuleAction.Hold);
        if (_relay.State.IsDraining)
            held.Withdraw("The proxy is stopping.");
        return Task.CompletedTask;
    }

    private GatedStatement Describe(SessionStatement statement, Judgement judgement) => new()
    {
        Principal = Principal,
        Listener = _context.Listener,
        Protocol = "mysql",
        Database = _relay.State.Database ?? "",
        Statement = statement.Shown ??= LiteralMasker.Mask(statement.Text, statement.Settings),
        Relations = [.. statement.Statements.SelectMany(one => one.Facts.Relations).Select(relation => relation.ToString()).Distinct()],
        Verdict = judgement.Verdict,
        Digest = () => "",
    };

    /// <summary>Everything that decides what runs and what comes of it: a change of any makes another digest.</summary>
    private string DigestOf(StatementAtGate statement)
    {
        var circumstances = string.Create(CultureInfo.InvariantCulture,
            $"{_context.Listener}\n{Principal.Login}\n{_relay.State.Database}\n{_services.Policies.Current.Version}\n{_relay.State.Settings}\n");
        return Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes(circumstances), .. statement.Digest()]));
    }

    private AuditRecord Record(string auditEvent) => new()
    {
        Time = _services.Time.GetUtcNow(),
        Event = auditEvent,
        Principal = Principal.Login,
        Client = Principal.ClientAddress,
        Listener = _context.Listener,
        Database = _relay.State.Database ?? "",
    };
}
