using System.Buffers.Binary;
using System.Text;
using WireGuardian.Postgres.Framing;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Limits;
using WireGuardian.Proxy.Relay;
using WireGuardian.Sql.Postgres;

namespace WireGuardian.Postgres.Relay;

/// <summary>
/// Walks the server's messages: gives each answer to the request it belongs to, masks rows by the plan of their result, redacts errors and notices of statements
/// that involve masked columns, and puts the proxy's own error in the place of the server's for refused ones. Runs of other messages are one slice.
/// </summary>
public sealed class ServerDirection
{
    /// <summary>A row that is longer is masked while it passes, where its masks can do that.</summary>
    private const int StreamedRowSize = 32 << 10;

    private static readonly byte[] DiscardedAll = "DISCARD ALL\0"u8.ToArray();
    private static readonly byte[] DeallocatedAll = "DEALLOCATE ALL\0"u8.ToArray();

    private readonly RelayState _state;
    private readonly StatementJudge _judge;
    private readonly SessionContext _context;
    private readonly LimitOptions _limits;
    private readonly IStatementLog _log;
    private readonly MaskPlanner _planner;
    private readonly RowMasker _rows;
    private readonly StreamedRow _streamed;
    private readonly ErrorRedaction _redaction = new();

    /// <summary>Bytes of a message under way that pass as they come.</summary>
    private long _passing;
    private bool _asked;

    public ServerDirection(RelayState state, StatementJudge judge, SessionContext context, LimitOptions limits, IStatementLog log)
    {
        (_state, _judge, _context, _limits, _log) = (state, judge, context, limits, log);
        _planner = new MaskPlanner(context);
        _rows = new RowMasker(log);
        _streamed = new StreamedRow(log);
    }

    /// <summary>The picture of the catalog that was loaded for the result that waits; set together with <see cref="CatalogWasAsked"/>.</summary>
    public Catalog.ICatalogSnapshot? AskedSnapshot { get; private set; }

    /// <summary>True when what was sent so far ends at a message's end.</summary>
    public bool IsAtBoundary => _passing == 0 && !_streamed.IsActive;

    /// <summary>The catalog was asked for the result that waits.</summary>
    /// <param name="snapshot">Its answer; null when there was none: then every column is masked.</param>
    public void CatalogWasAsked(Catalog.ICatalogSnapshot? snapshot) => (_asked, AskedSnapshot) = (true, snapshot);

    /// <inheritdoc cref="IRelayCore.FromServer"/>
    public RelayStep Step(Span<byte> input, RelayOutput output)
    {
        var at = 0;
        while (true)
        {
            if (_passing > 0)
            {
                var count = (int)Math.Min(_passing, input.Length - at);
                output.Forward(at, count);
                _passing -= count;
                at += count;
            }
            if (_streamed.IsActive)
                at = _streamed.Continue(input, at, output);
            if (!IsAtBoundary)
                return new(at, RelayNeed.Bytes);
            if (!MessageHeader.TryRead(input[at..], MessageDirection.Backend, MessageLengths.Largest, out var header))
                return new(at, RelayNeed.Bytes, MessageHeader.Size);
            var present = input.Length - at;
            if (header.Type == BackendMessageType.DataRow)
            {
                if (!TryTakeRow(header, input, ref at, output, out var needed))
                    return new(at, RelayNeed.Bytes, needed);
            }
            else if (header.Type is BackendMessageType.CopyData or BackendMessageType.FunctionCallResponse or BackendMessageType.NotificationResponse)
            {
                at += Forward(header, at, present, output);
            }
            else
            {
                if (present < header.TotalLength)
                {
                    LimitWhole(header);
                    return new(at, RelayNeed.Bytes, header.TotalLength);
                }
                if (!Take(header, input, at, output))
                    return new(at, RelayNeed.Answer);
                at += header.TotalLength;
                if (_state.IsDraining && _state.IsIdle)
                {
                    Goodbye.Write(output);
                    return new(at, RelayNeed.End);
                }
            }
            if (output.IsFull)
                return new(at, RelayNeed.Flush);
        }
    }

    private void LimitWhole(MessageHeader header)
    {
        if (header.TotalLength > _limits.MaxBufferedRowBytes)
        {
            throw new ProtocolException(ProtocolFault.Server,
                $"a message of {header.TotalLength} bytes has to be seen whole and is longer than the {_limits.MaxBufferedRowBytes} bytes that limits.maxBufferedRowBytes allows");
        }
    }

