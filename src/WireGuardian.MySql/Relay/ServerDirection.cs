using WireGuardian.Core.Detection;
using WireGuardian.MySql.Authentication;
using WireGuardian.MySql.Packets;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Limits;
using WireGuardian.Proxy.Relay;

namespace WireGuardian.MySql.Relay;

/// <summary>
/// Walks the server's packets: gives each to the command that it answers, masks rows by the plan of their result, and redacts errors of statements that involve
/// masked columns. Runs of packets that are sent as they are, are one slice.
/// </summary>
public sealed partial class ServerDirection
{
    /// <summary>A row that is longer is masked while it passes, where its masks can do that.</summary>
    private const int StreamedRowSize = 32 << 10;

    private const int ParseError = 1064;

    private readonly RelayState _state;
    private readonly SessionContext _context;
    private readonly LimitOptions _limits;
    private readonly IStatementLog _log;
    private readonly ServerAnswers _answers;
    private readonly RowMasker _rows = new();
    private readonly StreamedRow _streamed = new();
    private readonly PassingPackets _passing = new();
    private readonly SessionDetection _detections = new();
    private readonly PassingDetection _texts;
    private MaskPlan? _counted;

    public ServerDirection(RelayState state, StatementJudge judge, SessionContext context, LimitOptions limits, IStatementLog log)
    {
        (_state, _context, _limits, _log) = (state, context, limits, log);
        Plans = new(state, judge, context, _detections);
        _texts = new(judge, state, context, _detections);
        _answers = new(state, context, log);
    }

    /// <summary>How results are masked, and what the direction waits for.</summary>
    public ResultPlans Plans { get; }

    /// <summary>True when what was sent so far ends at a packet's end.</summary>
    public bool IsAtBoundary => !_passing.IsSent && !_streamed.IsActive;

    /// <summary>The sequence number that the client expects of the next packet, once it has sent a command.</summary>
    public byte NextSequence { get; private set; } = 1;

