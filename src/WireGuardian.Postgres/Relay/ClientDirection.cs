using System.Buffers.Binary;
using WireGuardian.Postgres.Framing;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Limits;
using WireGuardian.Proxy.Relay;

namespace WireGuardian.Postgres.Relay;

/// <summary>
/// Walks the client's messages: keeps account of what the server will have to answer, and stops every statement until it is judged. Messages that matter are
/// looked at whole; the rest of a long one passes as it comes.
/// </summary>
public sealed class ClientDirection
{
    private readonly PassingMessage _passing;
    private readonly ClientRequests _requests;
    private readonly RelayState _state;
    private readonly StatementJudge _judge;
    private readonly LimitOptions _limits;

    public ClientDirection(RelayState state, StatementJudge judge, SessionContext context, LimitOptions limits, IStatementLog log)
    {
        (_state, _judge, _limits) = (state, judge, limits);
        _passing = new();
        Admission = new(state, judge, context, log);
        _requests = new(state, judge, Admission, new(state, judge, context), _passing, limits);
    }

    /// <summary>What the direction waits for, and what was found out about it.</summary>
    public Admission Admission { get; }

    /// <inheritdoc cref="IRelayCore.FromClient"/>
    public RelayStep Step(Span<byte> input, RelayOutput output)
    {
        Admission.Wait = ClientWait.Nothing;
        var at = 0;
        while (true)
        {
            if (_passing.IsActive)
            {
                at += _passing.Take(input[at..], at, output);
                if (_passing.IsActive)
                    return new(at, RelayNeed.Bytes);
            }
            if (!TryReadHeader(input[at..], out var header, out var minimum))
                return new(at, RelayNeed.Bytes, MessageHeader.Size);
            if (minimum == 0)
            {
                // The server ends the session over the type alone, in its own words; it gets nothing but the type.
                output.Insert([header.Type, 0, 0, 0, sizeof(int)]);
                return new(at, RelayNeed.End);
            }
            if (_state.Queue.Count >= _limits.MaxPipelinedRequests && !_state.CopyIn)
            {
                Admission.Wait = ClientWait.Room;
                return new(at, RelayNeed.Answer);
            }
            var needed = BytesNeeded(header);
            if (input.Length - at < needed)
                return new(at, RelayNeed.Bytes, needed);
            if (!Take(header, input, at, output))
                return new(at, RelayNeed.Answer, needed);
            at += (int)Math.Min(header.TotalLength, input.Length - at);
            if (header.Type == FrontendMessageType.Terminate)
                return new(at, RelayNeed.End);
            if (output.IsFull)
                return new(at, RelayNeed.Flush);
        }
    }

    /// <summary>Reads a header as the server does: a length that no message can have ends the session, one too short for its type is the server's to refuse.</summary>
    private static bool TryReadHeader(ReadOnlySpan<byte> bytes, out MessageHeader header, out int minimum)
    {
        (header, minimum) = (default, 0);
        if (bytes.Length < MessageHeader.Size)
            return false;
        header = new(bytes[0], BinaryPrimitives.ReadInt32BigEndian(bytes[1..]));
        if (MessageLengths.TryGet(MessageDirection.Frontend, header.Type, out minimum, out var maximum) && (header.Length < sizeof(int) || header.Length > maximum))
            throw new ProtocolException(ProtocolFault.Client, "invalid message length");
        return true;
    }

    private int BytesNeeded(MessageHeader header)
    {
        var isStatement = header.Type is FrontendMessageType.Query or FrontendMessageType.Parse;
        if (isStatement && header.TotalLength > _limits.MaxStatementBytes && !(_judge.HasNoRules && header.Type == FrontendMessageType.Query))
        {
            throw new ProtocolException(ProtocolFault.Client,
                $"a statement of {header.BodyLength} bytes is longer than the {_limits.MaxStatementBytes} bytes that limits.maxStatementBytes allows");
        }
        return header.Type switch
        {
            FrontendMessageType.Query when header.TotalLength > _limits.MaxStatementBytes => MessageHeader.Size,
            FrontendMessageType.Bind => Math.Min(header.TotalLength, ClientRequests.LongestNames),
            FrontendMessageType.CopyData or FrontendMessageType.CopyFail => MessageHeader.Size,
            FrontendMessageType.FunctionCall => MessageHeader.Size,
            _ => header.TotalLength,
        };
    }

