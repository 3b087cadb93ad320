using WireGuardian.Postgres.Framing;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Limits;
using WireGuardian.Proxy.Relay;

namespace WireGuardian.Postgres.Relay;

/// <summary>Results that a limit of rows or bytes is set for: they pause before the row that would pass it, go on, or end.</summary>
public sealed partial class ServerDirection
{
    /// <summary>Bytes of a row under way that does not pass.</summary>
    private long _dropping;

    private volatile ResultLimit<StatementAtGate>? _paused;

    /// <summary>The limit that the row which waits would pass; null when none waits. Read by both directions.</summary>
    public ResultLimit<StatementAtGate>? Paused => _paused;

    /// <summary>Deals with the next row of a result that is limited, one at a time.</summary>
    /// <param name="limit">The limit, which counts it.</param>
    /// <param name="input">The received bytes.</param>
    /// <param name="at">Where it begins, or goes on; moves on.</param>
    /// <param name="output">Takes it.</param>
    /// <param name="wait">What is needed before the next message can be looked at; null when it can be at once.</param>
    /// <returns>False when what comes next is no row.</returns>
    private bool TryTakeLimited(ResultLimit<StatementAtGate> limit, Span<byte> input, ref int at, RelayOutput output, out RelayStep? wait)
    {
        wait = null;
        var needed = 0;
        if (_copy.IsInMessage)
        {
            // The rest of one that was counted when it began.
            needed = TakeCopyData(input[..(int)Math.Min(input.Length, at + _copy.Remaining)], ref at, output);
        }
        else
        {
            if (!MessageHeader.TryRead(input[at..], MessageDirection.Backend, MessageLengths.Largest, out var header)
                || header.Type is not (BackendMessageType.DataRow or BackendMessageType.CopyData))
            {
                return false;
            }
            var start = at;
            var present = Math.Min(header.TotalLength, input.Length - at);
            if (limit.IsEnded)
            {
                at += present;
                _dropping = header.TotalLength - present;
                return true;
            }
            if (limit.IsPassedBy(header.TotalLength))
            {
                _paused = limit;
                wait = new(at, RelayNeed.Answer);
                return true;
            }
            var row = input[..(at + present)];
            if (header.Type == BackendMessageType.DataRow)
                TryTakeRow(header, row, ref at, output, out needed);
            else if (_copy.IsActive)
                needed = TakeCopyData(row, ref at, output);
            else if (_texts.IsInForce)
                needed = TryTakeText(header, row, ref at, output) ? 0 : header.TotalLength;
            else
                at += Forward(header, at, present, output);
            if (at > start)
                limit.Count(header.TotalLength);
        }
        if (output.IsFull)
            wait = new(at, RelayNeed.Flush);
        else if (needed > 0 || _copy.IsInMessage)
            wait = new(at, RelayNeed.Bytes, needed);
        return true;
    }

    /// <summary>An operator lets the result that waits go on.</summary>
    /// <param name="requestId">The request.</param>
    /// <param name="maxRows">The most rows in all; null for no such condition.</param>
    public void GoOn(string requestId, long? maxRows)
    {
        _paused!.Lift(requestId, maxRows);
        _paused = null;
    }

    /// <summary>Nothing more of the result that waits passes.</summary>
    /// <param name="refusal">The ErrorResponse in place of what ends it.</param>
    public void EndResult(byte[] refusal)
    {
        _copy.Abandon();
        _paused!.End(refusal);
        _paused = null;
    }

    /// <summary>What comes behind a result that was ended: the client gets one error, whatever the server had still to say.</summary>
    /// <returns>False for messages that are not part of a result.</returns>
    private bool TryTakeBehindEnd(ResultLimit<StatementAtGate> limit, MessageHeader header, ReadOnlySpan<byte> body, RelayOutput output)
    {
        var isQuery = _state.Queue.Head.Kind == RequestKind.Query;
        switch (header.Type)
        {
            case BackendMessageType.RowDescription:
            case BackendMessageType.CopyOutResponse:
            case BackendMessageType.CopyDone:
                return true;
            case BackendMessageType.CopyInResponse:
            case BackendMessageType.CopyBothResponse:
                throw new ProtocolException(ProtocolFault.Proxy, "behind a result that was ended the server began a COPY which needs the client");
            case BackendMessageType.ErrorResponse:
                Tell(limit, output);
                FailHead();
                return true;
            case BackendMessageType.CommandComplete:
                _answers.TakeCommandComplete(body);
                break;
            case BackendMessageType.EmptyQueryResponse:
            case BackendMessageType.PortalSuspended:
                _answers.TakeEndOfStatement();
                break;
            default:
                return false;
        }
        // The server was done before the cancel request came to it.
        Tell(limit, output);
        if (!isQuery)
        {
            _answers.PassOverUntilSync();
            _state.OwesFailure = true;
        }
        return true;
    }

    private static void Tell(ResultLimit<StatementAtGate> limit, RelayOutput output)
    {
        if (!limit.IsTold)
            output.Insert(limit.Refusal);
        limit.IsTold = true;
    }
}
