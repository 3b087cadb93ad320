using System.Diagnostics.CodeAnalysis;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Policies;

namespace WireGuardian.Core.Approvals;

/// <summary>
/// One held statement, which goes its way through <see cref="ApprovalTransitions"/>. Changes take turns, so exactly one of those that race wins. What lets a
/// statement run is recorded before it takes effect; what stops it takes effect first, and is recorded then.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore's wait handle is never used; the timer is disposed when the request ends.")]
internal sealed class HeldStatement : IHeldStatement
{
    // A longer time-out is waited for in several parts: timers take at most 49 days.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(20);

    private readonly ApprovalServices _services;
    private readonly Action<HeldStatement> _ended;
    private readonly long _heldSince;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<ApprovalRequest> _decision = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ApprovalRequest _request;
    private volatile string? _withdrawal;
    private volatile bool _gone;
    private volatile bool _isOpen;
    private ITimer? _expiry;

    public HeldStatement(ApprovalRequest request, ApprovalServices services, Action<HeldStatement> ended)
    {
        _request = request;
        _services = services;
        _ended = ended;
        _heldSince = services.Time.GetTimestamp();
    }

    public string Id => _request.Id;

    /// <summary>The request as it stands now.</summary>
    public ApprovalRequest Request => _request;

    /// <summary>False until the hold is on record; nobody sees or decides the request before.</summary>
    public bool IsOpen => _isOpen;

    public bool IsPending => _isOpen && _request.State == ApprovalState.Pending;

    public Task<ApprovalRequest> Decision => _decision.Task;

    /// <summary>Completes when it is open, or when it turned out that it cannot be.</summary>
    public Task Opened => _opened.Task;

    /// <summary>True for one whose connection does not wait, of this digest.</summary>
    public bool AwaitsResubmission(string digest) => _request.Mode == HoldMode.Resubmit && _request.Digest == digest && !ApprovalTransitions.IsEnd(_request.State);

    /// <summary>Lets operators see it, and starts the time-out.</summary>
    public void Open()
    {
        _isOpen = true;
        _services.Changes.Publish(_request);
        _opened.TrySetResult();
        _expiry = _services.Time.CreateTimer(_ => _ = ExpireWhenDueAsync(), null, UntilDue(), Timeout.InfiniteTimeSpan);
    }

