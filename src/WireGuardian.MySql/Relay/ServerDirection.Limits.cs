using WireGuardian.MySql.Packets;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Limits;
using WireGuardian.Proxy.Relay;

namespace WireGuardian.MySql.Relay;

/// <summary>Results that a limit of rows or bytes is set for: they pause before the row that would pass it, go on, or end.</summary>
public sealed partial class ServerDirection
{
    private volatile ResultLimit<StatementAtGate>? _paused;

    /// <summary>The server could not be told to stop: its connection ends with the result.</summary>
    private bool _isBeyondStopping;

    /// <summary>The limit that the row which waits would pass; null when none waits. Read by both directions.</summary>
    public ResultLimit<StatementAtGate>? Paused => _paused;

    /// <summary>
    /// Deals with the next row of a result that is limited, one at a time. What fits the buffer goes out whole: a server that gives up on a result nobody reads
    /// (net_write_timeout) ends its stream amid a row, and the client could not be told why.
    /// </summary>
    private RelayStep? TakeLimited(ResultLimit<StatementAtGate> limit, Request request, PacketHeader header, Span<byte> input, ref int at, RelayOutput output)
    {
        var present = Math.Min(header.TotalLength, input.Length - at);
        if (limit.IsEnded && _isBeyondStopping)
        {
            output.Insert(Refusals.ToPacket(limit.Refusal!, NextSequence));
            return new(at, RelayNeed.End);
        }
        if (limit.IsEnded)
        {
            _passing.Begin(header, present, drop: true);
            at += present;
            return null;
        }
        if (limit.IsPassedBy(header.TotalLength, header.IsContinued))
        {
            // What comes in its place has its number.
            (_paused, NextSequence) = (limit, header.Sequence);
            return new(at, RelayNeed.Answer);
        }
        if (present < header.TotalLength && header.TotalLength <= StreamedRowSize)
            return new(at, RelayNeed.Bytes, header.TotalLength);
        if (!TryTakeRow(request, ref header, input[..(at + present)], ref at, output, out var needed))
            return new(at, RelayNeed.Bytes, needed);
        limit.Count(header.TotalLength);
        NextSequence = (byte)(header.Sequence + 1);
        return null;
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
    /// <param name="refusal">The payload of the ERR packet in place of what ends it.</param>
    /// <param name="isToldToStop">The server will end the result itself, and the session goes on; otherwise both end.</param>
    public void EndResult(byte[] refusal, bool isToldToStop)
    {
        _isBeyondStopping = !isToldToStop;
        _paused!.End(refusal);
        _paused = null;
    }

    /// <summary>What the client is told where the server's connection ends amid a result that was held; null for any other end.</summary>
    public byte[]? WordsAtServersEnd =>
        _state.Queue.TryPeek(out var request) && request.Limit is { } limit
            ? limit.Refusal ?? (limit.WaitedFor is { } id ? Refusals.GivenUp(id) : null)
            : null;

    /// <summary>What comes behind a result that was ended: the client gets one error at its end, whatever the server had still to say.</summary>
    /// <returns>False when the catalog has to be asked first.</returns>
    private bool TryTakeBehindEnd(ResultLimit<StatementAtGate> limit, Request request, PacketHeader header, byte marker, ReadOnlySpan<byte> payload, RelayOutput output)
    {
        if (marker == PacketMarkers.Error)
            _answers.Failed(request);
        else if (marker == PacketMarkers.LocalInfile && request.Phase == AnswerPhase.First)
            throw new ProtocolException(ProtocolFault.Proxy, "behind a result that was ended the server asked for a file of the client's");
        else if (!TryTakeResult(request, header.Sequence, marker, payload))
            return false;
        if (!_state.Queue.TryPeek(out var next) || next != request)
            output.Insert(Refusals.ToPacket(limit.Refusal!, NextSequence));
        return true;
    }
}
