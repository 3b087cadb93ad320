using System.Security.Cryptography;
using System.Text;
using WireGuardian.Postgres.Framing;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Limits;
using WireGuardian.Proxy.Relay;
using WireGuardian.Sql.Postgres;

namespace WireGuardian.Postgres.Relay;

/// <summary>What each of the client's messages asks of the server: kept account of in the queue, and under the names that it gives.</summary>
public sealed class ClientRequests(RelayState state, StatementJudge judge, Admission admission, PassingMessage passing, LimitOptions limits)
{
    /// <summary>Names stand at the front of a Bind message; longer ones than this no server has.</summary>
    public const int LongestNames = 2 << 10;

    private bool _flushed;

    /// <summary>A message was dealt with: if the next one has to wait, the server is asked anew for what it has answered.</summary>
    public void MessageDone() => _flushed = false;

    public Disposition TakeQuery(MessageHeader header, ReadOnlySpan<byte> body, RelayOutput output)
    {
        if (header.TotalLength > limits.MaxStatementBytes)
            admission.AtGate ??= new() { Statement = PreparedStatement.CreateUnseen() };
        if (admission.AtGate is null)
        {
            if (HasUncertainSettings && !state.IsSettled)
                return Settle(output);
            // A text without its final zero the server refuses unread.
            admission.AtGate = new() { Statement = body.IsEmpty || body[^1] != 0 ? PreparedStatement.Malformed() : Analyze(body[..^1]) };
        }
        if (admission.AtGate.Statement.DependsOnNames && !state.IsSettled)
            return Settle(output);
        if (!admission.IsJudgedAndAdmitted(admission.AtGate))
            return Disposition.Wait;
        var refused = admission.AtGate.Refusal is not null;
        ref var request = ref admission.Enqueue(RequestKind.Query, admission.AtGate);
        if (refused)
            StandIns.WriteQuery(output, admission.AtGate.RequestId);
        // A Query ends what the unnamed statement and portal were.
        state.Statements.Remove([]);
        state.Portals.Remove([]);
        request.Statement = admission.AtGate.Statement;
        state.Runs++;
        state.Batch++;
        admission.AtGate = null;
        return refused ? Disposition.Replaced : Disposition.Forward;
    }