    /// <inheritdoc cref="IRelayCore.FromServer"/>
    public RelayStep Step(Span<byte> input, RelayOutput output)
    {
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
            at = _passing.Take(input, at, output);
            if (_streamed.IsActive)
            {
                _counted = _streamed.Plan;
                at = _streamed.Continue(input, at, output);
            }
            if (_passing.IsActive || _streamed.IsActive)
                return new(at, RelayNeed.Bytes);
            if (!PacketHeader.TryRead(input[at..], out var header))
                return new(at, RelayNeed.Bytes, PacketHeader.Size);
            var step = TakePacket(header, input, ref at, output);
            if (step is not null)
                return step.Value;
            if (_state.IsDraining && _state.IsIdle && IsAtBoundary)
            {
                output.Insert(Refusals.ToPacket(Refusals.Goodbye, 1));
                return new(at, RelayNeed.End);
            }
            if (output.IsFull)
                return new(at, RelayNeed.Flush);
        }
    }

    /// <summary>Deals with one packet, or with the front of one that passes; says what is needed where it cannot go on.</summary>
    private RelayStep? TakePacket(PacketHeader header, Span<byte> input, ref int at, RelayOutput output)
    {
        var present = input.Length - at;
        if (!_state.Queue.TryPeek(out var request))
        {
            // The server's own last words (a shutdown, a time-out).
            at = Pass(header, at, Math.Min(present, header.TotalLength), output);
            return null;
        }
        if (present < Math.Min(header.TotalLength, PacketHeader.Size + 1))
            return new(at, RelayNeed.Bytes, PacketHeader.Size + 1);
        var marker = header.Length == 0 ? PacketMarkers.Ok : input[at + PacketHeader.Size];
        if (request.Limit is { } limit && IsRow(request, header, marker))
            return TakeLimited(limit, request, header, input, ref at, output);
        if (IsRow(request, header, marker))
        {
            if (!TryTakeRow(request, ref header, input, ref at, output, out var needed))
                return new(at, RelayNeed.Bytes, needed);
        }
        else if (request.Kind == AnswerKind.Stream && marker == PacketMarkers.Ok)
        {
            at = Pass(header, at, Math.Min(present, header.TotalLength), output);
        }
        else
        {
            if (present < header.TotalLength || header.IsContinued)
            {
                LimitWhole(header);
                return new(at, RelayNeed.Bytes, header.TotalLength);
            }
            if (!Take(request, header, marker, input, at, output))
                return new(at, RelayNeed.Answer);
            at += header.TotalLength;
        }
        if (_state.IsSettled || request.Limit is not { IsEnded: true })
            NextSequence = _state.IsSettled ? (byte)1 : (byte)(header.Sequence + 1);
        return null;
    }

    /// <summary>
    /// In a run of rows everything is a row that is no ERR and no end. FE begins a row where its first value is of 16 MB and more, so the packet is of the
    /// largest size.
    /// </summary>
    private bool IsRow(Request request, PacketHeader header, byte marker)
    {
        if (request.Phase != AnswerPhase.Rows || marker == PacketMarkers.Error)
            return false;
        if (marker != PacketMarkers.Eof)
            return true;
        return _context.DeprecatesEof ? header.IsContinued : header.Length > EofPacket.Size;
    }

    private bool TryTakeRow(Request request, ref PacketHeader header, Span<byte> input, ref int at, RelayOutput output, out int needed)
    {
        needed = 0;
        var present = input.Length - at;
        var plan = request.Plan ?? throw new ProtocolException(ProtocolFault.Server, "a row came before the definitions of its columns, so it cannot be masked");
        if (request.IsOurs)
        {
            needed = header.TotalLength;
            if (present < needed)
                return false;
            SettingsQuestion.TakeRow(input.Slice(at + PacketHeader.Size, header.Length), _state);
            at += needed;
            return true;
        }
        if (!plan.MasksAnything)
        {
            at = Pass(header, at, Math.Min(present, header.TotalLength), output);
            return true;
        }
        if (_counted != plan)
            _counted?.Report(_log);
        _counted = plan;
        if (present >= header.TotalLength && !header.IsContinued)
        {
            at = _rows.MaskRun(input, at, ref header, plan, output);
            return true;
        }
        if (header.TotalLength > StreamedRowSize && plan.CanStream)
        {
            at = _streamed.Begin(at, header, plan, output);
            return true;
        }
        LimitWhole(header);
        needed = header.TotalLength;
        return false;
    }

    private int Pass(PacketHeader header, int at, int count, RelayOutput output)
    {
        output.Forward(at, count);
        _passing.Begin(header, count, drop: false);
        return at + count;
    }

    /// <summary>Deals with one whole packet that is no row.</summary>
    /// <returns>False when the catalog has to be asked first; then nothing of it was sent.</returns>
    private bool Take(Request request, PacketHeader header, byte marker, Span<byte> input, int at, RelayOutput output)
    {
        if (marker == PacketMarkers.Error && request.Kind is not (AnswerKind.Text or AnswerKind.Login))
            _texts.ApplyError(input.Slice(at + PacketHeader.Size, header.Length));
        var payload = (ReadOnlySpan<byte>)input.Slice(at + PacketHeader.Size, header.Length);
        if (request.Kind == AnswerKind.Login)
        {
            TakeLogin(request, header, payload, output);
            return true;
        }
        if (request.Limit is { IsEnded: true } ended)
            return TryTakeBehindEnd(ended, request, header, marker, payload, output);
        if (marker == PacketMarkers.Error && request.Kind != AnswerKind.Text)
        {
            TakeError(request, header, payload, at, output);
            return true;
        }
        var (isOurs, phase) = (request.IsOurs, request.Phase);
        switch (request.Kind)
        {
            case AnswerKind.Text:
                _answers.Succeeded(request);
                break;
            case AnswerKind.Status or AnswerKind.Stream:
                TakeEnd(request, marker, payload);
                break;
            case AnswerKind.Fields:
                if (marker == PacketMarkers.Eof)
                    TakeEnd(request, marker, payload);
                break;
            case AnswerKind.Prepared:
                TakePrepared(request, marker, payload);
                break;
            default:
                if (!TryTakeResult(request, header.Sequence, marker, payload))
                    return false;
                break;
        }
        if (!isOurs)
        {
            _texts.ApplyStatus(request, phase, input.Slice(at + PacketHeader.Size, header.Length));
            output.Forward(at, header.TotalLength);
        }
        return true;
    }

    private void TakeError(Request request, PacketHeader header, ReadOnlySpan<byte> payload, int at, RelayOutput output)
    {
        // ER_PARSE_ERROR of a text that is no SQL quotes the text itself.
        var quotesItself = request.IsNoSql && ErrPacket.TryParse(payload, out var error) && error.Code == ParseError;
        if (!request.IsOurs && !quotesItself && Plans.MayQuoteMasked(request))
        {
            var place = output.Reserve(PacketHeader.Size);
            var before = output.Length;
            ErrorRedaction.Write(payload, ResultPlans.RunsCode(request), request.Statement?.Identifiers ?? [], output);
            new PacketHeader(output.Length - before, header.Sequence).Write(output.Patch(place, PacketHeader.Size));
        }
        else if (!request.IsOurs)
        {
            output.Forward(at, header.TotalLength);
        }
        _answers.Failed(request);
    }

    private void TakeEnd(Request request, byte marker, ReadOnlySpan<byte> payload)
    {
        if (marker == PacketMarkers.Eof)
            _answers.TakeEof(request, payload);
        else if (marker == PacketMarkers.Ok)
            _answers.TakeOk(request, payload);
        else
            throw ServerAnswers.Unexpected("a packet that is no OK");
        _answers.Succeeded(request);
    }

    private void TakeLogin(Request request, PacketHeader header, ReadOnlySpan<byte> payload, RelayOutput output)
    {
        var change = _state.UserChange!;
        change.TakeFromServer(header, payload, output);
        if (change.Next == Speaker.LoggedIn)
            _answers.TakeOk(request, payload);
        if (change.Next is Speaker.LoggedIn or Speaker.LoggedOut)
            _answers.EndUserChange(request);
    }

    private void TakePrepared(Request request, byte marker, ReadOnlySpan<byte> payload)
    {
        switch (request.Phase)
        {
            case AnswerPhase.First:
                var reader = new PayloadReader(payload);
                if (marker != PacketMarkers.Ok || !reader.TrySkip(1) || !reader.TryReadUInt32(out var id) || !reader.TryReadUInt16(out var columns) || !reader.TryReadUInt16(out var parameters))
                    throw new ProtocolException(ProtocolFault.Server, "an answer to COM_STMT_PREPARE that is cut short");
                if (request.Statement is { } statement)
                {
                    statement.ParameterCount = parameters;
                    _state.Prepared.Put(id, statement);
                }
                (request.Phase, request.Remaining, request.ColumnsBehind) = (AnswerPhase.Parameters, parameters, columns);
                break;
            case AnswerPhase.Parameters or AnswerPhase.Columns:
                request.Remaining--;
                if (request.Remaining == 0 && !_context.DeprecatesEof)
                {
                    request.Phase = request.Phase == AnswerPhase.Parameters ? AnswerPhase.ParametersEnd : AnswerPhase.ColumnsEnd;
                    return;
                }
                break;
            case AnswerPhase.ParametersEnd:
                request.Phase = AnswerPhase.Parameters;
                break;
            default:
                request.Phase = AnswerPhase.Columns;
                break;
        }
        if (request.Remaining == 0 && request.Phase == AnswerPhase.Parameters)
            (request.Phase, request.Remaining) = (AnswerPhase.Columns, request.ColumnsBehind);
        if (request.Remaining == 0)
            _answers.Succeeded(request);
    }

    private bool TryTakeResult(Request request, byte sequence, byte marker, ReadOnlySpan<byte> payload)
    {
        switch (request.Phase)
        {
            case AnswerPhase.First:
                BeginResult(request, sequence, marker, payload);
                return true;
            case AnswerPhase.Columns:
                if (Plans.Columns.Count < request.Remaining)
                    Plans.Columns.Add(payload);
                if (Plans.Columns.Bytes.Length > _limits.MaxBufferedRowBytes)
                    throw new ProtocolException(ProtocolFault.Server, "the column definitions of a result are longer than limits.maxBufferedRowBytes allows");
                if (Plans.Columns.Count < request.Remaining)
                    return true;
                if (_context.DeprecatesEof)
                    return TryBeginRows(request);
                request.Phase = AnswerPhase.ColumnsEnd;
                return true;
            case AnswerPhase.ColumnsEnd:
                if (marker != PacketMarkers.Eof)
                    throw ServerAnswers.Unexpected("a packet that is no EOF");
                if (!TryBeginRows(request))
                    return false;
                var more = _answers.TakeEof(request, payload);
                // The rows of a cursor are fetched by COM_STMT_FETCH. A procedure leaves the flag behind for cursors of its own.
                if (request.OpensCursor && EofPacket.TryParse(payload, out var eof) && eof.Status.HasFlag(StatusFlags.CursorExists))
                    EndResult(request, more);
                return true;
            default:
                EndResult(request, _answers.TakeEof(request, payload));
                return true;
        }
    }

    private void BeginResult(Request request, byte sequence, byte marker, ReadOnlySpan<byte> payload)
    {
        switch (marker)
        {
            case PacketMarkers.Ok or PacketMarkers.Eof:
                EndResult(request, _answers.TakeEof(request, payload));
                return;
            case PacketMarkers.LocalInfile:
                // Anything may have been loaded by a server that asks unasked; the capability is agreed on only where the listener allows it.
                if (!request.MayReadFile)
                    throw new ProtocolException(ProtocolFault.Server, "the server asked for a file of the client's that its statement does not name");
                _state.Phase = ClientPhase.File;
                _state.ClientNumbers?.Continue(sequence);
                return;
        }
        var reader = new PayloadReader(payload);
        if (!reader.TryReadLengthEncodedInteger(out var count) || count is 0 or > ushort.MaxValue || !reader.AtEnd)
            throw new ProtocolException(ProtocolFault.Server, "a result does not begin with a number of columns");
        Plans.Columns.Clear();
        (request.Phase, request.Remaining, request.Plan) = (AnswerPhase.Columns, (int)count, request.IsOurs ? MaskPlan.None : null);
    }

    private bool TryBeginRows(Request request)
    {
        if (!request.IsOurs && request.Limit is not { IsEnded: true })
        {
            if (!Plans.TryBegin(request))
                return false;
            if (request.Statement is { } statement && request.IsBinary)
                ((statement.Origin ?? statement).CursorPlan, (statement.Origin ?? statement).CursorCharacterSet) = (request.Plan, _state.ResultCharacterSets);
        }
        Plans.Columns.Clear();
        request.Phase = AnswerPhase.Rows;
        return true;
    }

    private void EndResult(Request request, bool more)
    {
        request.ResultsSeen++;
        if (more)
            request.Phase = AnswerPhase.First;
        else
            _answers.Succeeded(request);
    }

    private void LimitWhole(PacketHeader header)
    {
        if (header.TotalLength > _limits.MaxBufferedRowBytes || header.IsContinued)
        {
            throw new ProtocolException(ProtocolFault.Server,
                $"a packet of {header.Length} bytes or more has to be seen whole and is longer than the {_limits.MaxBufferedRowBytes} bytes that limits.maxBufferedRowBytes allows");
        }
    }
}
