using WireGuardian.Core.Detection;
using WireGuardian.Postgres.Framing;
using WireGuardian.Postgres.Messages;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Limits;
using WireGuardian.Proxy.Relay;

namespace WireGuardian.Postgres.Relay;

/// <summary>
/// Walks the server's messages: gives each answer to the request it belongs to, masks rows by the plan of their result, redacts errors and notices of statements
/// that involve masked columns, and puts the proxy's own error in the place of the server's for refused ones. Runs of other messages are one slice.
/// </summary>
public sealed partial class ServerDirection
{
    /// <summary>A row that is longer is masked while it passes, where its masks can do that.</summary>
    private const int StreamedRowSize = 32 << 10;

    private readonly RelayState _state;
    private readonly LimitOptions _limits;
    private readonly IStatementLog _log;
    private readonly ServerAnswers _answers;
    private readonly RowMasker _rows = new();
    private readonly StreamedRow _streamed = new();
    private readonly MaskedCopy _copy;
    private readonly ErrorRedaction _redaction = new();
    private readonly SessionDetection _detections = new();

    private readonly PassingDetection _texts;
    private readonly MaskOutput _released = new();

    /// <summary>Bytes of a message under way that pass as they come.</summary>
    private long _passing;
    private bool _exportsBinary;

    /// <summary>They are text that is looked into.</summary>
    private bool _detects;

    /// <summary>What is being relayed of the read under way is known to be planned by what holds now.</summary>
    private bool _isCurrent;

    /// <summary>The plan whose masked values are not reported yet.</summary>
    private MaskPlan? _counted;

    public ServerDirection(RelayState state, StatementJudge judge, SessionContext context, LimitOptions limits, IStatementLog log)
    {
        (_state, _limits, _log) = (state, limits, log);
        Plans = new(state, judge, context, _detections);
        _texts = new(judge, context, _detections);
        _copy = new(limits.MaxBufferedRowBytes, _texts);
        _answers = new(state, Plans, _copy, log);
    }

    /// <summary>How results are masked, and what the direction waits for.</summary>
    public ResultPlans Plans { get; }

    /// <summary>True when what was sent so far ends at a message's end.</summary>
    public bool IsAtBoundary => _passing == 0 && !_streamed.IsActive;

    /// <inheritdoc cref="IRelayCore.FromServer"/>
    public RelayStep Step(Span<byte> input, RelayOutput output)
    {
        _isCurrent = false;
        var step = Walk(input, output);
        _counted?.Report(_log);
        _counted = null;
        _detections.Report(_log);
        return step;
    }

