using WireGuardian.Core.Audit;
using WireGuardian.Core.Policies;

namespace WireGuardian.Core.Approvals;

/// <summary>The held statements of this process, with their trail and their store. Disposing it abandons what is still held.</summary>
public sealed class ApprovalQueue : IApprovalQueue, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, HeldStatement> _held = [];
    private readonly ApprovalServices _services;
    private readonly IApprovalStore _store;
    private readonly ApprovalQueueOptions _options;
    private readonly RecentDenials _denials;
    private bool _stopping;

    private ApprovalQueue(IApprovalStore store, IAuditLog audit, TimeProvider time, ApprovalMetrics metrics, ApprovalQueueOptions options)
    {
        _store = store;
        _options = options;
        _denials = new(options.MaximumHeld);
        _services = new ApprovalServices(audit, new ApprovalArchive(store), new ApprovalChanges(options.WatchBuffer), metrics, time);
        metrics.ObservePending(() => Held().Count(held => held.IsPending));
    }

    /// <summary>
    /// Makes the queue. Requests that an earlier process left pending or approved come to their end first, each with its audit record; but for those for which no
    /// connection waits and whose time is not over.
    /// Throws <see cref="AuditUnavailableException"/> or <see cref="ApprovalStoreException"/> when that cannot be recorded.
    /// </summary>
    public static async Task<ApprovalQueue> StartAsync(
        IApprovalStore store, IAuditLog audit, TimeProvider time, ApprovalMetrics metrics, ApprovalQueueOptions? options, CancellationToken cancellationToken)
    {
        var going = await ApprovalRecovery.RunAsync(store, audit, time, cancellationToken);
        var queue = new ApprovalQueue(store, audit, time, metrics, options ?? new ApprovalQueueOptions());
        queue.Resume(going);
        return queue;
    }

    public IReadOnlyList<ApprovalRequest> Pending =>
        [.. Held().Where(held => held.IsPending).Select(held => held.Request).OrderBy(request => request.CreatedAt)];

    /// <summary>Queues a request under an id of its own; the <see cref="ApprovalRequest.Id"/> and state given are not looked at.</summary>
    public async ValueTask<IHeldStatement> SubmitAsync(ApprovalRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var held = Reserve(ApprovalTransitions.Begin(request));
        try
        {
            await RecordAsync(held.Request);
            lock (_lock)
            {
                if (!_stopping)
                {
                    held.Open();
                    return held;
                }
            }
            await held.AbandonAsync();
            throw new ApprovalRefusedException("The proxy is stopping.");
        }
        catch
        {
            Forget(held);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ResubmitOutcome> ResubmitAsync(ApprovalRequest request, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (known, denied, reserved) = FindOrReserve(request);
            if (reserved is not null)
                return await OpenAsync(reserved);
            if (denied is not null)
                return await StillDeniedAsync(denied, request);
            await known!.Opened.WaitAsync(cancellationToken);
            try
            {
                // One that ended in between is forgotten by now: the next look finds another, or none.
                if (known.IsOpen && await known.ResubmitAsync(request, cancellationToken) is { } outcome)
                    return outcome;
            }
            catch (AuditUnavailableException exception)
            {
                throw NotRecorded(exception);
            }
        }
    }

    /// <summary>A policy is in force: what was asked for under another can no longer run.</summary>
    public Task FollowPolicyAsync(string fingerprint) => Task.WhenAll(Held()
        .Where(held => held is { IsOpen: true, Request.Mode: HoldMode.Resubmit } && held.Request.PolicyFingerprint != fingerprint)
        .Select(held => held.WithdrawAsync("The policy changed.")));

    /// <summary>As the interface says, from the store. Throws <see cref="ApprovalStoreException"/> when that cannot be read.</summary>
    public IReadOnlyList<ApprovalRequest> InState(ApprovalState state, int limit) =>
        state == ApprovalState.Pending ? [.. Pending.TakeLast(limit)] : _services.Archive.InState(state, limit);

    public ApprovalRequest? Find(string id)
    {
        var key = ApprovalRequestId.Normalize(id);
        return HeldBy(key)?.Request ?? _services.Archive.Find(key);
    }

    public async ValueTask<DecisionOutcome> DecideAsync(string id, OperatorDecision decision, CancellationToken cancellationToken)
    {
        var key = ApprovalRequestId.Normalize(id);
        if (HeldBy(key) is { } held)
            return await held.DecideAsync(decision, cancellationToken);
        var outcome = RefuseEnded(key);
        try
        {
            // The id is what somebody typed: only one that exists goes on record.
            var record = ApprovalRecords.Refused(outcome, decision, _services.Time.GetUtcNow());
            await _services.Audit.AppendDurableAsync(record, cancellationToken);
        }
        catch (AuditUnavailableException)
        {
            // The answer is no with or without a record of it.
        }
        return outcome;
    }

    /// <summary>As the interface says; the sequence ends, without an exception, when it is cancelled or the queue is disposed.</summary>
    public IAsyncEnumerable<ApprovalRequest> WatchAsync(CancellationToken cancellationToken) => _services.Changes.Watch(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        lock (_lock)
            _stopping = true;
        foreach (var held in Held().Where(held => held.Request.Mode == HoldMode.Resubmit))
            held.Leave();
        await Task.WhenAll(Held().Where(held => held.IsOpen && held.Request.Mode == HoldMode.Wait).Select(held => held.AbandonAsync()));
        _services.Changes.Close();
    }

    private void Resume(IReadOnlyList<ApprovalRequest> going)
    {
        lock (_lock)
        {
            foreach (var request in _store.InState(ApprovalState.Denied, _options.MaximumHeld))
                _denials.Add(request);
            foreach (var request in going)
                _held.Add(request.Id, new HeldStatement(request, _services, Forget));
        }
        foreach (var held in Held())
            held.Open();
    }

    /// <summary>The request of this digest that is under way, or the denial that still holds, or a place for a new one.</summary>
    private (HeldStatement? Known, ApprovalRequest? Denied, HeldStatement? Reserved) FindOrReserve(ApprovalRequest request)
    {
        lock (_lock)
        {
            if (_stopping)
                throw new ApprovalRefusedException("The proxy is stopping.");
            if (_held.Values.FirstOrDefault(held => held.AwaitsResubmission(request.Digest)) is { } known)
                return (known, null, null);
            return _denials.Find(request.Digest, _services.Time.GetUtcNow()) is { } denied
                ? (null, denied, null)
                : (null, null, Reserve(ApprovalTransitions.Begin(request)));
        }
    }

    private async Task<ResubmitOutcome> OpenAsync(HeldStatement held)
    {
        try
        {
            await RecordAsync(held.Request);
        }
        catch
        {
            Forget(held);
            held.Fail();
            throw;
        }
        held.Open();
        return new(ResubmitResult.Pending, held.Request);
    }

    private async Task<ResubmitOutcome> StillDeniedAsync(ApprovalRequest denied, ApprovalRequest again)
    {
        try
        {
            await _services.Audit.AppendDurableAsync(ApprovalRecords.Resubmit(denied, again, _services.Time.GetUtcNow()), CancellationToken.None);
            return new(ResubmitResult.Denied, denied);
        }
        catch (AuditUnavailableException exception)
        {
            throw NotRecorded(exception);
        }
    }

    private static ApprovalRefusedException NotRecorded(AuditUnavailableException exception) =>
        new("The statement cannot be held because its audit record could not be written.", exception);

    private HeldStatement Reserve(ApprovalRequest request)
    {
        lock (_lock)
        {
            if (_stopping)
                throw new ApprovalRefusedException("The proxy is stopping.");
            if (_held.Count >= _options.MaximumHeld)
                throw new ApprovalRefusedException($"{_options.MaximumHeld} statements are held already, the most that may be.");
            if (_held.Values.Count(held => held.Request.User == request.User) >= _options.MaximumHeldPerUser)
                throw new ApprovalRefusedException($"{_options.MaximumHeldPerUser} statements of this user are held already, the most that may be.");
            var held = new HeldStatement(WithSimilar(request with { Id = NewId() }), _services, Forget);
            _held.Add(held.Id, held);
            return held;
        }
    }

    private ApprovalRequest WithSimilar(ApprovalRequest request)
    {
        try
        {
            return request with { Context = request.Context with { Similar = _store.Similar(request) } };
        }
        catch (ApprovalStoreException)
        {
            // Only a help to whoever decides.
            return request;
        }
    }

    private string NewId()
    {
        try
        {
            string id;
            do
                id = ApprovalRequestId.New();
            while (_held.ContainsKey(id) || _store.Find(id) is not null);
            return id;
        }
        catch (ApprovalStoreException exception)
        {
            throw new ApprovalRefusedException("The store of approval requests is not available.", exception);
        }
    }

    private async Task RecordAsync(ApprovalRequest request)
    {
        try
        {
            await _services.Audit.AppendDurableAsync(ApprovalRecords.Hold(request, _services.Time.GetUtcNow()), CancellationToken.None);
            _store.Save(request);
        }
        catch (AuditUnavailableException exception)
        {
            throw NotRecorded(exception);
        }
        catch (ApprovalStoreException exception)
        {
            await RecordThatNobodyWaitsAsync(request);
            throw new ApprovalRefusedException("The statement cannot be held because the store of approval requests is not available.", exception);
        }
    }

    private async Task RecordThatNobodyWaitsAsync(ApprovalRequest request)
    {
        const string Detail = "The statement was refused: the request could not be stored.";
        try
        {
            var record = ApprovalRecords.End(request, ApprovalState.Abandoned, Detail, _services.Time.GetUtcNow());
            await _services.Audit.AppendDurableAsync(record, CancellationToken.None);
        }
        catch (AuditUnavailableException)
        {
            // A hold without an end shows in the trail as what it was: a statement that never ran.
        }
    }

    private DecisionOutcome RefuseEnded(string id)
    {
        try
        {
            return _services.Archive.Find(id) is { } request
                ? new(false, request, $"The request {id} is no longer pending: it is {request.State.ToName()}.", DecisionRefusal.NotPending)
                : new(false, null, "There is no request with this id.", DecisionRefusal.UnknownRequest);
        }
        catch (ApprovalStoreException)
        {
            return new(
                false, null, "No held statement has this id, and the store of older requests is not available.", DecisionRefusal.UnknownRequest);
        }
    }

    private HeldStatement? HeldBy(string id)
    {
        lock (_lock)
            return _held.TryGetValue(id, out var held) && held.IsOpen ? held : null;
    }

    private HeldStatement[] Held()
    {
        lock (_lock)
            return [.. _held.Values];
    }

    private void Forget(HeldStatement held)
    {
        lock (_lock)
        {
            _held.Remove(held.Id);
            _denials.Add(held.Request);
        }
    }
}
