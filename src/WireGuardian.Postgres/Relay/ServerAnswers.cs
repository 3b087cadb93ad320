using System.Text;
using WireGuardian.Postgres.Framing;
using WireGuardian.Postgres.Messages;
using WireGuardian.Proxy;
using WireGuardian.Sql.Postgres;

namespace WireGuardian.Postgres.Relay;

/// <summary>What the server's messages mean for the requests that wait for them, for the names that they promised and for the session's settings.</summary>
public sealed class ServerAnswers(RelayState state, ResultPlans plans, MaskedCopy copy, IStatementLog log)
{
    private readonly Deallocation _deallocation = new(state);

    /// <summary>A message that no request waits for.</summary>
    public static ProtocolException Unexpected(string message) => new(ProtocolFault.Server, $"{message} came where it answers nothing");

    public void TakeParseComplete()
    {
        ref var head = ref Head("ParseComplete");
        if (head.StatementEntry is { } entry)
            entry.Confirm();
        else if (head.NewName is not null)
            state.Statements.Put(head.NewName, head.Statement!, state.Batch).Confirm();
        Answered(RequestKind.Parse);
    }

    public void TakeBindComplete()
    {
        ref var head = ref Head("BindComplete");
        if (head.PortalEntry is { } entry)
            entry.Confirm();
        else if (head.NewName is not null)
            state.Portals.Put(head.NewName, head.Portal!, state.Batch).Confirm();
        Answered(RequestKind.Bind);
    }

    public void TakeCommandComplete(ReadOnlySpan<byte> body)
    {
        if (!CommandComplete.TryParse(body, out var complete))
            throw CutShort("CommandComplete");
        ref var head = ref Head("CommandComplete");
        _deallocation.Take(complete.Tag, in head);
        if (complete.Tag.SequenceEqual("DECLARE CURSOR"u8))
            TakeCursor(in head);
        state.CopyIn = false;
        TakeEndOfStatement();
    }

    private void TakeCursor(in Request request)
    {
        var index = request.Kind == RequestKind.Query ? request.Ended : 0;
        if (request.Statement is { Facts: { } facts } && index < facts.Count && facts[index].Defines is { IsCursor: true } cursor)
            state.SqlNames.Opened(cursor.Name, request.CursorChanges);
    }

    public void TakeEndOfStatement()
    {
        ref var head = ref Head("the end of a statement");
        if (head.Kind == RequestKind.Execute)
            state.RemoveHead();
        else if (head.Kind == RequestKind.Query)
            (head.Plan, head.IsExporting, head.Ended) = (null, false, head.Ended + 1);
        else
            throw Unexpected("the end of a statement");
    }

    public void BeginCopyIn()
    {
        if (Head("CopyInResponse").Kind is not (RequestKind.Query or RequestKind.Execute))
            throw Unexpected("CopyInResponse");
        state.CopyIn = true;
        // A Sync that the client sent ahead of its data is passed over by the server; one after them is not.
        while (state.CopyIn && state.Queue.Count > 1 && state.Queue[1].Kind is RequestKind.Sync or RequestKind.CopyEnd)
        {
            state.CopyIn = state.Queue[1].Kind == RequestKind.Sync;
            state.Forget(1);
        }
    }

    /// <summary>False when the catalog has to be asked first.</summary>
    public bool TryBeginCopyOut(byte type, ReadOnlySpan<byte> body)
    {
        ref var head = ref Head("CopyOutResponse");
        if (!CopyResponse.TryParse(body, out var response))
            throw CutShort("CopyOutResponse");
        if (!plans.TryPlanCopy(ref head, type, response, out var plan))
            return false;
        if (plan.MasksAnything)
            copy.Begin(plan, head.Copy!.Copy, CopyShape.ForcedQuotes(head.Copy.Description, head.Copy.Copy));
        state.CopyIn = type == BackendMessageType.CopyBothResponse;
        return true;
    }