    private int Forward(MessageHeader header, int at, int present, RelayOutput output)
    {
        var count = Math.Min(header.TotalLength, present);
        output.Forward(at, count);
        _passing = header.TotalLength - count;
        return count;
    }

    private bool TryTakeRow(MessageHeader header, Span<byte> input, ref int at, RelayOutput output, out int needed)
    {
        needed = 0;
        var present = input.Length - at;
        var plan = CurrentPlan();
        if (!plan.MasksAnything)
        {
            at += Forward(header, at, present, output);
            return true;
        }
        if (present >= header.TotalLength)
        {
            _rows.Mask(input, at, header.TotalLength, plan, output);
            at += header.TotalLength;
            return true;
        }
        if (header.TotalLength > StreamedRowSize && plan.CanStream)
        {
            needed = MessageHeader.Size + sizeof(short);
            if (present < needed)
                return false;
            at = _streamed.Begin(input, at, header.TotalLength, plan, output);
            return true;
        }
        LimitWhole(header);
        needed = header.TotalLength;
        return false;
    }

    private MaskPlan CurrentPlan()
    {
        if (!_state.Queue.IsEmpty)
        {
            ref var head = ref _state.Queue.Head;
            var plan = head.Kind == RequestKind.Execute ? head.Portal!.Plan : head.Plan;
            if (plan is not null)
                return plan;
        }
        if (!_judge.HasMasking)
            return MaskPlan.None;
        throw new ProtocolException(ProtocolFault.Server, "a DataRow came without a description of its columns, so it cannot be masked");
    }

    /// <summary>Deals with one whole message.</summary>
    /// <returns>False when the catalog has to be asked first; then nothing of it was sent.</returns>
    private bool Take(MessageHeader header, Span<byte> input, int at, RelayOutput output)
    {
        var body = (ReadOnlySpan<byte>)input.Slice(at + MessageHeader.Size, header.BodyLength);
        var isOurs = !_state.Queue.IsEmpty && _state.Queue.Head.IsOurs;
        switch (header.Type)
        {
            case BackendMessageType.RowDescription:
                if (!TakeRowDescription(body))
                    return false;
                if (isOurs)
                    return true;
                break;
            case BackendMessageType.NoData:
                TakeNoData();
                if (isOurs)
                    return true;
                break;
            case BackendMessageType.ErrorResponse:
                TakeError(header, body, at, output);
                return true;
            case BackendMessageType.NoticeResponse:
                TakeNotice(header, body, at, output);
                return true;
            case BackendMessageType.ParseComplete:
                TakeParseComplete();
                break;
            case BackendMessageType.BindComplete:
                TakeBindComplete();
                break;
            case BackendMessageType.CloseComplete:
                Answered(RequestKind.Close);
                break;
            case BackendMessageType.CommandComplete:
                TakeCommandComplete(body);
                break;
            case BackendMessageType.EmptyQueryResponse:
            case BackendMessageType.PortalSuspended:
                TakeEndOfStatement();
                break;
            case BackendMessageType.CopyInResponse:
                BeginCopyIn();
                break;
            case BackendMessageType.CopyOutResponse:
            case BackendMessageType.CopyBothResponse:
                BeginCopyOut(header.Type);
                break;
            case BackendMessageType.ReadyForQuery:
                TakeReadyForQuery(body[0]);
                break;
            case BackendMessageType.ParameterStatus:
                TakeParameterStatus(body);
                break;
            case BackendMessageType.BackendKeyData:
                _log.KeyReceived(BinaryPrimitives.ReadInt32BigEndian(body), body[sizeof(int)..]);
                break;
            case BackendMessageType.Authentication:
                throw new ProtocolException(ProtocolFault.Server, "an authentication request after the login");
        }
        output.Forward(at, header.TotalLength);
        return true;
    }

