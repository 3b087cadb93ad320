using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using WireGuardian.Core.Audit;
using WireGuardian.Postgres.Framing;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Limits;
using WireGuardian.Proxy.Relay;
using WireGuardian.Sql.Postgres;

namespace WireGuardian.Postgres.Relay;

/// <summary>
/// Walks the client's messages: keeps account of what the server will have to answer, and stops every statement until it is judged. Messages that matter are
/// looked at whole; the rest of a long one passes as it comes.
/// </summary>
public sealed class ClientDirection(RelayState state, StatementJudge judge, SessionContext context, LimitOptions limits, IStatementLog log)
{
    /// <summary>Names stand at the front of a Bind message; longer ones than this no server has.</summary>
    private const int LongestNames = 2 << 10;

    /// <summary>Bytes of a message under way that pass as they come.</summary>
    private long _passing;
    private bool _dropping;
    private IncrementalHash? _passingDigest;
    private Portal? _passingPortal;
    private StatementAtGate? _atGate;
    private bool _flushed;

    /// <summary>What the next call waits for, after <see cref="RelayNeed.Answer"/>.</summary>
    public ClientWait Wait { get; private set; }

    /// <summary>The statement that waits, with <see cref="ClientWait.Gate"/> and <see cref="ClientWait.Catalog"/>.</summary>
    public StatementAtGate? AtGate => _atGate;

    /// <summary>A picture of the catalog loaded for the statement that waits.</summary>
    public Catalog.ICatalogView? AskedView { get; set; }

    /// <summary>The catalog could not be asked for the description that waits: it goes on, and its columns will all be masked.</summary>
    public bool CatalogFailed { get; set; }