    private RelayStep Walk(Span<byte> input, RelayOutput output)
    {
        var at = 0;
        while (true)
        {
            if (_passing > 0)
            {
                var count = (int)Math.Min(_passing, input.Length - at);
                _passing -= count;
                if (_detects)
                    Detect(input.Slice(at, count), output);
                else
                    output.Forward(at, count);
                at += count;
            }
            if (_streamed.IsActive)
            {
                _counted = _streamed.Plan;
                at = _streamed.Continue(input, at, output);
            }
            if (_dropping > 0)
            {
                var count = (int)Math.Min(_dropping, input.Length - at);
                _dropping -= count;
                at += count;
            }
            if (!IsAtBoundary || _dropping > 0)
                return new(at, RelayNeed.Bytes);
            if (!_isCurrent && ComesOfResult(input[at..]))
            {
                // Nothing is left behind where that ends the session.
                if (!Plans.ExportIsCurrent && !output.IsEmpty)
                    return new(at, RelayNeed.Flush);
                if (!Plans.TryRenew() || !Plans.TryRenewExport())
                    return new(at, RelayNeed.Answer);
                _isCurrent = true;
            }
            if (!_state.Queue.IsEmpty && _state.Queue.Head.Limit is { } limit && TryTakeLimited(limit, input, ref at, output, out var wait))
            {
                if (wait is { } step)
                    return step;
                continue;
            }
            if (_copy.IsActive)
            {
                var wanted = TakeCopyData(input, ref at, output);
                if (output.IsFull)
                    return new(at, RelayNeed.Flush);
                if (wanted > 0 || _copy.IsInMessage)
                    return new(at, RelayNeed.Bytes, wanted);
            }
            if (!MessageHeader.TryRead(input[at..], MessageDirection.Backend, MessageLengths.Largest, out var header))
                return new(at, RelayNeed.Bytes, MessageHeader.Size);
            var present = input.Length - at;
            if (header.Type == BackendMessageType.DataRow)
            {
                if (!TryTakeRow(header, input, ref at, output, out var needed))
                    return new(at, RelayNeed.Bytes, needed);
            }
            else if (header.Type is BackendMessageType.CopyData or BackendMessageType.NotificationResponse && _texts.IsInForce)
            {
                if (!TryTakeText(header, input, ref at, output))
                    return new(at, RelayNeed.Bytes, header.TotalLength);
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

    private bool ComesOfResult(ReadOnlySpan<byte> input) => _copy.IsInMessage || input is [BackendMessageType.DataRow or BackendMessageType.CopyData, ..];

    private int TakeCopyData(Span<byte> input, ref int at, RelayOutput output)
    {
        if (_counted != _copy.Plan)
        {
            _counted?.Report(_log);
            _counted = _copy.Plan;
        }
        return _copy.Take(input, ref at, output);
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

    /// <summary>A message with text from nobody knows where. What is too long to be kept goes out in windows.</summary>
    private bool TryTakeText(MessageHeader header, Span<byte> input, ref int at, RelayOutput output)
    {
        if (input.Length - at < header.TotalLength)
        {
            var isBinary = header.Type == BackendMessageType.CopyData && _exportsBinary && _texts.Masks;
            if (isBinary)
                LimitWhole(header);
            if (isBinary || header.TotalLength <= StreamedRowSize)
                return false;
            output.Forward(at, MessageHeader.Size);
            at += MessageHeader.Size;
            (_passing, _detects) = (header.BodyLength, true);
            return true;
        }
        var body = input.Slice(at + MessageHeader.Size, header.BodyLength);
        if (header.Type == BackendMessageType.NotificationResponse)
            _texts.ApplyNotification(body);
        else if (_exportsBinary)
            _texts.ApplyBinaryRow(body);
        else
            _texts.ApplyRow(body, _state.Queue.IsEmpty ? null : _state.Queue.Head.Statement?.CopyOut);
        output.Forward(at, header.TotalLength);
        at += header.TotalLength;
        return true;
    }

    private void Detect(ReadOnlySpan<byte> piece, RelayOutput output)
    {
        _texts.ApplyPiece(piece, isLast: _passing == 0, _released);
        output.Insert(_released.Written);
        _released.Clear();
        _detects = _passing > 0;
    }

    private bool TryTakeRow(MessageHeader header, Span<byte> input, ref int at, RelayOutput output, out int needed)
    {
        needed = 0;
        var present = input.Length - at;
        var plan = Plans.Current();
        if (!plan.MasksAnything)
        {
            at += Forward(header, at, present, output);
            return true;
        }
        if (_counted != plan)
        {
            _counted?.Report(_log);
            _counted = plan;
        }
        if (present >= header.TotalLength)
        {
            at = _rows.MaskRun(input, at, plan, output);
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

    /// <summary>Deals with one whole message.</summary>
    /// <returns>False when the catalog has to be asked first; then nothing of it was sent.</returns>
    private bool Take(MessageHeader header, Span<byte> input, int at, RelayOutput output)
    {
        _isCurrent = false;
        var body = input.Slice(at + MessageHeader.Size, header.BodyLength);
        if (header.Type is BackendMessageType.ErrorResponse or BackendMessageType.NoticeResponse)
            _texts.ApplyFields(body);
        if (!_state.Queue.IsEmpty && _state.Queue.Head.Limit is { IsEnded: true } limit && TryTakeBehindEnd(limit, header, body, output))
            return true;
        var isOurs = !_state.Queue.IsEmpty && _state.Queue.Head.IsOurs;
        switch (header.Type)
        {
            case BackendMessageType.ParameterDescription when isOurs:
                return true;
            case BackendMessageType.RowDescription:
                if (!Plans.TryTakeDescription(body))
                    return false;
                if (isOurs)
                    return true;
                break;
            case BackendMessageType.NoData:
                _answers.TakeNoData();
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
                _answers.TakeParseComplete();
                if (isOurs)
                    return true;
                break;
            case BackendMessageType.BindComplete:
                _answers.TakeBindComplete();
                break;
            case BackendMessageType.CloseComplete:
                _answers.Answered(RequestKind.Close);
                if (isOurs)
                    return true;
                break;
            case BackendMessageType.CommandComplete:
                _answers.TakeCommandComplete(body);
                break;
            case BackendMessageType.EmptyQueryResponse:
            case BackendMessageType.PortalSuspended:
                _answers.TakeEndOfStatement();
                break;
            case BackendMessageType.CopyInResponse:
                _answers.BeginCopyIn();
                break;
            case BackendMessageType.CopyOutResponse:
            case BackendMessageType.CopyBothResponse:
                if (!_answers.TryBeginCopyOut(header.Type, body))
                    return false;
                _exportsBinary = body is [1, ..];
                if (_texts.Masks && header.Type == BackendMessageType.CopyBothResponse)
                    throw new ProtocolException(ProtocolFault.Proxy, "the server began to replicate, which detection cannot look into");
                break;
            case BackendMessageType.CopyDone:
                _copy.Complete();
                break;
            case BackendMessageType.ReadyForQuery:
                _answers.TakeReadyForQuery(body);
                if (isOurs)
                    return true;
                break;
            case BackendMessageType.ParameterStatus:
                _answers.TakeParameterStatus(body);
                break;
            case BackendMessageType.BackendKeyData:
                if (!BackendKeyData.TryParse(body, out var key))
                    throw new ProtocolException(ProtocolFault.Server, "a BackendKeyData with a key of a length that none has");
                _log.KeyReceived(key.ProcessId, key.SecretKey);
                break;
            case BackendMessageType.Authentication:
                throw new ProtocolException(ProtocolFault.Server, "an authentication request after the login");
        }
        output.Forward(at, header.TotalLength);
        return true;
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
        else if (Plans.MayQuoteMasked(head))
            _redaction.Write(header.Type, body, head.Statement, output, hasPosition: !head.IsOurs || head.Copy is not { Copy.IsQuery: false });
        else
            output.Forward(at, header.TotalLength);
        FailHead();
    }

    /// <summary>The oldest request failed.</summary>
    private void FailHead()
    {
        _copy.Abandon();
        _state.CopyIn = false;
        ref var head = ref _state.Queue.Head;
        if (head.Kind is RequestKind.Query or RequestKind.FunctionCall or RequestKind.Sync)
            (head.Plan, head.IsExporting) = (null, false);
        else
            _answers.PassOverUntilSync();
    }

    private void TakeNotice(MessageHeader header, ReadOnlySpan<byte> body, int at, RelayOutput output)
    {
        if (!_state.Queue.IsEmpty && Plans.MayQuoteMasked(_state.Queue.Head))
            _redaction.Write(header.Type, body, _state.Queue.Head.Statement, output);
        else
            output.Forward(at, header.TotalLength);
    }
}