    public async ValueTask<DecisionOutcome> DecideAsync(OperatorDecision decision, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await SettleAsync();
            var now = _services.Time.GetUtcNow();
            if (RefusalOf(decision, now) is { } refused)
            {
                await TryRecordAsync(ApprovalRecords.Refused(refused, decision, now));
                return refused;
            }
            return await CountAsync(new(decision.By.Name, decision.Verb != DecisionVerb.Deny, decision.Reason, now)
            {
                Person = decision.By.Person,
                Channel = decision.Channel,
                Method = decision.By.Method,
                IsBreakGlass = decision.Verb == DecisionVerb.BreakGlass,
                ValidUntil = now + decision.ValidFor,
                MaxRows = decision.MaxRows,
            });
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask<bool> TryReleaseAsync(string digest, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await SettleAsync();
            return await TryReleaseAsync(digest, _request.Client);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// The statement was sent again. Null where the request has ended. Throws <see cref="AuditUnavailableException"/> where it is not on record that it did not pass.
    /// </summary>
    public async Task<ResubmitOutcome?> ResubmitAsync(ApprovalRequest again, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await SettleAsync();
            if (await TryReleaseAsync(again.Digest, again.Client))
                return new(ResubmitResult.Released, _request);
            if (_request.State != ApprovalState.Pending)
                return null;
            await _services.Audit.AppendDurableAsync(ApprovalRecords.Resubmit(_request, again, _services.Time.GetUtcNow()), CancellationToken.None);
            return new(ResubmitResult.Pending, _request);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>It could not be put on record, so it never was one.</summary>
    public void Fail() => _opened.TrySetResult();

    /// <summary>The process ends, and the request outlives it: its time goes on elsewhere.</summary>
    public void Leave() => _expiry?.Dispose();

    public void Withdraw(string reason) => _ = WithdrawAsync(reason);

    /// <summary>As <see cref="Withdraw"/>; completes when it has taken effect.</summary>
    public Task WithdrawAsync(string reason)
    {
        _withdrawal ??= reason;
        return TakeTurnToSettleAsync();
    }

    public void Abandon() => _ = AbandonAsync();

    /// <summary>As <see cref="Abandon"/>; completes when it has taken effect.</summary>
    public Task AbandonAsync()
    {
        _gone = true;
        return TakeTurnToSettleAsync();
    }

    private async Task ExpireWhenDueAsync()
    {
        await TakeTurnToSettleAsync();
        if (Due is not null)
            _expiry?.Change(UntilDue(), Timeout.InfiniteTimeSpan);
    }

    /// <summary>When it ends by itself: nobody decided, or nobody used the approval. Null where it does not.</summary>
    private DateTimeOffset? Due => _request.State switch
    {
        ApprovalState.Pending => _request.ExpiresAt,
        ApprovalState.Approved => _request.ReleaseBy,
        _ => null,
    };

    private TimeSpan UntilDue()
    {
        if (Due is not { } at)
            return Timeout.InfiniteTimeSpan;
        var due = at - _services.Time.GetUtcNow();
        return due < TimeSpan.Zero ? TimeSpan.Zero : due > LongestTimer ? LongestTimer : due;
    }

    private async Task TakeTurnToSettleAsync()
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            await SettleAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Brings what came without a turn of its own into effect: requester gone, statement taken back, time over.</summary>
    private async Task SettleAsync()
    {
        var state = _request.State;
        if (_gone && !ApprovalTransitions.IsEnd(state))
            await EndAsync(ApprovalState.Abandoned, "The requester is gone.");
        else if (_withdrawal is { } reason && (state == ApprovalState.Pending || (state == ApprovalState.Approved && _request.Mode == HoldMode.Resubmit)))
            await EndAsync(ApprovalState.Withdrawn, reason);
        else if (Due <= _services.Time.GetUtcNow())
            await EndAsync(ApprovalState.Expired, state == ApprovalState.Pending ? "Nobody decided in time." : "The approval was not used in time.");
    }

    /// <summary>Only within a turn.</summary>
    private async Task<bool> TryReleaseAsync(string digest, string client)
    {
        if (_request.State != ApprovalState.Approved)
            return false;
        if (!string.Equals(digest, _request.Digest, StringComparison.Ordinal))
        {
            await EndAsync(ApprovalState.Withdrawn, "What was about to run is not what was approved.");
            return false;
        }
        var released = ApprovalTransitions.Release(_request);
        if (!await TryRecordAsync(ApprovalRecords.Release(_request, _services.Time.GetUtcNow()) with { Client = client }))
        {
            await EndAsync(ApprovalState.Withdrawn, "The release could not be recorded.");
            return false;
        }
        Become(released);
        return true;
    }

    private DecisionOutcome? RefusalOf(OperatorDecision decision, DateTimeOffset now) => _request.State == ApprovalState.Pending
        ? EligibleOperators.RefusalOf(_request, decision, now)
        : new(false, _request, $"The request {Id} is no longer pending: it is {_request.State.ToName()}.", DecisionRefusal.NotPending);

    private async Task<DecisionOutcome> CountAsync(ApprovalDecision decision)
    {
        var decided = ApprovalTransitions.Decide(_request, decision);
        if (!await TryRecordAsync(ApprovalRecords.Decision(_request, decision, decided.State)))
        {
            return new DecisionOutcome(
                false, _request, "The decision does not count because its audit record could not be written.", DecisionRefusal.AuditUnavailable);
        }
        if (decision.IsBreakGlass)
            _services.Metrics.GlassBroken();
        Become(decided);
        return new DecisionOutcome(true, decided, "");
    }

    private async Task EndAsync(ApprovalState state, string detail)
    {
        var before = _request;
        _request = ApprovalTransitions.End(before, state);
        try
        {
            await TryRecordAsync(ApprovalRecords.End(before, state, detail, _services.Time.GetUtcNow()));
        }
        finally
        {
            Become(_request, before.State);
        }
    }

    private void Become(ApprovalRequest request) => Become(request, _request.State);

    private void Become(ApprovalRequest request, ApprovalState before)
    {
        _request = request;
        _services.Archive.Keep(request);
        _services.Changes.Publish(request);
        if (request.State == ApprovalState.Pending)
            return;
        _expiry?.Change(UntilDue(), Timeout.InfiniteTimeSpan);
        if (ApprovalTransitions.IsEnd(request.State))
        {
            _expiry?.Dispose();
            _ended(this);
        }
        if (before == ApprovalState.Pending)
        {
            _services.Metrics.Decided(request.State, _services.Time.GetElapsedTime(_heldSince));
            _decision.TrySetResult(request);
        }
    }

    /// <summary>False when the record could not be made durable. Not cancellable: a record that may or may not be there is no record.</summary>
    private async Task<bool> TryRecordAsync(AuditRecord record)
    {
        try
        {
            await _services.Audit.AppendDurableAsync(record, CancellationToken.None);
            return true;
        }
        catch (AuditUnavailableException)
        {
            return false;
        }
    }
}
