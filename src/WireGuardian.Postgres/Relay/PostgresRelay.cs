using WireGuardian.Postgres.Framing;
using WireGuardian.Proxy.Limits;
using WireGuardian.Proxy.Relay;

namespace WireGuardian.Postgres.Relay;

/// <summary>The relay core of PostgreSQL's protocol: what a session is after its login.</summary>
public sealed class PostgresRelay : IRelayCore
{
    public PostgresRelay(SessionContext context, LimitOptions limits, IStatementLog log)
    {
        State = new RelayState { Work = context.Catalog?.Work.Join() };
        var judge = new StatementJudge(context, State);
        Client = new ClientDirection(State, judge, context, limits, log);
        Server = new ServerDirection(State, judge, context, limits, log);
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
        if (Client.Admission.Wait is not (ClientWait.Gate or ClientWait.Others) && Server.Paused is null)
            return false;
        while (MessageHeader.TryRead(waiting, MessageDirection.Frontend, MessageLengths.Largest, out var header))
        {
            if (header.Type == FrontendMessageType.Terminate)
                return true;
            if (waiting.Length < header.TotalLength)
                return false;
            waiting = waiting[header.TotalLength..];
        }
        return false;
    }
}