    /// <summary>Deals with one message.</summary>
    /// <returns>False when it has to wait; then nothing of it was sent.</returns>
    private bool Take(MessageHeader header, Span<byte> input, int at, RelayOutput output)
    {
        var present = Math.Min(header.TotalLength, input.Length - at);
        var body = (ReadOnlySpan<byte>)input.Slice(at + MessageHeader.Size, present - MessageHeader.Size);
        if (_state.Limited > 0 && !_state.IsSettled && header.Type != FrontendMessageType.Terminate)
            return _requests.Settle(output) != Disposition.Wait;
        if (_state.SkipsUntilSync && header.Type is not (FrontendMessageType.Sync or FrontendMessageType.Terminate))
        {
            // The server would pass over it; so nothing of it is judged, recorded or sent.
            Admission.AtGate = null;
            _passing.Begin(header.TotalLength - present, drop: true);
            return true;
        }
        if (_state.CopyIn && header.Type is not (FrontendMessageType.CopyData or FrontendMessageType.CopyDone or FrontendMessageType.CopyFail
            or FrontendMessageType.Sync or FrontendMessageType.Flush or FrontendMessageType.Terminate))
        {
            Admission.AtGate = null;
            InterruptCopy(header.Type, output);
            _passing.Begin(header.TotalLength - present, drop: true);
            return true;
        }
        var taken = header.Type switch
        {
            FrontendMessageType.Query => _requests.TakeQuery(header, body, output),
            FrontendMessageType.Parse => _requests.TakeParse(body, output),
            FrontendMessageType.Bind => _requests.TakeBind(header, body, output),
            FrontendMessageType.Describe => _requests.TakeDescribe(body, output),
            FrontendMessageType.Execute => _requests.TakeExecute(body, output),
            FrontendMessageType.Close => _requests.TakeClose(body, output),
            FrontendMessageType.FunctionCall => _requests.TakeFunctionCall(output),
            FrontendMessageType.Sync => TakeSync(output),
            FrontendMessageType.CopyDone or FrontendMessageType.CopyFail => TakeCopyEnd(),
            FrontendMessageType.Password => throw new ProtocolException(ProtocolFault.Client, "a password message after the login"),
            _ => Disposition.Forward,
        };
        if (taken == Disposition.Wait)
            return false;
        _requests.MessageDone();
        if (taken == Disposition.Forward)
            output.Forward(at, present);
        _passing.Begin(header.TotalLength - present, drop: taken != Disposition.Forward);
        return true;
    }

    /// <summary>
    /// The server fails the COPY over the type of the message and does not look into it. But the COPY may have failed before that, unknown to us, and then the
    /// message would count: so what could run something is replaced by what cannot.
    /// </summary>
    private static void InterruptCopy(byte type, RelayOutput output)
    {
        switch (type)
        {
            case FrontendMessageType.Execute:
                StandIns.WriteExecute(output, "");
                break;
            case FrontendMessageType.FunctionCall:
                StandIns.WriteFunctionCall(output);
                break;
            case FrontendMessageType.Query:
                StandIns.WriteQuery(output, "");
                break;
            default:
                output.Insert([type, 0, 0, 0, sizeof(int)]);
                break;
        }
    }

    private Disposition TakeCopyEnd()
    {
        // Sent ahead of the server's CopyInResponse, it tells which Sync was sent during the COPY and which after it.
        if (!_state.CopyIn && !_state.Queue.IsEmpty)
            _state.Queue.Add(RequestKind.CopyEnd);
        _state.CopyIn = false;
        return Disposition.Forward;
    }

    private Disposition TakeSync(RelayOutput output)
    {
        if (_state.CopyIn)
            return Disposition.Forward;
        if (_state.OwesFailure)
        {
            _state.OwesFailure = false;
            // The client has its error already.
            _state.Queue.Add(RequestKind.Execute).Refusal = [];
            StandIns.WriteExecute(output, "");
        }
        _state.SkipsUntilSync = false;
        _state.Queue.Add(RequestKind.Sync).Batch = _state.Batch++;
        return Disposition.Forward;
    }
}