    private bool TakeRowDescription(ReadOnlySpan<byte> body)
    {
        if (_state.Queue.IsEmpty)
            throw Unexpected("RowDescription");
        ref var head = ref _state.Queue.Head;
        if (head.Kind == RequestKind.DescribeStatement)
        {
            // Its formats are not known yet; the plan is made from the portal's description.
            _state.RemoveHead();
            return true;
        }
        var plan = MaskPlan.None;
        if (_judge.HasMasking)
        {
            var snapshot = _asked ? AskedSnapshot : _context.Catalog!.Current;
            var isFresh = _asked || _context.Catalog!.IsFresh;
            if (snapshot is null && !_asked)
                return false;
            var statement = head.Judgement ?? head.Statement?.Judgement;
            var under = new MaskPlanner.Circumstances(
                snapshot is null ? null : _judge.ViewOf(snapshot), snapshot, Involves(statement), isFresh, _state.ChangedCatalog && !_state.ChangedMaskedCatalog,
                _state.Settings.Encoding == PostgresTextEncoding.Utf8);
            if (!_planner.TryPlan(body, under, out plan))
                return false;
            (_asked, AskedSnapshot) = (false, null);
        }
        switch (head.Kind)
        {
            case RequestKind.Query:
                head.Plan = plan;
                break;
            case RequestKind.DescribePortal:
                if (head.Portal is not null)
                    head.Portal.Plan = plan;
                _state.RemoveHead();
                break;
            default:
                throw Unexpected("RowDescription");
        }
        return true;
    }

    /// <summary>A statement that was described but not judged yet (Describe before Execute) may involve anything.</summary>
    private bool Involves(Judgement? judgement) => judgement is null || judgement.InvolvesMasked || _state.ChangedMaskedCatalog;

    private bool MayQuoteMasked(in Request request) =>
        _judge.HasMasking && (_state.InvolvedMasked || (request.Kind != RequestKind.Sync && Involves(request.Judgement ?? request.Statement?.Judgement)));

    private void TakeNoData()
    {
        ref var head = ref Head("NoData");
        if (head.Kind is not (RequestKind.DescribeStatement or RequestKind.DescribePortal))
            throw Unexpected("NoData");
        if (head.Portal is not null)
            head.Portal.Plan = MaskPlan.None;
        if (head.Statement is not null)
            head.Statement.GivesNoRows = true;
        _state.RemoveHead();
    }

    private void TakeError(MessageHeader header, ReadOnlySpan<byte> body, int at, RelayOutput output)
    {
        if (_state.Queue.IsEmpty)
        {
            output.Forward(at, header.TotalLength);
            return;
        }
        ref var head = ref _state.Queue.Head;
        if (head.Refusal is not null)
            output.Insert(head.Refusal);
        else if (MayQuoteMasked(head))
            _redaction.Write(header.Type, body, head.Statement, output);
        else
            output.Forward(at, header.TotalLength);

        _state.CopyIn = false;
        if (head.Kind is RequestKind.Query or RequestKind.FunctionCall or RequestKind.Sync)
            head.Plan = null;
        else
            PassOverUntilSync();
    }

    /// <summary>After an error in the extended protocol the server answers nothing before the next Sync; what was promised does not come.</summary>
    private void PassOverUntilSync()
    {
        for (var first = true; !_state.Queue.IsEmpty && _state.Queue.Head.Kind != RequestKind.Sync; first = false)
        {
            ref var head = ref _state.Queue.Head;
            if (head.Kind == RequestKind.Close)
                Restore(ref head);
            else
                Undo(ref head, failed: first);
            _state.RemoveHead();
        }
        _state.SkipsUntilSync = _state.Queue.IsEmpty;
    }

    private void Undo(ref Request request, bool failed)
    {
        if (request.StatementEntry is { } statement && request.Kind == RequestKind.Parse)
        {
            // A Parse of the unnamed statement that fails has dropped the one before it all the same.
            if (failed && statement.Name.Length == 0)
                statement.Before = null;
            _state.Statements.Undo(statement);
        }
        if (request.PortalEntry is { } portal && request.Kind == RequestKind.Bind)
            _state.Portals.Undo(portal);
    }

    private void Restore(ref Request request)
    {
        if (request.StatementEntry is { } statement)
            _state.Statements.Restore(statement);
        if (request.PortalEntry is { } portal)
            _state.Portals.Restore(portal);
    }

    private void TakeNotice(MessageHeader header, ReadOnlySpan<byte> body, int at, RelayOutput output)
    {
        if (!_state.Queue.IsEmpty && MayQuoteMasked(_state.Queue.Head))
            _redaction.Write(header.Type, body, _state.Queue.Head.Statement, output);
        else
            output.Forward(at, header.TotalLength);
    }