    /// <inheritdoc cref="IRelayCore.FromClient"/>
    public RelayStep Step(Span<byte> input, RelayOutput output)
    {
        Wait = ClientWait.Nothing;
        var at = 0;
        while (true)
        {
            if (_passing > 0)
            {
                at += Pass(input[at..], at, output);
                if (_passing > 0)
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
            if (state.Queue.Count >= limits.MaxPipelinedRequests)
            {
                Wait = ClientWait.Room;
                return new(at, RelayNeed.Answer);
            }
            var needed = BytesNeeded(header);
            if (input.Length - at < needed)
                return new(at, RelayNeed.Bytes, needed);
            if (!Take(header, input, at, output))
                return new(at, RelayNeed.Answer);
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
        if (isStatement && header.TotalLength > limits.MaxStatementBytes && !(judge.HasNoRules && header.Type == FrontendMessageType.Query))
        {
            throw new ProtocolException(ProtocolFault.Client,
                $"a statement of {header.BodyLength} bytes is longer than the {limits.MaxStatementBytes} bytes that limits.maxStatementBytes allows");
        }
        return header.Type switch
        {
            FrontendMessageType.Query when header.TotalLength > limits.MaxStatementBytes => MessageHeader.Size,
            FrontendMessageType.Bind => Math.Min(header.TotalLength, LongestNames),
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
        if (state.SkipsUntilSync && header.Type is not (FrontendMessageType.Sync or FrontendMessageType.Terminate))
        {
            // The server would pass over it; so nothing of it is judged, recorded or sent.
            _atGate = null;
            Drop(header, present);
            return true;
        }
        if (state.CopyIn && header.Type is not (FrontendMessageType.CopyData or FrontendMessageType.CopyDone or FrontendMessageType.CopyFail
            or FrontendMessageType.Sync or FrontendMessageType.Flush or FrontendMessageType.Terminate))
        {
            InterruptCopy(header.Type, output);
            Drop(header, present);
            return true;
        }
        var taken = header.Type switch
        {
            FrontendMessageType.Query => TakeQuery(header, body, output),
            FrontendMessageType.Parse => TakeParse(body, output),
            FrontendMessageType.Bind => TakeBind(header, body, output),
            FrontendMessageType.Describe => TakeDescribe(body, output),
            FrontendMessageType.Execute => TakeExecute(body, output),
            FrontendMessageType.Close => TakeClose(body, output),
            FrontendMessageType.FunctionCall => TakeFunctionCall(output),
            FrontendMessageType.Sync => TakeSync(),
            FrontendMessageType.CopyDone or FrontendMessageType.CopyFail => TakeCopyEnd(),
            FrontendMessageType.Password => throw new ProtocolException(ProtocolFault.Client, "a password message after the login"),
            _ => Disposition.Forward,
        };
        if (taken == Disposition.Wait)
            return false;
        _flushed = false;
        if (taken == Disposition.Forward)
            Forward(header, at, present, output);
        else
            Drop(header, present);
        return true;
    }

    /// <summary>What to do with a message.</summary>
    private enum Disposition
    {
        Forward,

        /// <summary>Something else was put in its place.</summary>
        Replaced,
        Wait,
    }

    private Disposition TakeQuery(MessageHeader header, ReadOnlySpan<byte> body, RelayOutput output)
    {
        if (header.TotalLength > limits.MaxStatementBytes)
            _atGate ??= new() { Statement = PreparedStatement.CreateUnseen() };
        if (_atGate is null)
        {
            if (state.UncertainSettings > 0 && !state.IsSettled)
                return Settle(output);
            // A text without its final zero the server refuses unread.
            _atGate = new() { Statement = body.IsEmpty || body[^1] != 0 ? PreparedStatement.Malformed() : Analyze(body[..^1]) };
        }
        if (!Judged(_atGate))
            return Disposition.Wait;
        var refused = _atGate.Refusal is not null;
        ref var request = ref Enqueue(RequestKind.Query, _atGate);
        if (refused)
            StandIns.WriteQuery(output, _atGate.RequestId);
        // A Query ends what the unnamed statement and portal were.
        state.Statements.Remove([]);
        state.Portals.Remove([]);
        request.Statement = _atGate.Statement;
        state.Batch++;
        _atGate = null;
        return refused ? Disposition.Replaced : Disposition.Forward;
    }

    private Disposition TakeParse(ReadOnlySpan<byte> body, RelayOutput output)
    {
        var reader = new BodyReader(body);
        if (!reader.TryReadString(out var name) || !reader.TryReadString(out var sql))
            return TakeMalformed(RequestKind.Parse);
        if (state.UncertainSettings > 0 && !state.IsSettled)
            return Settle(output);
        // A name that is taken makes the server refuse: whether it did has to be known before the name is used.
        var taken = !name.IsEmpty && state.Statements.Find(name) is not null;
        if (taken && !state.IsSettled)
            return Settle(output);
        if (state.Statements.Count >= limits.MaxPreparedStatements)
            throw new ProtocolException(ProtocolFault.Client, $"more than {limits.MaxPreparedStatements} prepared statements (limits.maxPreparedStatements)");
        var statement = Analyze(sql);
        ref var request = ref state.Queue.Add(RequestKind.Parse);
        request.Statement = statement;
        request.StatementEntry = taken ? null : state.Statements.Put(name, statement, state.Batch);
        if (taken)
        {
            request.NewName = name.ToArray();
            MarkUnsure(ref request);
        }
        return Disposition.Forward;
    }

    private Disposition TakeBind(MessageHeader header, ReadOnlySpan<byte> body, RelayOutput output)
    {
        var reader = new BodyReader(body);
        if (!reader.TryReadString(out var portalName) || !reader.TryReadString(out var statementName))
        {
            return body.Length == header.BodyLength
                ? TakeMalformed(RequestKind.Bind)
                : throw new ProtocolException(ProtocolFault.Client, $"a Bind message with names of more than {LongestNames} bytes");
        }
        var entry = state.Statements.Find(statementName);
        var taken = !portalName.IsEmpty && state.Portals.Find(portalName) is not null;
        var known = entry is not null && entry.IsCertainIn(state.Batch);
        if ((!known || taken || state.Unsure > 0) && !state.IsSettled)
            return Settle(output);
        if (state.Portals.Count >= limits.MaxPreparedStatements)
            throw new ProtocolException(ProtocolFault.Client, $"more than {limits.MaxPreparedStatements} portals (limits.maxPreparedStatements)");
        var portal = new Portal(StatementOf(entry, statementName));
        BeginDigest(header, body, portal);
        ref var request = ref state.Queue.Add(RequestKind.Bind);
        request.Statement = portal.Statement;
        request.Portal = portal;
        // Where the server will most likely refuse, it is heard first: an Execute that never runs must not wait at the gate.
        if (entry is null || taken)
            MarkUnsure(ref request);
        if (taken)
            request.NewName = portalName.ToArray();
        else
            request.PortalEntry = state.Portals.Put(portalName, portal, state.Batch);
        return Disposition.Forward;
    }

    private Disposition TakeDescribe(ReadOnlySpan<byte> body, RelayOutput output)
    {
        if (!TryReadTarget(body, out var isPortal, out var name))
            return TakeMalformed(RequestKind.DescribeStatement);
        if (isPortal)
        {
            var entry = state.Portals.Find(name);
            if ((entry?.IsCertainIn(state.Batch) == false || state.Unsure > 0) && !state.IsSettled)
                return Settle(output);
            Judgement? judgement = null;
            if (entry is not null && judge.HasMasking && !CatalogFailed)
            {
                // The description may be asked for long before the rows: what its columns are must be known by then.
                judgement = judge.TryJudge(entry.Value.Statement, AskedView);
                AskedView = null;
                if (judgement is null)
                {
                    Wait = ClientWait.Catalog;
                    return Disposition.Wait;
                }
            }
            CatalogFailed = false;
            ref var request = ref state.Queue.Add(RequestKind.DescribePortal);
            request.Judgement = judgement;
            request.Portal = entry?.Value;
            request.Statement = entry?.Value.Statement;
            if (entry is not null)
                entry.Value.IsDescribed = true;
        }
        else
        {
            var entry = state.Statements.Find(name);
            if ((entry?.IsCertainIn(state.Batch) == false || state.Unsure > 0) && !state.IsSettled)
                return Settle(output);
            state.Queue.Add(RequestKind.DescribeStatement).Statement = entry?.Value;
        }
        return Disposition.Forward;
    }

    private Disposition TakeExecute(ReadOnlySpan<byte> body, RelayOutput output)
    {
        var reader = new BodyReader(body);
        if (!reader.TryReadString(out var name) || !reader.TryReadInt32(out _))
            return TakeMalformed(RequestKind.Close);
        var entry = state.Portals.Find(name);
        if (_atGate is null && !state.IsSettled && (entry?.IsCertainIn(state.Batch) == false || entry is null || state.Unsure > 0))
            return Settle(output);
        var portal = entry?.Value ?? CursorOf(name);
        _atGate ??= new() { Statement = portal.Statement, BindDigest = portal.BindDigest, IsAdmitted = portal.IsAdmitted };
        if (!Judged(_atGate))
        {
            // What the server says against the messages before comes first: a statement that cannot run needs no approval.
            return Wait == ClientWait.Gate && !state.IsSettled ? Settle(output) : Disposition.Wait;
        }
        var refused = _atGate.Refusal is not null;
        portal.IsAdmitted = !refused;
        if (!refused && judge.HasMasking && !portal.IsDescribed && !portal.Statement.GivesNoRows)
        {
            // No RowDescription would come before the rows, so the proxy asks for one itself, and keeps it to itself.
            StandIns.WriteDescribePortal(output, name);
            ref var describe = ref state.Queue.Add(RequestKind.DescribePortal);
            (describe.IsOurs, describe.Portal, describe.Statement, describe.Judgement) = (true, portal, portal.Statement, _atGate.Judgement);
            portal.IsDescribed = true;
        }
        ref var request = ref Enqueue(RequestKind.Execute, _atGate);
        (request.Portal, request.Statement) = (portal, portal.Statement);
        if (refused)
            StandIns.WriteExecute(output, _atGate.RequestId);
        _atGate = null;
        return refused ? Disposition.Replaced : Disposition.Forward;
    }

    private Disposition TakeClose(ReadOnlySpan<byte> body, RelayOutput output)
    {
        if (!TryReadTarget(body, out var isPortal, out var name))
            return TakeMalformed(RequestKind.Close);
        var certain = isPortal
            ? state.Portals.Find(name)?.IsCertainIn(state.Batch) != false
            : state.Statements.Find(name)?.IsCertainIn(state.Batch) != false;
        if ((!certain || state.Unsure > 0) && !state.IsSettled)
            return Settle(output);
        ref var request = ref state.Queue.Add(RequestKind.Close);
        // If the server passes over the Close, the name is still taken: the entry comes back.
        if (isPortal)
        {
            request.PortalEntry = state.Portals.Find(name);
            state.Portals.Remove(name);
        }
        else
        {
            request.StatementEntry = state.Statements.Find(name);
            state.Statements.Remove(name);
        }
        return Disposition.Forward;
    }

    private Disposition TakeFunctionCall(RelayOutput output)
    {
        _atGate ??= new() { Statement = PreparedStatement.CreateFunctionCall(), Judgement = judge.JudgeFunctionCall() };
        if (!Admitted(_atGate))
            return Disposition.Wait;
        var refused = _atGate.Refusal is not null;
        Enqueue(RequestKind.FunctionCall, _atGate);
        if (refused)
            StandIns.WriteFunctionCall(output);
        state.Batch++;
        _atGate = null;
        return refused ? Disposition.Replaced : Disposition.Forward;
    }

    /// <summary>What is cut short in its body the server refuses, and nothing of it is run or remembered; a request of that kind is failed by the error.</summary>
    private Disposition TakeMalformed(RequestKind kind)
    {
        state.Queue.Add(kind);
        return Disposition.Forward;
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
        if (!state.CopyIn && !state.Queue.IsEmpty)
            state.Queue.Add(RequestKind.CopyEnd);
        state.CopyIn = false;
        return Disposition.Forward;
    }

    private Disposition TakeSync()
    {
        if (state.CopyIn)
            return Disposition.Forward;
        state.SkipsUntilSync = false;
        state.Queue.Add(RequestKind.Sync).Batch = state.Batch++;
        return Disposition.Forward;
    }

    /// <summary>Judges, and where there is something to wait for, says for what.</summary>
    private bool Judged(StatementAtGate statement)
    {
        if (statement.Refusal is not null)
            return true;
        if (statement.Judgement is null)
        {
            statement.Judgement = judge.TryJudge(statement.Statement, AskedView);
            AskedView = null;
            if (statement.Judgement is null)
            {
                Wait = ClientWait.Catalog;
                return false;
            }
        }
        return Admitted(statement);
    }

    private bool Admitted(StatementAtGate statement)
    {
        if (statement.IsAdmitted || statement.Refusal is not null)
            return true;
        if (!statement.Judgement!.PassesAtOnce)
        {
            Wait = ClientWait.Gate;
            return false;
        }
        try
        {
            log.Passed(statement.Statement, statement.Judgement);
        }
        catch (AuditUnavailableException)
        {
            // The gate finds the words for it.
            Wait = ClientWait.Gate;
            return false;
        }
        return true;
    }

    private ref Request Enqueue(RequestKind kind, StatementAtGate gated)
    {
        if (gated.Refusal is null && gated.Judgement!.MayChangeCatalog)
            state.BeginCatalogChange(judge.HasMasking ? context.Catalog : null, gated.Judgement.InvolvesMasked);
        state.InvolvedMasked |= gated.Refusal is null && gated.Judgement!.InvolvesMasked;
        ref var request = ref state.Queue.Add(kind);
        (request.Judgement, request.Refusal, request.Batch) = (gated.Judgement, gated.Refusal, state.Batch);
        if (gated.Refusal is null && gated.Judgement!.MayChangeSettings)
        {
            request.ChangesSettings = true;
            state.UncertainSettings++;
        }
        return ref request;
    }

    private void MarkUnsure(ref Request request)
    {
        request.IsUnsure = true;
        state.Unsure++;
    }

    private PreparedStatement Analyze(ReadOnlySpan<byte> sql) => new(sql.ToArray(), PostgresAnalyzer.Analyze(sql, state.Settings));

    private PreparedStatement StatementOf(NameTable<PreparedStatement>.Entry? entry, ReadOnlySpan<byte> name)
    {
        var inSql = name.IsEmpty ? null : state.SqlNames.Find(isCursor: false, Encoding.UTF8.GetString(name));
        if (inSql is null)
            return entry?.Value ?? PreparedStatement.CreateUnseen();
        return entry is null ? new(name.ToArray(), inSql) : new(entry.Value.Text, [.. entry.Value.Facts, .. inSql]);
    }

    private Portal CursorOf(ReadOnlySpan<byte> name)
    {
        var inSql = state.SqlNames.Find(isCursor: true, Encoding.UTF8.GetString(name));
        return new(inSql is null ? PreparedStatement.CreateUnseenCursor() : new(name.ToArray(), inSql));
    }

    private Disposition Settle(RelayOutput output)
    {
        if (!_flushed)
            output.Insert(StandIns.Flush);
        _flushed = true;
        Wait = ClientWait.Settled;
        return Disposition.Wait;
    }

    private void BeginDigest(MessageHeader header, ReadOnlySpan<byte> body, Portal portal)
    {
        if (judge.HasNoRules || portal.Statement.Judgement is { PassesAtOnce: true })
            return;
        if (body.Length == header.BodyLength)
        {
            portal.BindDigest = SHA256.HashData(body);
            return;
        }
        _passingPortal = portal;
        _passingDigest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        _passingDigest.AppendData(body);
    }

    private void Forward(MessageHeader header, int at, int present, RelayOutput output)
    {
        output.Forward(at, present);
        _passing = header.TotalLength - present;
    }

    private void Drop(MessageHeader header, int present)
    {
        _passing = header.TotalLength - present;
        _dropping = _passing > 0;
    }

    private int Pass(ReadOnlySpan<byte> input, int at, RelayOutput output)
    {
        var count = (int)Math.Min(_passing, input.Length);
        if (!_dropping)
            output.Forward(at, count);
        _passingDigest?.AppendData(input[..count]);
        _passing -= count;
        if (_passing == 0)
        {
            _dropping = false;
            if (_passingDigest is not null)
            {
                _passingPortal!.BindDigest = _passingDigest.GetHashAndReset();
                _passingDigest.Dispose();
                (_passingDigest, _passingPortal) = (null, null);
            }
        }
        return count;
    }

    private static bool TryReadTarget(ReadOnlySpan<byte> body, out bool isPortal, out ReadOnlySpan<byte> name)
    {
        var reader = new BodyReader(body);
        name = default;
        var read = reader.TryReadByte(out var kind) && reader.TryReadString(out name);
        isPortal = kind == (byte)'P';
        return read && kind is (byte)'P' or (byte)'S';
    }
}
