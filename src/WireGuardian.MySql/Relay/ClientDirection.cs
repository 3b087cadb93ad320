using WireGuardian.MySql.Authentication;
using WireGuardian.MySql.Packets;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Limits;
using WireGuardian.Proxy.Relay;

namespace WireGuardian.MySql.Relay;

/// <summary>
/// Walks the client's packets: keeps account of what the server will have to answer, and stops every statement until it is judged. Commands that matter are
/// looked at whole; parameters, long data and files pass as they come.
/// </summary>
public sealed class ClientDirection
{
    /// <summary>Enough of a command to know the statement that it runs.</summary>
    private const int FrontSize = 16;

    private const int LongestLoginPacket = 64 << 10;

    private readonly PassingPackets _passing;
    private readonly ClientCommands _commands;
    private readonly RelayState _state;
    private readonly StatementJudge _judge;
    private readonly LimitOptions _limits;

    public ClientDirection(RelayState state, StatementJudge judge, SessionContext context, LimitOptions limits, IStatementLog log)
    {
        (_state, _judge, _limits) = (state, judge, limits);
        _passing = new(state.ClientNumbers);
        Admission = new(state, judge, context, log);
        _commands = new(state, judge, context, Admission, limits);
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
            if (_state.UserChange is { } change)
            {
                if (TakeLogin(change, input, ref at, output) is { } wait)
                    return wait;
                continue;
            }
            at = _passing.Take(input, at, output);
            if (_passing.IsActive || !PacketHeader.TryRead(input[at..], out var header))
                return new(at, RelayNeed.Bytes, _passing.IsActive ? 0 : PacketHeader.Size);
            if (_state.Phase == ClientPhase.File)
            {
                // An empty packet ends the file; one that continues another is passed over with it.
                if (header.Length == 0)
                    _state.Phase = ClientPhase.Command;
                _state.ClientNumbers?.Number(input[at..]);
                _passing.Begin(header, 0, drop: false);
                continue;
            }
            if (_state.Queue.Count >= _limits.MaxPipelinedRequests)
            {
                Admission.Wait = ClientWait.Room;
                return new(at, RelayNeed.Answer, PacketHeader.Size);
            }
            if (input.Length - at < Math.Min(header.TotalLength, PacketHeader.Size + 1))
                return new(at, RelayNeed.Bytes, PacketHeader.Size + 1);
            var command = header.Length == 0 ? Command.Sleep : (Command)input[at + PacketHeader.Size];
            var step = TakeCommand(command, header, input, ref at, output);
            if (step is not null)
                return step.Value;
            if (output.IsFull)
                return new(at, RelayNeed.Flush);
        }
    }

    /// <summary>Deals with one command; says what is needed where it cannot go on.</summary>
    private RelayStep? TakeCommand(Command command, PacketHeader header, Span<byte> input, ref int at, RelayOutput output)
    {
        var bytes = input[at..];
        _state.ClientNumbers?.NumberCommand(bytes);
        var isWhole = CommandPackets.TryMeasure(bytes, out var total, out var last);
        if (!isWhole && NeedsWhole(command, total))
            return WaitForAll(at, total);
        var front = Math.Min(bytes.Length, header.TotalLength);
        if (!isWhole && front < Math.Min(header.TotalLength, PacketHeader.Size + FrontSize))
            return new(at, RelayNeed.Bytes, Math.Min(header.TotalLength, PacketHeader.Size + FrontSize));
        var payload = isWhole ? CommandPackets.Payload(bytes) : bytes[PacketHeader.Size..front];
        var taken = _commands.Take(command, payload, isWhole, (byte)(last + 1), output);
        switch (taken)
        {
            case Disposition.Wait:
                return new(at, RelayNeed.Answer, isWhole ? (int)total : front);
            case Disposition.NeedsWhole:
                return WaitForAll(at, total);
            case Disposition.Forward:
                output.Forward(at, isWhole ? (int)total : front);
                break;
        }
        if (!isWhole)
        {
            _state.ClientNumbers?.Continue(0);
            _passing.Begin(header, front, taken == Disposition.Drop, _commands.Digest);
        }
        at += isWhole ? (int)total : front;
        return command == Command.Quit ? new RelayStep(at, RelayNeed.End) : null;
    }

    private bool NeedsWhole(Command command, long total)
    {
        if (command is Command.StatementExecute or Command.StatementSendLongData)
            return false;
        // Without rules nothing is looked into, and a text of any length passes.
        return !(command == Command.Query && total > _limits.MaxStatementBytes && _judge.HasNoRules);
    }

    private RelayStep WaitForAll(int at, long total)
    {
        if (total > _limits.MaxStatementBytes)
        {
            throw new ProtocolException(ProtocolFault.Client,
                $"a command of {total} bytes is longer than the {_limits.MaxStatementBytes} bytes that limits.maxStatementBytes allows");
        }
        return new(at, RelayNeed.Bytes, (int)total);
    }

    /// <summary>A packet in an authentication exchange: nothing passes that the server has not asked for, or it would take it for a command.</summary>
    private RelayStep? TakeLogin(UserChange change, Span<byte> input, ref int at, RelayOutput output)
    {
        change.SendWaiting(output);
        if (change.ToClient is not null || change.Next != Speaker.Client)
        {
            Admission.Wait = change.ToClient is null ? ClientWait.LoginReply : ClientWait.LoginAnswer;
            return new(at, RelayNeed.Answer);
        }
        if (!PacketHeader.TryRead(input[at..], out var header))
            return new(at, RelayNeed.Bytes, PacketHeader.Size);
        if (header.Length > LongestLoginPacket)
            throw new ProtocolException(ProtocolFault.Client, $"a packet of an authentication exchange is longer than {LongestLoginPacket} bytes");
        if (input.Length - at < header.TotalLength)
            return new(at, RelayNeed.Bytes, header.TotalLength);
        change.TakeFromClient(header, input.Slice(at + PacketHeader.Size, header.Length), output);
        at += header.TotalLength;
        return null;
    }
}
