using Google.Protobuf.WellKnownTypes;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Audit.Evidence;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using Domain = WireGuardian.Core.Approvals;
using Labels = WireGuardian.Core.Labels;
using Wire = WireGuardian.ControlPlane.V1;

namespace WireGuardian.Server.ControlPlane;

/// <summary>The domain's records as messages of control.proto.</summary>
internal static class WireTypes
{
    public static Wire.ApprovalRequest ToWire(this Domain.ApprovalRequest request) => new()
    {
        Id = request.Id,
        State = request.State.ToWire(),
        Listener = request.Listener,
        Protocol = request.Protocol,
        User = request.User,
        Database = request.Database,
        Client = request.Client,
        Application = request.Application,
        Statement = request.Statement,
        Kinds = { request.Kinds.ToNames() },
        Relations = { request.Relations },
        Rule = request.Rule,
        Reason = request.Reason,
        CreatedAt = request.CreatedAt.ToTimestamp(),
        ExpiresAt = request.ExpiresAt.ToTimestamp(),
        Approvals = { request.Approvals.Select(ToWire) },
        Approvers = { request.Approvers },
        Minimum = request.Minimum,
        Digest = request.Digest,
        Person = request.Person,
        BreakGlass = { request.BreakGlass },
        GlassIsBroken = request.GlassIsBroken,
        ReleaseBy = request.ReleaseBy?.ToTimestamp(),
        CanLimitRows = request.CanLimitRows,
        Mode = request.Mode == HoldMode.Resubmit ? Wire.HoldMode.Resubmit : Wire.HoldMode.Wait,
        Validity = request.Mode == HoldMode.Resubmit ? request.Validity.ToDuration() : null,
        PolicyVersion = request.PolicyVersion,
        Context = request.Context.ToWire(),
        Environment = request.Context.Environment,
        RequesterReason = request.Context.RequesterReason,
    };

    private static Wire.RequestContext ToWire(this Domain.RequestContext context) => new()
    {
        Parameters = { context.Parameters.Select(value => new Wire.BindValue { Type = value.Type, Length = value.Length }) },
        InvolvesMasked = context.InvolvesMasked,
        Reads = { context.Reads.Select(ToWire) },
        Writes = { context.Writes.Select(ToWire) },
        Columns = { context.Columns.Select(ToWire) },
        ColumnsNote = context.ColumnsNote,
        Plan = context.Plan?.ToWire(),
        TransactionStatements = context.TransactionStatements,
        TransactionKinds = { context.TransactionKinds.ToNames() },
        Similar = context.Similar is not { } similar ? null : new Wire.SimilarRequests
        {
            Approved = similar.Approved,
            Denied = similar.Denied,
            LastOperator = similar.LastOperator,
            LastApproved = similar.LastApproved,
            LastTime = similar.LastTime.ToTimestamp(),
        },
    };

    /// <summary>What a list has room for.</summary>
    private static Wire.RequestContext ToListed(this Domain.RequestContext context) => new()
    {
        InvolvesMasked = context.InvolvesMasked,
        Reads = { context.Reads.Select(ToWire) },
        Writes = { context.Writes.Select(ToWire) },
        Plan = context.Plan?.ToWire(),
        TransactionStatements = context.TransactionStatements,
        TransactionKinds = { context.TransactionKinds.ToNames() },
    };

    private static Wire.RelationEstimate ToWire(Domain.RelationEstimate estimate)
    {
        var wire = new Wire.RelationEstimate { Relation = estimate.Relation };
        if (estimate.Rows is { } rows)
            wire.Rows = rows;
        return wire;
    }

    private static Wire.ResultColumn ToWire(Domain.ResultColumn column) => new()
    {
        Name = column.Name,
        Lineage = column.Lineage,
        Sources = { column.Sources },
        Mask = column.Mask,
        Rule = column.Rule,
        Why = column.Why,
    };

    private static Wire.PlanEstimate ToWire(this Domain.PlanEstimate plan)
    {
        var wire = new Wire.PlanEstimate { NotAsked = plan.NotAsked };
        if (plan.Rows is { } rows)
            wire.Rows = rows;
        return wire;
    }

    /// <summary>The same with less of what is known around it, and with a statement of at most <paramref name="length"/> characters.</summary>
    public static Wire.ApprovalRequest ToListed(this Domain.ApprovalRequest request, int length)
    {
        if (request.Statement.Length <= length)
        {
            var whole = request.ToWire();
            whole.Context = request.Context.ToListed();
            return whole;
        }
        var end = char.IsHighSurrogate(request.Statement[length - 1]) ? length - 1 : length;
        var listed = (request with { Statement = request.Statement[..end] }).ToWire();
        listed.StatementTruncated = true;
        listed.Context = request.Context.ToListed();
        return listed;
    }

    public static Wire.AuditRecord ToWire(this ChainedAuditRecord chained) => new()
    {
        Sequence = chained.Sequence,
        Time = chained.Record.Time.ToTimestamp(),
        Event = chained.Record.Event,
        RequestId = chained.Record.RequestId,
        Principal = chained.Record.Principal,
        Client = chained.Record.Client,
        Operator = chained.Record.Operator,
        Listener = chained.Record.Listener,
        Database = chained.Record.Database,
        Statement = chained.Record.Statement,
        Kinds = { chained.Record.Kinds.ToNames() },
        Decision = chained.Record.Decision,
        Rule = chained.Record.Rule,
        Digest = chained.Record.Digest,
        Detail = chained.Record.Detail,
        Count = chained.Record.Count,
        PreviousHash = chained.PreviousHash,
        Hash = chained.Hash,
        Channel = chained.Record.Channel,
        PolicyVersion = chained.Record.PolicyVersion,
        Person = chained.Record.Person,
        Method = chained.Record.Method,
        FormatVersion = chained.Record.FormatVersion,
    };