    public void TakeReadyForQuery(ReadOnlySpan<byte> body)
    {
        if (!ReadyForQuery.TryParse(body, out var ready))
            throw new ProtocolException(ProtocolFault.Server, "a ReadyForQuery with a transaction status that is none");
        var status = ready.TransactionStatus;
        state.TransactionStatus = status;
        state.CopyIn = false;
        if (!state.Queue.IsEmpty)
        {
            ref var head = ref state.Queue.Head;
            if (head.Kind is not (RequestKind.Query or RequestKind.Sync or RequestKind.FunctionCall))
                throw Unexpected("ReadyForQuery");
            if (status == (byte)'I')
            {
                state.InvolvedMasked = state.InvolvedMasked && MoreInvolveMasked();
                state.SettingsMayRevert = state.UncertainSettings > (head.ChangesSettings ? 1 : 0);
                state.Portals.RemoveUpTo(head.Batch);
                if ((state.ChangedCatalog || state.OpenLabels.Count > 0 || !state.UncommittedCode.IsEmpty) && state.UncertainCatalog == (head.ChangesCatalog ? 1 : 0))
                    state.EndCatalogChange(isOver: true);
            }
            state.RemoveHead();
        }
        if (state.UncertainSettings == 0)
            state.HasUnreportedSettings = false;
        if (status == (byte)'I' && state.Queue.IsEmpty)
            state.SqlNames.CursorsAreGone();
        log.BatchEnded();
    }

    /// <summary>True when a request behind the oldest one involves masked columns: it was sent before the oldest one's end was known.</summary>
    private bool MoreInvolveMasked()
    {
        for (var index = 1; index < state.Queue.Count; index++)
        {
            if (state.Queue[index].Judgement is { InvolvesMasked: true })
                return true;
        }
        return false;
    }

    public void TakeParameterStatus(ReadOnlySpan<byte> body)
    {
        if (!ParameterStatus.TryParse(body, out var parameter))
            throw CutShort("ParameterStatus");
        if (parameter.Name.SequenceEqual("standard_conforming_strings"u8))
            state.Settings = state.Settings with { StandardConformingStrings = parameter.Value.SequenceEqual("on"u8) };
        else if (parameter.Name.SequenceEqual("client_encoding"u8))
            state.Settings = state.Settings with { Encoding = PostgresSqlSettings.FromName(Encoding.ASCII.GetString(parameter.Value)) };
    }

    private static ProtocolException CutShort(string message) => new(ProtocolFault.Server, $"a {message} that is cut short");

    private ref Request Head(string message)
    {
        if (state.Queue.IsEmpty)
            throw Unexpected(message);
        return ref state.Queue.Head;
    }

    public void Answered(RequestKind kind)
    {
        if (state.Queue.IsEmpty || state.Queue.Head.Kind != kind)
            throw Unexpected($"the answer to {kind}");
        state.RemoveHead();
    }

    public void TakeNoData()
    {
        ref var head = ref Head("NoData");
        if (head.Kind is not (RequestKind.DescribeStatement or RequestKind.DescribePortal))
            throw Unexpected("NoData");
        if (head.Portal is not null)
            head.Portal.Plan = MaskPlan.None;
        if (head.Statement is not null)
            head.Statement.GivesNoRows = true;
        state.RemoveHead();
    }

    /// <summary>After an error in the extended protocol the server answers nothing before the next Sync; what was promised does not come.</summary>
    public void PassOverUntilSync()
    {
        var count = 0;
        while (count < state.Queue.Count && state.Queue[count].Kind != RequestKind.Sync)
            count++;
        // The newest first: each gives back what it found.
        for (var index = count - 1; index >= 0; index--)
        {
            ref var request = ref state.Queue[index];
            if (request.Kind == RequestKind.Close)
                Restore(ref request);
            else
                Undo(ref request, failed: index == 0);
        }
        while (!state.Queue.IsEmpty && state.Queue.Head.Kind != RequestKind.Sync)
            state.RemoveHead();
        // Behind a Query that was passed over together with what came before it, the Sync of our own ends it in its place.
        if (!state.Queue.IsEmpty)
            state.Queue.Head.IsOurs = false;
        state.SkipsUntilSync = state.Queue.IsEmpty;
    }

    private void Undo(ref Request request, bool failed)
    {
        if (request.StatementEntry is { } statement && request.Kind == RequestKind.Parse)
        {
            // A Parse of the unnamed statement that fails has dropped the one before it all the same.
            if (failed && statement.Name.Length == 0)
                statement.Before = null;
            state.Statements.Undo(statement);
        }
        if (request.PortalEntry is { } portal && request.Kind == RequestKind.Bind)
            state.Portals.Undo(portal);
    }

    private void Restore(ref Request request)
    {
        if (request.StatementEntry is { } statement)
            state.Statements.Restore(statement);
        if (request.PortalEntry is { } portal)
            state.Portals.Restore(portal);
    }
}