    private void TakeParseComplete()
    {
        ref var head = ref Head("ParseComplete");
        if (head.StatementEntry is { } entry)
            entry.Confirm();
        else if (head.NewName is not null)
            _state.Statements.Put(head.NewName, head.Statement!, _state.Batch).Confirm();
        Answered(RequestKind.Parse);
    }

    private void TakeBindComplete()
    {
        ref var head = ref Head("BindComplete");
        if (head.PortalEntry is { } entry)
            entry.Confirm();
        else if (head.NewName is not null)
            _state.Portals.Put(head.NewName, head.Portal!, _state.Batch).Confirm();
        Answered(RequestKind.Bind);
    }

    private void TakeCommandComplete(ReadOnlySpan<byte> tag)
    {
        if (tag.SequenceEqual(DiscardedAll) || tag.SequenceEqual(DeallocatedAll))
        {
            _state.SqlNames.ForgetPrepared();
            _state.Statements.RemoveConfirmed();
        }
        _state.CopyIn = false;
        TakeEndOfStatement();
    }

    private void TakeEndOfStatement()
    {
        ref var head = ref Head("the end of a statement");
        if (head.Kind == RequestKind.Execute)
            _state.RemoveHead();
        else if (head.Kind == RequestKind.Query)
            head.Plan = null;
        else
            throw Unexpected("the end of a statement");
    }

    private void BeginCopyIn()
    {
        if (Head("CopyInResponse").Kind is not (RequestKind.Query or RequestKind.Execute))
            throw Unexpected("CopyInResponse");
        _state.CopyIn = true;
        // A Sync that the client sent ahead of its data is passed over by the server; one after them is not.
        while (_state.CopyIn && _state.Queue.Count > 1 && _state.Queue[1].Kind is RequestKind.Sync or RequestKind.CopyEnd)
        {
            _state.CopyIn = _state.Queue[1].Kind == RequestKind.Sync;
            _state.Forget(1);
        }
    }

    private void BeginCopyOut(byte type)
    {
        ref var head = ref Head("CopyOutResponse");
        if (_judge.HasMasking && Involves(head.Judgement ?? head.Statement?.Judgement) && head.Judgement?.Verdict.Rule is null)
            throw new ProtocolException(ProtocolFault.Proxy, "the server began a bulk export that cannot be masked");
        _state.CopyIn = type == BackendMessageType.CopyBothResponse;
    }

    private void TakeReadyForQuery(byte status)
    {
        _state.TransactionStatus = status;
        _state.CopyIn = false;
        if (!_state.Queue.IsEmpty)
        {
            ref var head = ref _state.Queue.Head;
            if (head.Kind is not (RequestKind.Query or RequestKind.Sync or RequestKind.FunctionCall))
                throw Unexpected("ReadyForQuery");
            if (status == (byte)'I')
            {
                _state.InvolvedMasked = false;
                _state.Portals.RemoveUpTo(head.Batch);
                if (_state.ChangedCatalog)
                    _state.EndCatalogChange();
            }
            _state.RemoveHead();
        }
        _log.BatchEnded();
    }

    private void TakeParameterStatus(ReadOnlySpan<byte> body)
    {
        var reader = new BodyReader(body);
        if (!reader.TryReadString(out var name) || !reader.TryReadString(out var value))
            throw new ProtocolException(ProtocolFault.Server, "a ParameterStatus that is cut short");
        if (name.SequenceEqual("standard_conforming_strings"u8))
            _state.Settings = _state.Settings with { StandardConformingStrings = value.SequenceEqual("on"u8) };
        else if (name.SequenceEqual("client_encoding"u8))
            _state.Settings = _state.Settings with { Encoding = PostgresSqlSettings.FromName(Encoding.ASCII.GetString(value)) };
    }

    private ref Request Head(string message)
    {
        if (_state.Queue.IsEmpty)
            throw Unexpected(message);
        return ref _state.Queue.Head;
    }

    private void Answered(RequestKind kind)
    {
        if (Head(kind.ToString()).Kind != kind)
            throw Unexpected($"the answer to {kind}");
        _state.RemoveHead();
    }

    private static ProtocolException Unexpected(string message) => new(ProtocolFault.Server, $"{message} came where it answers nothing");
}
