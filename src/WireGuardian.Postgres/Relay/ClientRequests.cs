using System.Security.Cryptography;
using System.Text;
using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Postgres.Framing;
using WireGuardian.Postgres.Messages;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Limits;
using WireGuardian.Proxy.Relay;
using WireGuardian.Sql.Lexing;
using WireGuardian.Sql.Postgres;

namespace WireGuardian.Postgres.Relay;

/// <summary>What each of the client's messages asks of the server: kept account of in the queue, and under the names that it gives.</summary>
public sealed class ClientRequests(
    RelayState state, StatementJudge judge, Admission admission, CopyDescriptions copies, PassingMessage passing, LimitOptions limits)
{
    /// <summary>Names stand at the front of a Bind message; longer ones than this no server has.</summary>
    public const int LongestNames = 2 << 10;

    private readonly RecentTexts<PreparedStatement, PostgresSqlSettings> _texts = new(PreparedStatement.Read);
    private bool _flushed;

    /// <summary>A message was dealt with: if the next one has to wait, the server is asked anew for what it has answered.</summary>
    public void MessageDone() => _flushed = false;

    public Disposition TakeQuery(MessageHeader header, ReadOnlySpan<byte> body, RelayOutput output)
    {
        if (header.TotalLength > limits.MaxStatementBytes)
            admission.AtGate ??= new(PreparedStatement.CreateUnseen());
        if (admission.AtGate is null)
        {
            // A text that does not end with the message the server refuses unread.
            var isWhole = Query.TryParse(body, out var query);
            if (MustSettle(query.Sql))
                return Settle(output);
            var read = isWhole ? Read(query.Sql) : PreparedStatement.Malformed();
            if (read.CopyOut is not null && judge.HasMasking && !state.IsSettled)
                return Settle(output);
            admission.AtGate = admission.Arrive(copies.Known(read));
        }
        if (admission.AtGate.Statement.DependsOnNames && !state.IsSettled)
            return Settle(output);
        if (!admission.IsJudgedAndAdmitted(admission.AtGate))
            return Wait(output);
        var refused = admission.AtGate.Refusal is not null;
        var copy = copies.Describe(admission.AtGate, isQuery: true, output);
        ref var request = ref admission.Enqueue(RequestKind.Query, admission.AtGate);
        request.Copy = copy;
        if (refused)
            StandIns.WriteQuery(output, admission.AtGate.RequestId);
        // A Query ends what the unnamed statement and portal were.
        state.Statements.Remove([]);
        state.Portals.Remove([]);
        request.Statement = admission.AtGate.Statement;
        state.Batch++;
        admission.Leave();
        if (copy is null)
            return refused ? Disposition.Replaced : Disposition.Forward;
        copies.End(header, body, output);
        return Disposition.Replaced;
    }

    public Disposition TakeParse(ReadOnlySpan<byte> body, RelayOutput output)
    {
        if (!Parse.TryParse(body, out var parse))
            return TakeMalformed(RequestKind.Parse);
        if (MustSettle(parse.Sql))
            return Settle(output);
        // A name that is taken makes the server refuse: whether it did has to be known before the name is used.
        var taken = !parse.Name.IsEmpty && state.Statements.Find(parse.Name) is not null;
        if (taken && !state.IsSettled)
            return Settle(output);
        // Where there is no room, a DEALLOCATE that the server has not answered may make some. The unnamed statement takes none.
        var isFull = !parse.Name.IsEmpty && state.Statements.Count >= limits.MaxPreparedStatements;
        if (isFull && !state.IsSettled)
            return Settle(output);
        if (isFull)
            throw new ProtocolException(ProtocolFault.Client, $"more than {limits.MaxPreparedStatements} prepared statements (limits.maxPreparedStatements)");
        var statement = Analyze(parse);
        ref var request = ref state.Queue.Add(RequestKind.Parse);
        request.Statement = statement;
        request.StatementEntry = taken ? null : state.Statements.Put(parse.Name, statement, state.Batch);
        if (taken)
        {
            request.NewName = parse.Name.ToArray();
            MarkUnsure(ref request);
        }
        return Disposition.Forward;
    }

    public Disposition TakeBind(MessageHeader header, ReadOnlySpan<byte> body, RelayOutput output)
    {
        if (!Bind.TryParse(body, out var bind))
        {
            return body.Length == header.BodyLength
                ? TakeMalformed(RequestKind.Bind)
                : throw new ProtocolException(ProtocolFault.Client, $"a Bind message with names of more than {LongestNames} bytes");
        }
        var entry = state.Statements.Find(bind.Statement);
        var taken = !bind.Portal.IsEmpty && state.Portals.Find(bind.Portal) is not null;
        var known = entry is not null && entry.IsCertainIn(state.Batch);
        if ((!known || taken || state.Unsure > 0) && !state.IsSettled)
            return Settle(output);
        if (!bind.Portal.IsEmpty && state.Portals.Count >= limits.MaxPreparedStatements)
            throw new ProtocolException(ProtocolFault.Client, $"more than {limits.MaxPreparedStatements} portals (limits.maxPreparedStatements)");
        var statement = StatementOf(entry, bind.Statement);
        ICatalogView? view = null;
        if (judge.NeedsPlans && !statement.DependsOnNames && state.UncertainCatalog == 0 && !admission.CatalogFailed)
        {
            // The server looks now what the statement's names mean, not when the portal is run.
            if (admission.JudgeDescribed(statement) is not { } judgement)
                return Disposition.Wait;
            view = judgement.View;
        }
        else if (statement.DependsOnNames)
        {
            view = judge.ViewAtHand;
        }
        admission.CatalogFailed = false;
        var portal = new Portal(statement) { CursorChanges = state.SqlNames.CursorChanges, KnownAt = state.Runs, BoundUnder = view };
        BeginDigest(header, body, bind.NamesLength, portal);
        ref var request = ref state.Queue.Add(RequestKind.Bind);
        request.Statement = portal.Statement;
        request.Portal = portal;
        // Where the server will most likely refuse, it is heard first: an Execute that never runs must not wait at the gate.
        if (entry is null || taken)
            MarkUnsure(ref request);
        if (taken)
            request.NewName = bind.Portal.ToArray();
        else
            request.PortalEntry = state.Portals.Put(bind.Portal, portal, state.Batch);
        return Disposition.Forward;
    }

    public Disposition TakeDescribe(ReadOnlySpan<byte> body, RelayOutput output)
    {
        if (!Describe.TryParse(body, out var target))
            return TakeMalformed(RequestKind.DescribeStatement);
        if (target.IsPortal)
        {
            var entry = state.Portals.Find(target.Name);
            if ((entry?.IsCertainIn(state.Batch) == false || state.Unsure + state.UncertainCatalog > 0) && !state.IsSettled)
                return Settle(output);
            Judgement? judgement = null;
            if (entry is not null && judge.NeedsPlans && !admission.CatalogFailed)
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
            {
                entry.Value.BeginDescription(state.Runs, judgement, judge.LabelVersion);
                request.MasksEverything = entry.Value.MayDiffer;
            }
        }
        else
        {
            var entry = state.Statements.Find(target.Name);
            if ((entry?.IsCertainIn(state.Batch) == false || state.Unsure > 0) && !state.IsSettled)
                return Settle(output);
            state.Queue.Add(RequestKind.DescribeStatement).Statement = entry?.Value;
        }
        return Disposition.Forward;
    }

    public Disposition TakeExecute(ReadOnlySpan<byte> body, RelayOutput output)
    {
        if (!Execute.TryParse(body, out var execute))
            return TakeMalformed(RequestKind.Execute);
        var entry = state.Portals.Find(execute.Portal);
        // What a name means is settled first: by the answers to what was sent, and by those to what may change the catalog.
        var certain = entry?.IsCertainIn(state.Batch) == true && state.Unsure + state.UncertainCatalog == 0 && !entry.Value.Statement.DependsOnNames;
        if (admission.AtGate is null && !state.IsSettled && !certain)
            return Settle(output);
        var portal = PortalOf(entry, execute.Portal);
        if (admission.AtGate is null && copies.MustSettle(portal.Statement))
            return Settle(output);
        admission.AtGate ??= new(copies.Known(portal.Statement)) { BindDigest = portal.BindDigest, Values = portal.Values, IsBound = true, AdmittedBefore = portal.Admitted, Limit = portal.Limit };
        if (!admission.IsJudgedAndAdmitted(admission.AtGate))
            return Wait(output);
        var refused = admission.AtGate.Refusal is not null;
        var judgement = admission.AtGate.Judgement;
        var isDescribed = portal.IsDescribedFor(state.Runs, judgement, judge.LabelVersion);
        if (!refused && judge.NeedsPlans && !isDescribed)
        {
            // No RowDescription would come before the rows, so the proxy asks for one itself, and keeps it to itself.
            StandIns.WriteDescribePortal(output, execute.Portal);
            ref var describe = ref state.Queue.Add(RequestKind.DescribePortal);
            (describe.IsOurs, describe.Portal, describe.Statement, describe.Judgement) = (true, portal, portal.Statement, judgement);
            portal.BeginDescription(state.Runs, judgement, judge.LabelVersion);
            describe.MasksEverything = portal.MayDiffer;
        }
        // The names of a cursor's query are looked up when it is bound.
        foreach (var facts in portal.Statement.Facts)
        {
            if (facts.Defines is { } named && !(portal.BoundUnder is { } bound && ReferenceEquals(bound, judgement?.View)))
                state.SqlNames.Doubt(named);
        }
        var copy = copies.Describe(admission.AtGate, isQuery: false, output);
        ref var request = ref admission.Enqueue(RequestKind.Execute, admission.AtGate);
        (request.Portal, request.Statement, request.Copy) = (portal, portal.Statement, copy);
        portal.BeginRun(state.Runs, refused ? null : admission.AtGate.Judgement?.Verdict);
        portal.CursorChanges = state.SqlNames.CursorChanges;
        portal.Limit = request.Limit;
        if (refused)
            StandIns.WriteExecute(output, admission.AtGate.RequestId);
        admission.AtGate = null;
        return refused ? Disposition.Replaced : Disposition.Forward;
    }

    public Disposition TakeClose(ReadOnlySpan<byte> body, RelayOutput output)
    {
        if (!Describe.TryParse(body, out var target))
            return TakeMalformed(RequestKind.Close);
        var certain = target.IsPortal
            ? state.Portals.Find(target.Name)?.IsCertainIn(state.Batch) != false
            : state.Statements.Find(target.Name)?.IsCertainIn(state.Batch) != false;
        if ((!certain || state.Unsure > 0) && !state.IsSettled)
            return Settle(output);
        ref var request = ref state.Queue.Add(RequestKind.Close);
        // If the server passes over the Close, the name is still taken: the entry comes back.
        if (target.IsPortal)
        {
            request.PortalEntry = state.Portals.Find(target.Name);
            state.Portals.Remove(target.Name);
        }
        else
        {
            request.StatementEntry = state.Statements.Find(target.Name);
            state.Statements.Remove(target.Name);
        }
        return Disposition.Forward;
    }

    public Disposition TakeFunctionCall(RelayOutput output)
    {
        admission.AtGate ??= new(PreparedStatement.CreateFunctionCall()) { Judgement = judge.JudgeFunctionCall() };
        if (!admission.IsAdmitted(admission.AtGate))
            return Wait(output);
        var refused = admission.AtGate.Refusal is not null;
        admission.Enqueue(RequestKind.FunctionCall, admission.AtGate);
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

    /// <summary>
    /// True when the text cannot be read yet: the server may read it under other settings than those it last reported, or names in it may be about to change
    /// their meaning.
    /// </summary>
    private bool MustSettle(ReadOnlySpan<byte> sql) => !state.IsSettled && (state.UncertainCatalog > 0 || !(state.KnowsSettings || PostgresAnalyzer.ReadsAlways(sql)));

    /// <summary>Where the settings cannot be known (they changed in this batch, which the server reports at its end), the text may be anything.</summary>
    private PreparedStatement Analyze(in Parse parse) =>
        state.KnowsSettings || PostgresAnalyzer.ReadsAlways(parse.Sql)
            ? new(parse.Sql.ToArray(), PostgresAnalyzer.Analyze(parse.Sql, state.Settings), state.Settings) { ParameterTypes = parse.ParameterTypes() }
            : PreparedStatement.Unreadable(parse.Sql.ToArray());

    /// <summary>The same for a simple query, whose text may have come before.</summary>
    private PreparedStatement Read(ReadOnlySpan<byte> sql) =>
        state.KnowsSettings || PostgresAnalyzer.ReadsAlways(sql) ? _texts.Find(sql, state.Settings) : PreparedStatement.Unreadable(sql.ToArray());

    private PreparedStatement StatementOf(NameTable<PreparedStatement>.Entry? entry, ReadOnlySpan<byte> name)
    {
        if (state.SqlNames.Find(isCursor: false, name) is not { } inSql)
            return entry?.Value ?? PreparedStatement.CreateUnseen();
        return PreparedStatement.OneOf(name, entry is null ? inSql : [.. entry.Value.Facts, .. inSql]);
    }

    /// <summary>
    /// What an Execute runs on. A cursor made in SQL, or by code, can bear the name of a portal that was closed meanwhile: then it may be any of them, and is
    /// described anew.
    /// </summary>
    private Portal PortalOf(NameTable<Portal>.Entry? entry, ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
            return entry?.Value ?? new(PreparedStatement.CreateUnseen()) { KnownAt = state.Runs };
        var inSql = state.SqlNames.Find(isCursor: true, name);
        var isOpen = entry is not null && entry.Value.CursorChanges == state.SqlNames.CursorChanges;
        if (entry is null)
            return new(PortalNotBound(name, inSql)) { KnownAt = state.Runs };
        if (isOpen && inSql is null)
            return entry.Value;
        IReadOnlyList<StatementFacts> meanings = [.. entry.Value.Statement.Facts, .. inSql ?? [], .. isOpen ? (IReadOnlyList<StatementFacts>)[] : [PreparedStatement.UnseenCursorFacts]];
        return new(PreparedStatement.OneOf(name, meanings)) { BindDigest = entry.Value.BindDigest, KnownAt = entry.Value.KnownAt };
    }

    /// <summary>
    /// A name under which no Bind made a portal is that of a cursor or of nothing (drivers fetch on after the end of a transaction; the server says so). Names that
    /// the server recodes are not kept account of, so they may be of anything.
    /// </summary>
    private static PreparedStatement PortalNotBound(ReadOnlySpan<byte> name, IReadOnlyList<StatementFacts>? inSql)
    {
        if (inSql is not null)
            return PreparedStatement.OneOf(name, inSql);
        return Ascii.IsValid(SignificantName.Of(name)) ? PreparedStatement.OneOf(name, [PreparedStatement.UnseenCursorFacts]) : PreparedStatement.CreateUnseen();
    }

    /// <summary>
    /// What the server says to the messages before comes before the gate: a statement that cannot run needs no approval, and the client reads of it in its place.
    /// </summary>
    private Disposition Wait(RelayOutput output) => admission.Wait == ClientWait.Gate && !state.IsSettled ? Settle(output) : Disposition.Wait;

    /// <summary>The message waits until the server has answered all that was sent.</summary>
    public Disposition Settle(RelayOutput output)
    {
        if (!_flushed)
            output.Insert(StandIns.Flush);
        _flushed = true;
        admission.Wait = ClientWait.Settled;
        return Disposition.Wait;
    }

    /// <summary>Names are a session's own: the same values under others are the same values.</summary>
    private void BeginDigest(MessageHeader header, ReadOnlySpan<byte> body, int names, Portal portal)
    {
        if (judge.HasNoRules || portal.Statement.Judgement is { PassesAtOnce: true })
            return;
        if (body.Length == header.BodyLength)
        {
            portal.BindDigest = SHA256.HashData(body[names..]);
            portal.Values = BindValues.Read(body[names..], portal.Statement.ParameterTypes);
            return;
        }
        passing.Digest(body[names..], portal);
    }
}
