using System.Buffers.Binary;
using System.Text;
using WireGuardian.Postgres.Framing;
using WireGuardian.Proxy.Relay;
using WireGuardian.Sql.Postgres;

namespace WireGuardian.Postgres.Relay;

/// <summary>Asks, right before a COPY … TO STDOUT whose data have to be masked, for the description of its columns (<see cref="DescribedCopy"/>).</summary>
public sealed class CopyDescriptions(RelayState state, StatementJudge judge, SessionContext context)
{
    private bool KnowsEncoding => state.KnowsSettings && state.Settings.Encoding != PostgresTextEncoding.Unsafe;

    /// <summary>True when the encoding that the data of this COPY will have becomes known by waiting.</summary>
    public bool MustSettle(PreparedStatement statement) => statement.CopyOut is not null && judge.HasMasking && !KnowsEncoding && !state.IsSettled;

    /// <summary>The statement, or where the encoding of its data cannot be known, one whose data cannot be masked.</summary>
    public PreparedStatement Known(PreparedStatement statement) =>
        statement.CopyOut is not null && judge.HasMasking && !KnowsEncoding ? statement.WithoutCopyOut() : statement;

    /// <summary>Asks, where it is needed.</summary>
    /// <param name="gated">The statement, which passed the gate.</param>
    /// <param name="isQuery">It came in a Query, for which <see cref="End"/> has to be called.</param>
    /// <param name="output">Takes the messages.</param>
    /// <returns>What will be described; null where nothing is.</returns>
    public DescribedCopy? Describe(StatementAtGate gated, bool isQuery, RelayOutput output)
    {
        if (gated.Refusal is not null || gated.Judgement is not { InvolvesMasked: true } || gated.Statement.CopyOut is not { } copy)
            return null;
        // Counted before the picture is found to be fresh: a change that begins in between makes it stale.
        var changes = context.Catalog!.ChangeCount;
        var described = new DescribedCopy(copy, context.Catalog.IsFresh ? changes : null);
        // A Query ends what the unnamed statement was in any case; in the extended protocol it is the client's.
        var name = isQuery ? "" : $"described by WireGuardian {Guid.NewGuid():n}";
        StandIns.WriteDescription(output, Encoding.ASCII.GetBytes(name), copy.Describing);
        Add(RequestKind.Parse, gated, described);
        Add(RequestKind.DescribeStatement, gated, described);
        if (!isQuery)
            Add(RequestKind.Close, gated, described);
        return described;
    }

    /// <summary>Sends the Query, and behind it a Sync of our own: should the description fail, the server passes over the Query and answers that.</summary>
    public void End(MessageHeader header, ReadOnlySpan<byte> body, RelayOutput output)
    {
        var bytes = output.GetSpan(MessageHeader.Size);
        bytes[0] = header.Type;
        BinaryPrimitives.WriteInt32BigEndian(bytes[1..], header.Length);
        output.Advance(MessageHeader.Size);
        output.Insert(body);
        output.Insert(StandIns.Sync);
        ref var sync = ref state.Queue.Add(RequestKind.Sync);
        (sync.IsOurs, sync.Batch) = (true, state.Batch - 1);
    }

    private void Add(RequestKind kind, StatementAtGate gated, DescribedCopy described)
    {
        ref var request = ref state.Queue.Add(kind);
        (request.IsOurs, request.Statement, request.Judgement, request.Copy) = (true, gated.Statement, gated.Judgement, described);
    }
}