    public Disposition TakeParse(ReadOnlySpan<byte> body, RelayOutput output)
    {
        var reader = new BodyReader(body);
        if (!reader.TryReadString(out var name) || !reader.TryReadString(out var sql))
            return TakeMalformed(RequestKind.Parse);
        if (HasUncertainSettings && !state.IsSettled)
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

    public Disposition TakeBind(MessageHeader header, ReadOnlySpan<byte> body, RelayOutput output)
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

    public Disposition TakeDescribe(ReadOnlySpan<byte> body, RelayOutput output)
    {
        if (!TryReadTarget(body, out var isPortal, out var name))
            return TakeMalformed(RequestKind.DescribeStatement);
        if (isPortal)
        {
            var entry = state.Portals.Find(name);
            if ((entry?.IsCertainIn(state.Batch) == false || state.Unsure > 0) && !state.IsSettled)
                return Settle(output);
            Judgement? judgement = null;
            if (entry is not null && judge.HasMasking && !admission.CatalogFailed)
            {
                judgement = admission.JudgeDescribed(entry.Value.Statement);
                if (judgement is null)
                    return Disposition.Wait;
            }
            admission.CatalogFailed = false;
            ref var request = ref state.Queue.Add(RequestKind.DescribePortal);
            request.Judgement = judgement;
            request.Portal = entry?.Value;
            request.Statement = entry?.Value.Statement;
            if (entry is not null)
                (entry.Value.IsDescribed, entry.Value.DescribedAt) = (true, state.Runs);
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

    public Disposition TakeExecute(ReadOnlySpan<byte> body, RelayOutput output)
    {
        var reader = new BodyReader(body);
        if (!reader.TryReadString(out var name) || !reader.TryReadInt32(out _))
            return TakeMalformed(RequestKind.Close);
        var entry = state.Portals.Find(name);
        var certain = entry?.IsCertainIn(state.Batch) == true && state.Unsure == 0 && !entry.Value.Statement.DependsOnNames;
        if (admission.AtGate is null && !state.IsSettled && !certain)
            return Settle(output);
        var portal = PortalOf(entry, name);
        admission.AtGate ??= new() { Statement = portal.Statement, BindDigest = portal.BindDigest, IsAdmitted = portal.IsAdmitted };
        if (!admission.IsJudgedAndAdmitted(admission.AtGate))
        {
            // What the server says against the messages before comes first: a statement that cannot run needs no approval.
            return admission.Wait == ClientWait.Gate && !state.IsSettled ? Settle(output) : Disposition.Wait;
        }
        var refused = admission.AtGate.Refusal is not null;
        portal.IsAdmitted = !refused;
        var isDescribed = portal.IsDescribed ? portal.DescribedAt == state.Runs : portal.Statement.GivesNoRows;
        if (!refused && judge.HasMasking && !isDescribed)
        {
            // No RowDescription would come before the rows, so the proxy asks for one itself, and keeps it to itself.
            StandIns.WriteDescribePortal(output, name);
            ref var describe = ref state.Queue.Add(RequestKind.DescribePortal);
            (describe.IsOurs, describe.Portal, describe.Statement, describe.Judgement) = (true, portal, portal.Statement, admission.AtGate.Judgement);
            portal.IsDescribed = true;
        }
        ref var request = ref admission.Enqueue(RequestKind.Execute, admission.AtGate);
        (request.Portal, request.Statement) = (portal, portal.Statement);
        portal.DescribedAt = ++state.Runs;
        if (refused)
            StandIns.WriteExecute(output, admission.AtGate.RequestId);
        admission.AtGate = null;
        return refused ? Disposition.Replaced : Disposition.Forward;
    }

    public Disposition TakeClose(ReadOnlySpan<byte> body, RelayOutput output)
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

    public Disposition TakeFunctionCall(RelayOutput output)
    {
        admission.AtGate ??= new() { Statement = PreparedStatement.CreateFunctionCall(), Judgement = judge.JudgeFunctionCall() };
        if (!admission.IsAdmitted(admission.AtGate))
            return Disposition.Wait;
        var refused = admission.AtGate.Refusal is not null;
        admission.Enqueue(RequestKind.FunctionCall, admission.AtGate);
        state.Runs++;
        if (refused)
            StandIns.WriteFunctionCall(output);
        state.Batch++;
        admission.AtGate = null;
        return refused ? Disposition.Replaced : Disposition.Forward;
    }

    /// <summary>What is cut short in its body the server refuses, and nothing of it is run or remembered; a request of that kind is failed by the error.</summary>
    private Disposition TakeMalformed(RequestKind kind)
    {
        state.Queue.Add(kind);
        return Disposition.Forward;
    }

    private void MarkUnsure(ref Request request)
    {
        request.IsUnsure = true;
        state.Unsure++;
    }

    private bool HasUncertainSettings => state.UncertainSettings > 0 || state.HasUnreportedSettings;

    private PreparedStatement Analyze(ReadOnlySpan<byte> sql)
    {
        var facts = PostgresAnalyzer.Analyze(sql, state.Settings);
        if (!HasUncertainSettings || (Ascii.IsValid(sql) && !sql.Contains((byte)'\\')))
            return new(sql.ToArray(), facts);
        // Both ways of reading a backslash count; what a changed encoding makes of the rest cannot be told.
        var other = state.Settings with { StandardConformingStrings = !state.Settings.StandardConformingStrings };
        return new(sql.ToArray(), Ascii.IsValid(sql) ? [.. facts, .. PostgresAnalyzer.Analyze(sql, other)] : [.. facts, PreparedStatement.UnseenFacts]);
    }

    private PreparedStatement StatementOf(NameTable<PreparedStatement>.Entry? entry, ReadOnlySpan<byte> name)
    {
        // Under another encoding the same bytes are another name, so nothing is known of it.
        if (!Ascii.IsValid(name))
            return PreparedStatement.CreateUnseen();
        var inSql = name.IsEmpty ? null : state.SqlNames.Find(isCursor: false, SqlName(name));
        if (inSql is null)
            return entry?.Value ?? PreparedStatement.CreateUnseen();
        return PreparedStatement.OneOf(name, entry is null ? inSql : [.. entry.Value.Facts, .. inSql]);
    }

    /// <summary>What an Execute of this name runs: a portal that a Bind made may have given the name to a cursor of SQL's, then it may be either.</summary>
    private Portal PortalOf(NameTable<Portal>.Entry? entry, ReadOnlySpan<byte> name)
    {
        var inSql = Ascii.IsValid(name) ? state.SqlNames.Find(isCursor: true, SqlName(name)) : null;
        if (inSql is null)
            return entry?.Value ?? new(PreparedStatement.CreateUnseen());
        return new(PreparedStatement.OneOf(name, entry is null ? inSql : [.. entry.Value.Statement.Facts, .. inSql])) { BindDigest = entry?.Value.BindDigest };
    }

    private static string SqlName(ReadOnlySpan<byte> name) =>
        Encoding.ASCII.GetString(name.Length > NameTable<Portal>.SignificantBytes ? name[..NameTable<Portal>.SignificantBytes] : name);

    private Disposition Settle(RelayOutput output)
    {
        if (!_flushed)
            output.Insert(StandIns.Flush);
        _flushed = true;
        admission.Wait = ClientWait.Settled;
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
        passing.Digest(body, portal);
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
