using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using WireGuardian.Core.Approvals;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Identity;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Authentication;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Postgres.Relay;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Egress;
using WireGuardian.Proxy.Gating;
using WireGuardian.Proxy.Listening;
using WireGuardian.Proxy.Metrics;
using WireGuardian.Proxy.Relay;
using WireGuardian.Sql.Postgres;

namespace WireGuardian.Postgres.Session;

/// <summary>One client from its login to its end: the relay with what it waits for (catalog, gate) and what it reports (records, metrics).</summary>
public sealed class PostgresSession : IRelayAnswers, IStatementLog, IDisposable
{
    private readonly SessionServices _services;
    private readonly LoginOutcome.LoggedIn _login;
    private readonly CancelKeys _keys;
    private readonly SessionContext _context;
    private readonly StatementRecorder _recorder;
    private readonly Func<(PreparedStatement Statement, Judgement Judgement), GatedStatement> _describe;
    private readonly PostgresRelay _relay;
    private readonly RelayDriver _driver;
    private readonly SemaphoreSlim _progress = new(0, 1);
    private readonly CancellationTokenSource _gone = new();
    private readonly Dictionary<string, MaskedValueCounter> _maskCounters = [];
    private volatile bool _clientWaits;
    private volatile IHeldStatement? _held;
    private byte[]? _key;

    public PostgresSession(SessionServices services, LoginOutcome.LoggedIn login, Principal principal, IDatabaseCatalog? catalog, CancelKeys keys)
    {
        (_services, _login, _keys) = (services, login, keys);
        _context = new(services.Options.Name, principal, login.Startup.Database, services.Policies, catalog, services.MaskKey);
        _recorder = new(services.Audit, services.Time);
        _describe = passed => Describe(passed.Statement, passed.Judgement);
        _relay = new(_context, services.Options.Limits, this);
        _driver = new(login.Client, login.Server, _relay, this);
        login.Client.Egress?.Session = () => Record(AuditEvents.Canary);
    }

    public Principal Principal => _context.Principal;

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
        var goodbye = new System.Buffers.ArrayBufferWriter<byte>();
        Goodbye.Write(goodbye);
        try
        {
            await _driver.SendToClientAsync(goodbye.WrittenMemory);
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // It ended by itself.
        }
        _driver.Abort();
    }

    /// <summary>Ends the session at once.</summary>
    public void Abort() => _driver.Abort();

    /// <summary>A cancel request for this session came. True when a held statement was withdrawn, so that the server need not be asked.</summary>
    public bool CancelHeld()
    {
        if (_held is not { } held)
            return false;
        held.Withdraw("The client cancelled it.");
        return true;
    }

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
    public void Passed(PreparedStatement statement, Judgement judgement)
    {
        if (statement.Facts.Count > 0)
        {
            var mark = new RecordMark(statement.RecordGroup, statement.RecordedIn);
            _recorder.Passed(ref mark, (statement, judgement), _describe);
            (statement.RecordGroup, statement.RecordedIn) = (mark.Group, mark.Window);
        }
        _services.Metrics.StatementsCompleted(judgement.Verdict.Kinds, RuleAction.Allow);
    }

    /// <inheritdoc/>
    public void BatchEnded()
    {
        _services.Metrics.OverheadTicks(_relay.ProcessingTicks);
        _relay.ProcessingTicks = 0;
    }

    /// <inheritdoc/>
    public void KeyReceived(int processId, ReadOnlySpan<byte> key) => _key = _keys.Add(processId, key, this);

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
        ProtocolException broken => Refusals.Fatal(broken),
        CanaryFoundException found => Refusals.CanaryFound(found),
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
        switch (_relay.Client.Admission.Wait)
        {
            case ClientWait.Settled:
                await WaitForServerAsync(static state => state.IsSettled || state.CopyIn, cancellationToken);
                break;
            case ClientWait.Room:
                var half = _services.Options.Limits.MaxPipelinedRequests / 2;
                await WaitForServerAsync(state => state.Queue.Count <= half || state.CopyIn, cancellationToken);
                break;
            case ClientWait.Catalog:
                await AnswerWithCatalogAsync(cancellationToken);
                break;
            case ClientWait.Gate:
                using (var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _gone.Token))
                    await PassGateAsync(_relay.Client.Admission.AtGate!, ended.Token);
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
        if (_key is not null)
            _keys.Remove(_key, this);
        _gone.Cancel();
        _driver.Abort();
        lock (_relay)
        {
            _relay.State.EndCatalogChange();
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
                _relay.Client.Admission.AskedView = snapshot.ViewFor(_context.Principal);
            else if (_relay.Client.Admission.AtGate is { } statement)
                statement.Refusal = Refusals.CatalogUnavailable(problem);
            else
                _relay.Client.Admission.CatalogFailed = true;
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
        var outcome = await _services.Gate.PassAsync(gated, held => AnnounceAsync(held, gated.Verdict), cancellationToken);
        _held = null;
        if (outcome.Result == GateResult.Passed)
            statement.IsAdmitted = true;
        else
            (statement.RequestId, statement.Refusal) = (outcome.RequestId, Refusals.Of(outcome));
        _services.Metrics.StatementsCompleted(gated.Verdict.Kinds, outcome.Result == GateResult.Passed ? gated.Verdict.Action : RuleAction.Deny);
    }

    /// <summary>A typo gets the server's own error, not an operator's attention: what cannot be parsed cannot run.</summary>
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

    private Task AnnounceAsync(IHeldStatement held, Verdict verdict)
    {
        _held = held;
        _services.Metrics.StatementsCompleted(verdict.Kinds, RuleAction.Hold);
        return _driver.SendToClientAsync(Refusals.Held(held.Id, verdict.RuleName, verdict.Rule!.Timeout));
    }

    private string MaskedText(PreparedStatement statement) =>
        statement.MaskedText ??= LiteralMasker.Mask(statement.Text, _relay.State.Settings);

    private GatedStatement Describe(PreparedStatement statement, Judgement judgement) => new()
    {
        Principal = _context.Principal,
        Listener = _context.Listener,
        Protocol = "postgres",
        Database = _context.Database,
        Statement = MaskedText(statement),
        Relations = [.. statement.Facts.SelectMany(facts => facts.Relations).Select(relation => relation.ToString()).Distinct()],
        Verdict = judgement.Verdict,
        Digest = () => "",
    };

    /// <summary>Everything that decides what runs and what comes of it: a change of any makes another digest.</summary>
    private string DigestOf(StatementAtGate statement)
    {
        var circumstances = string.Create(CultureInfo.InvariantCulture,
            $"{_context.Listener}\n{_context.Principal.Login}\n{_context.Database}\n{_services.Policies.Current.Version}\n{_relay.State.Settings}\n");
        return Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes(circumstances), .. statement.Digest()]));
    }

    private AuditRecord Record(string auditEvent) => new()
    {
        Time = _services.Time.GetUtcNow(),
        Event = auditEvent,
        Principal = _context.Principal.Login,
        Client = _context.Principal.ClientAddress,
        Listener = _context.Listener,
        Database = _context.Database,
    };
}
