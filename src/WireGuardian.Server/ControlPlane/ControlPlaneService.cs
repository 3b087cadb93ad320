using Google.Protobuf;
using WireGuardian.ControlPlane.Grpc;
using WireGuardian.ControlPlane.Grpc.Server;
using WireGuardian.ControlPlane.V1;
using WireGuardian.Core.Approvals;
using WireGuardian.Core.Audit;
using HeadMessage = WireGuardian.ControlPlane.V1.AuditHead;
using HeldRequest = WireGuardian.Core.Approvals.ApprovalRequest;

namespace WireGuardian.Server.ControlPlane;

/// <summary>The calls of control.proto over the approval queue and the audit trail.</summary>
internal sealed class ControlPlaneService(
    IApprovalQueue queue, IAuditLog audit, AuditCalls auditCalls, Func<ServerStatus> status, ControlPlaneOptions options) : ControlPlaneBase
{
    private const int MostRequests = 1000;
    private const int MostInBatch = 100;
    private const int DefaultRecords = 100;
    private const int MostRecords = 10_000;

    private int _watches;

    public override Task<ListRequestsResponse> ListRequests(ListRequestsRequest request, ServerCallContext context)
    {
        if (request.State.ToCore() is not { } state)
            throw new RpcException(StatusCode.InvalidArgument, "There is no such state.");
        var limit = Limit(request.Limit, MostRequests, MostRequests);
        IReadOnlyList<HeldRequest> found;
        try
        {
            // One more than asked for tells whether something is left out.
            found = queue.InState(state, limit + 1);
        }
        catch (NotSupportedException e)
        {
            throw new RpcException(StatusCode.Unimplemented, "This server lists pending requests only.", e);
        }
        catch (ApprovalStoreException e)
        {
            throw new RpcException(StatusCode.Unavailable, "The store of approval requests cannot be read.", e);
        }

        var (listed, all) = Newest(found, limit, r => r.ToListed(options.ListedStatementLength));
        return Task.FromResult(new ListRequestsResponse { Requests = { listed }, Truncated = !all });
    }

    public override Task<GetRequestResponse> GetRequest(GetRequestRequest request, ServerCallContext context)
        => Task.FromResult(new GetRequestResponse { Request = (Find(request.Id) ?? throw Unknown()).ToWire() });

    public override async Task WatchRequests(
        WatchRequestsRequest request, IServerStreamWriter<WatchRequestsResponse> responseStream, ServerCallContext context)
    {
        if (Interlocked.Increment(ref _watches) > options.Watches)
        {
            Interlocked.Decrement(ref _watches);
            throw new RpcException(StatusCode.ResourceExhausted, "Too many watches are open.");
        }

        try
        {
            await WatchAsync(responseStream, context.CancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _watches);
        }
    }

    public override async Task<ApproveResponse> Approve(ApproveRequest request, ServerCallContext context)
        => new() { Request = (await CountAsync(request.Id, Approval(request.Reason, request.ValidFor, request.HasMaxRows ? request.MaxRows : null, context), context)).ToWire() };

    public override async Task<ApproveBatchResponse> ApproveBatch(ApproveBatchRequest request, ServerCallContext context)
    {
        if (request.Ids.Count is 0 or > MostInBatch)
            throw new RpcException(StatusCode.InvalidArgument, $"A batch names 1 to {MostInBatch} requests.");
        var approval = Approval(request.Reason, request.ValidFor, request.HasMaxRows ? request.MaxRows : null, context);
        var response = new ApproveBatchResponse();
        foreach (var id in request.Ids)
        {
            var outcome = await DecideAsync(id, approval, context.CancellationToken);
            response.Results.Add(new BatchResult
            {
                Id = id, Counted = outcome.Counted, Problem = outcome.Problem, Request = outcome.Request?.ToListed(options.ListedStatementLength),
            });
        }
        return response;
    }

    public override async Task<BreakGlassResponse> BreakGlass(BreakGlassRequest request, ServerCallContext context)
    {
        if (string.IsNullOrWhiteSpace(request.Reason))
            throw new RpcException(StatusCode.InvalidArgument, "Breaking the glass needs a reason.");
        return new() { Request = (await CountAsync(request.Id, Decision(DecisionVerb.BreakGlass, request.Reason, context), context)).ToWire() };
    }

    public override async Task<DenyResponse> Deny(DenyRequest request, ServerCallContext context)
    {
        if (string.IsNullOrWhiteSpace(request.Reason))
            throw new RpcException(StatusCode.InvalidArgument, "A denial needs a reason.");
        return new() { Request = (await CountAsync(request.Id, Decision(DecisionVerb.Deny, request.Reason, context), context)).ToWire() };
    }

    public override Task<QueryAuditResponse> QueryAudit(QueryAuditRequest request, ServerCallContext context)
    {
        var limit = Limit(request.Limit, DefaultRecords, MostRecords);
        var found = audit.Query(new AuditQuery(limit, AuditCalls.TimeOf(request.Since, "since"), IdOf(request.RequestId)));
        var (records, all) = Newest(found, limit, WireTypes.ToWire);
        return Task.FromResult(new QueryAuditResponse { Records = { records }, Truncated = !all });
    }

    public override Task ExportAudit(ExportAuditRequest request, IServerStreamWriter<ExportAuditResponse> responseStream, ServerCallContext context)
        => auditCalls.ExportAsync(request, IdOf(request.RequestId), responseStream, context.CancellationToken);

    public override Task<GetReceiptsResponse> GetReceipts(GetReceiptsRequest request, ServerCallContext context)
        => Task.FromResult(auditCalls.Receipts(IdOf(request.Id) ?? throw Unknown()));

    public override Task<GetSigningKeysResponse> GetSigningKeys(GetSigningKeysRequest request, ServerCallContext context)
        => Task.FromResult(auditCalls.SigningKeys());

    public override Task<GetServerInfoResponse> GetServerInfo(GetServerInfoRequest request, ServerCallContext context)
    {
        var now = status();
        var newest = audit.Query(new AuditQuery(Limit: 1));
        return Task.FromResult(new GetServerInfoResponse
        {
            Version = now.Version,
            StartedAt = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(now.StartedAt),
            Listeners = { now.Listeners.Select(WireTypes.ToWire) },
            PolicyVersion = now.PolicyVersion,
            Pending = queue.Pending.Count,
            AuditHead = newest.Count == 0 ? null : new HeadMessage { Sequence = newest[^1].Sequence, Hash = newest[^1].Hash },
            Operator = OperatorAuthentication.OperatorOf(context).Name,
        });
    }

    private async Task WatchAsync(IServerStreamWriter<WatchRequestsResponse> responses, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var changes = queue.WatchAsync(stop.Token).GetAsyncEnumerator(stop.Token);

        // Asked for the first change before the pending ones are read: none falls between the two.
        var next = changes.MoveNextAsync().AsTask();
        try
        {
            foreach (var pending in queue.Pending)
                await responses.WriteAsync(Change(pending), cancellationToken);
            await responses.WriteAsync(new WatchRequestsResponse { CaughtUp = new CaughtUp() }, cancellationToken);

            while (await next)
            {
                await responses.WriteAsync(Change(changes.Current), cancellationToken);
                next = changes.MoveNextAsync().AsTask();
            }
        }
        finally
        {
            // An enumeration must not be left while it waits for its next change.
            await stop.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private WatchRequestsResponse Change(HeldRequest request)
        => new() { Request = request.ToListed(options.ListedStatementLength) };

    private OperatorDecision Approval(string reason, Google.Protobuf.WellKnownTypes.Duration? validFor, long? maxRows, ServerCallContext context) =>
        Decision(DecisionVerb.Approve, reason, context) with { ValidFor = TimeSpanOf(validFor), MaxRows = maxRows };

    private OperatorDecision Decision(DecisionVerb verb, string reason, ServerCallContext context) => reason.Length <= options.ReasonLength
        ? new(OperatorAuthentication.OperatorOf(context), verb) { Reason = reason.Trim(), Channel = DecisionChannels.Grpc }
        : throw new RpcException(StatusCode.InvalidArgument, $"A reason has at most {options.ReasonLength} characters.");

    private async Task<HeldRequest> CountAsync(string id, OperatorDecision decision, ServerCallContext context)
    {
        var outcome = await DecideAsync(id, decision, context.CancellationToken);
        return outcome is { Counted: true, Request: { } decided } ? decided : throw Refusal(outcome);
    }

    /// <summary>An unknown id goes to the queue as well: a decision that does not count is recorded there.</summary>
    private ValueTask<DecisionOutcome> DecideAsync(string id, OperatorDecision decision, CancellationToken cancellationToken) =>
        queue.DecideAsync(Find(id)?.Id ?? id.Trim(), decision, cancellationToken);

    private static RpcException Refusal(DecisionOutcome outcome) => outcome.Refusal switch
    {
        DecisionRefusal.UnknownRequest => Unknown(),
        DecisionRefusal.NotPermitted or DecisionRefusal.Requester => new(StatusCode.PermissionDenied, outcome.Problem),
        DecisionRefusal.AuditUnavailable => new(StatusCode.Unavailable, outcome.Problem),
        _ => new(StatusCode.FailedPrecondition, outcome.Problem),
    };

    /// <summary>The id as it is on record; null where none was given.</summary>
    private string? IdOf(string typed) => typed.Trim() is { Length: > 0 } id ? Find(id)?.Id ?? id : null;

    /// <summary>Ids are read aloud and typed: their case and space around them do not matter.</summary>
    private HeldRequest? Find(string id)
    {
        var typed = id.Trim();
        return queue.Find(typed) ?? queue.Find(typed.ToUpperInvariant()) ?? queue.Find(Lower(typed));
    }

    /// <summary>The newest that fit, oldest first, and whether those are all.</summary>
    private (List<TMessage> Listed, bool All) Newest<TRecord, TMessage>(
        IReadOnlyList<TRecord> records, int limit, Func<TRecord, TMessage> toMessage)
        where TMessage : IMessage
    {
        var listed = new List<TMessage>();
        var size = 0;
        for (var i = records.Count - 1; i >= 0 && listed.Count < limit; i--)
        {
            var message = toMessage(records[i]);
            size += message.CalculateSize() + 8;
            if (size > options.ListSize)
                break;
            listed.Add(message);
        }

        listed.Reverse();
        return (listed, listed.Count == records.Count);
    }

    private static TimeSpan? TimeSpanOf(Google.Protobuf.WellKnownTypes.Duration? duration)
    {
        try
        {
            return duration?.ToTimeSpan();
        }
        catch (Exception e) when (e is InvalidOperationException or OverflowException or ArgumentOutOfRangeException)
        {
            throw new RpcException(StatusCode.InvalidArgument, "valid_for is not a duration.", e);
        }
    }

    private static int Limit(int asked, int byDefault, int most) => asked switch
    {
        0 => byDefault,
        < 0 => throw new RpcException(StatusCode.InvalidArgument, "A limit is not negative."),
        _ => Math.Min(asked, most),
    };

#pragma warning disable CA1308 // Lower case is the form that ids may have, not a normal form to compare by.
    private static string Lower(string id) => id.ToLowerInvariant();
#pragma warning restore CA1308

    private static RpcException Unknown() => new(StatusCode.NotFound, "There is no request with this id.");
}