    public static Wire.Receipt ToWire(this SignedReceipt signed)
    {
        var receipt = new Wire.Receipt
        {
            RequestId = signed.Receipt.RequestId,
            Event = signed.Receipt.Event,
            Decision = signed.Receipt.Decision,
            Digest = signed.Receipt.Digest,
            PolicyVersion = signed.Receipt.PolicyVersion,
            Rule = signed.Receipt.Rule,
            Principal = signed.Receipt.Principal,
            Operator = signed.Receipt.Operator,
            Person = signed.Receipt.Person,
            Channel = signed.Receipt.Channel,
            Time = signed.Receipt.Time.ToTimestamp(),
            Sequence = signed.Receipt.Sequence,
            Hash = signed.Receipt.Hash,
            KeyId = signed.KeyId,
            Signature = signed.Signature,
        };
        if (signed.Receipt.Method is { } method)
            receipt.Method = method;
        return receipt;
    }

    public static Wire.Checkpoint ToWire(this SignedCheckpoint signed) => new()
    {
        Sequence = signed.Checkpoint.Sequence,
        Hash = signed.Checkpoint.Hash,
        Time = signed.Checkpoint.Time.ToTimestamp(),
        Records = signed.Checkpoint.Records,
        KeyId = signed.KeyId,
        Signature = signed.Signature,
    };

    public static Wire.Listener ToWire(this ListenerStatus listener) => new()
    {
        Name = listener.Name,
        Protocol = listener.Protocol,
        Listen = listener.Listen,
        Upstream = listener.Upstream,
    };

    public static Wire.ApprovalState ToWire(this Domain.ApprovalState state) => state switch
    {
        Domain.ApprovalState.Pending => Wire.ApprovalState.Pending,
        Domain.ApprovalState.Approved => Wire.ApprovalState.Approved,
        Domain.ApprovalState.Denied => Wire.ApprovalState.Denied,
        Domain.ApprovalState.Expired => Wire.ApprovalState.Expired,
        Domain.ApprovalState.Withdrawn => Wire.ApprovalState.Withdrawn,
        Domain.ApprovalState.Released => Wire.ApprovalState.Released,
        Domain.ApprovalState.Abandoned => Wire.ApprovalState.Abandoned,
        _ => Wire.ApprovalState.Unspecified,
    };

    /// <summary>The state asked for: pending where none is named, null for a number this version does not know.</summary>
    public static Domain.ApprovalState? ToCore(this Wire.ApprovalState state) => state switch
    {
        Wire.ApprovalState.Unspecified or Wire.ApprovalState.Pending => Domain.ApprovalState.Pending,
        Wire.ApprovalState.Approved => Domain.ApprovalState.Approved,
        Wire.ApprovalState.Denied => Domain.ApprovalState.Denied,
        Wire.ApprovalState.Expired => Domain.ApprovalState.Expired,
        Wire.ApprovalState.Withdrawn => Domain.ApprovalState.Withdrawn,
        Wire.ApprovalState.Released => Domain.ApprovalState.Released,
        Wire.ApprovalState.Abandoned => Domain.ApprovalState.Abandoned,
        _ => null,
    };

    public static Wire.ColumnLabel ToWire(this Labels.ColumnLabel label) => new()
    {
        Id = label.Id,
        Listener = label.Listener,
        Upstream = label.Upstream,
        Database = label.Database,
        Schema = label.Column.Schema,
        Relation = label.Column.Table,
        Column = label.Column.Column,
        Attribute = label.Column.Attribute,
        Pending = label.Column.IsPending,
        Rules = { label.Column.Rules },
        Derived = label.Column.IsDerived,
        Sources = { label.Column.Sources },
        Cause = label.Cause,
        Since = label.Since.ToTimestamp(),
        Principal = label.Principal,
        Digest = label.Digest,
        RequestId = label.RequestId,
    };

    public static Wire.ColumnLabel ToWire(this Labels.ColumnBinding binding) => new()
    {
        Listener = binding.Listener,
        Upstream = binding.Upstream,
        Database = binding.Database,
        Schema = binding.Present.Schema,
        Relation = binding.Present.Table,
        Column = binding.Present.Column,
        Attribute = binding.Attribute,
        Rules = { binding.MaskedBy },
        Derived = binding.IsDerived,
        Sources = { binding.Sources.Select(source => source.ToString()) },
        Cause = "rule",
        Since = binding.Since.ToTimestamp(),
    };

    private static Wire.Approval ToWire(Domain.ApprovalDecision decision)
    {
        var approval = new Wire.Approval
        {
            Operator = decision.Operator,
            Approved = decision.Approved,
            Reason = decision.Reason,
            Time = decision.Time.ToTimestamp(),
            Person = decision.Person,
            Channel = decision.Channel,
            Method = decision.Method,
            BreakGlass = decision.IsBreakGlass,
            ValidUntil = decision.ValidUntil?.ToTimestamp(),
        };
        if (decision.MaxRows is { } rows)
            approval.MaxRows = rows;
        return approval;
    }
}
