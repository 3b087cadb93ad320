using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using WireGuardian.Core.Approvals;

namespace WireGuardian.ControlPlane.Tests.Hosting;

/// <summary>A queue in memory that refuses for the reasons a real one has.</summary>
internal sealed class FakeApprovalQueue : IApprovalQueue
{
    private readonly Lock _lock = new();
    private readonly List<ApprovalRequest> _requests = [];
    private readonly ConcurrentDictionary<Channel<ApprovalRequest>, bool> _watchers = new();

    public bool AuditUnavailable { get; set; }
    public Exception? Failure { get; set; }

    /// <summary>The ids that decisions were asked for, as they arrived.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();
    public int Watchers => _watchers.Count;

    /// <summary>Requests whose decisions never complete.</summary>
    public ConcurrentDictionary<string, bool> Stuck { get; } = new();

    public IReadOnlyList<ApprovalRequest> Pending
    {
        get
        {
            lock (_lock)
                return [.. _requests.Where(r => r.State == ApprovalState.Pending)];
        }
    }

    public ApprovalRequest? Find(string id)
    {
        if (Failure is { } failure)
            throw failure;
        lock (_lock)
            return _requests.Find(r => r.Id == id);
    }

    /// <summary>Adds a request, or puts a new picture in place of the one with its id, and tells the watchers.</summary>
    public void Set(ApprovalRequest request)
    {
        lock (_lock)
        {
            var known = _requests.FindIndex(r => r.Id == request.Id);
            if (known >= 0)
                _requests[known] = request;
            else
                _requests.Add(request);
            foreach (var watcher in _watchers.Keys)
                watcher.Writer.TryWrite(request);
        }
    }

    public async ValueTask<DecisionOutcome> DecideAsync(string id, OperatorDecision decision, CancellationToken cancellationToken)
    {
        var (by, approve) = (decision.By, decision.Verb != DecisionVerb.Deny);
        Asked.Enqueue(id);
        if (Stuck.ContainsKey(id))
            await Task.Delay(Timeout.Infinite, cancellationToken);
        var request = Find(id);
        if (request is null)
            return new DecisionOutcome(false, null, "No such request.", DecisionRefusal.UnknownRequest);
        if (request.State != ApprovalState.Pending)
            return new DecisionOutcome(false, request, "The request is no longer pending.", DecisionRefusal.NotPending);
        if (request.User == by.Name)
            return new DecisionOutcome(false, request, "Nobody approves their own request.", DecisionRefusal.Requester);
        if (decision.MaxRows is not null && !request.CanLimitRows)
            return new DecisionOutcome(false, request, "Rows cannot be limited.", DecisionRefusal.Impossible);
        if (AuditUnavailable)
            return new DecisionOutcome(false, request, "The audit trail cannot be written.", DecisionRefusal.AuditUnavailable);

        IReadOnlyList<ApprovalDecision> decisions =
        [
            .. request.Approvals,
            new ApprovalDecision(by.Name, approve, decision.Reason, Samples.Noon)
            {
                Person = by.Person,
                Channel = decision.Channel,
                IsBreakGlass = decision.Verb == DecisionVerb.BreakGlass,
                ValidUntil = Samples.Noon + decision.ValidFor,
                MaxRows = decision.MaxRows,
            },
        ];
        var state = !approve ? ApprovalState.Denied
            : decision.Verb == DecisionVerb.BreakGlass || decisions.Count(d => d.Approved) >= request.Minimum ? ApprovalState.Approved
            : ApprovalState.Pending;
        var decided = request with { Approvals = decisions, State = state };
        Set(decided);
        return new DecisionOutcome(true, decided, "");
    }

    public async IAsyncEnumerable<ApprovalRequest> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateUnbounded<ApprovalRequest>();
        lock (_lock)
            _watchers.TryAdd(channel, true);
        try
        {
            await foreach (var change in channel.Reader.ReadAllAsync(cancellationToken))
                yield return change;
        }
        finally
        {
            _watchers.TryRemove(channel, out _);
        }
    }

    public ValueTask<IHeldStatement> SubmitAsync(ApprovalRequest request, CancellationToken cancellationToken)
        => throw new NotSupportedException("Operators do not submit.");

    public ValueTask<ResubmitOutcome> ResubmitAsync(ApprovalRequest request, CancellationToken cancellationToken)
        => throw new NotSupportedException("Operators do not submit.");
}
