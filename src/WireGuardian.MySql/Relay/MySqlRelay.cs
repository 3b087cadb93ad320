using WireGuardian.MySql.Packets;
using WireGuardian.Proxy.Limits;
using WireGuardian.Proxy.Relay;

namespace WireGuardian.MySql.Relay;

/// <summary>The relay core of MySQL's and MariaDB's protocol: what a session is after its login.</summary>
public sealed class MySqlRelay : IRelayCore
{
    public MySqlRelay(RelayState state, SessionContext context, LimitOptions limits, IStatementLog log)
    {
        State = state;
        var judge = new StatementJudge(context, state);
        Client = new ClientDirection(state, judge, context, limits, log);
        Server = new ServerDirection(state, judge, context, limits, log);
    }

    public RelayState State { get; }

    public ClientDirection Client { get; }

    public ServerDirection Server { get; }

    /// <inheritdoc/>
    public bool ClientStreamIsAtBoundary => Server.IsAtBoundary;

    /// <inheritdoc/>
    public long ProcessingTicks { get; set; }

    /// <inheritdoc/>
    public RelayStep FromClient(Span<byte> input, RelayOutput toServer) => Client.Step(input, toServer);

    /// <inheritdoc/>
    public RelayStep FromServer(Span<byte> input, RelayOutput toClient) => Server.Step(input, toClient);

    /// <inheritdoc/>
    public bool HoldsGoodbye(ReadOnlySpan<byte> waiting)
    {
        // Behind what only waits for answers the goodbye comes in its turn: what stands before it was asked for.
        if (State.Phase != ClientPhase.Command || (Client.Admission.Wait != ClientWait.Gate && Server.Paused is null))
            return false;
        while (CommandPackets.TryMeasure(waiting, out var total, out _))
        {
            if (waiting[..(int)total] is [1, 0, 0, _, (byte)Command.Quit])
                return true;
            waiting = waiting[(int)total..];
        }
        return false;
    }
}
