using WireGuardian.Core.Detection;
using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Postgres.Framing;
using WireGuardian.Postgres.Messages;
using WireGuardian.Proxy;
using WireGuardian.Sql.Postgres;

namespace WireGuardian.Postgres.Relay;

/// <summary>Finds out how the rows of each result are masked: from its description, the picture of the catalog, and what its statement involves.</summary>
public sealed class ResultPlans(RelayState state, StatementJudge judge, SessionContext context, SessionDetection detections)
{
    private readonly MaskPlanner _planner = new(context, detections);
    private readonly ResultLineage _lineage = new(state, context.Catalog);
    private ICatalogSnapshot? _askedSnapshot;
    private bool _asked;

    /// <summary>The COPY under way, if it is masked, and the picture that it was planned by.</summary>
    private (MaskPlan Plan, ICatalogView View)? _export;

    /// <summary>How often meanings had changed when the picture that is planned by was not looked at yet.</summary>
    private long _since;

    /// <summary>The catalog was asked for the result that waits.</summary>
    /// <param name="snapshot">Its answer; null when there was none: then every column is masked.</param>
    public void CatalogWasAsked(ICatalogSnapshot? snapshot) => (_asked, _askedSnapshot) = (true, snapshot);

    /// <summary>Where the columns of results come from, and what has to be asked for that.</summary>
    public ResultLineage Lineage => _lineage;

    /// <summary>The plan for the rows that come now.</summary>
    public MaskPlan Current()
    {
        if (!state.Queue.IsEmpty)
        {
            ref var head = ref state.Queue.Head;
            var plan = head.Kind == RequestKind.Execute ? head.Portal?.Plan : head.Plan;
            if (plan is not null)
                return plan;
        }
        if (!judge.NeedsPlans)
            return MaskPlan.None;
        throw new ProtocolException(ProtocolFault.Server, "a DataRow came without a description of its columns, so it cannot be masked");
    }

    /// <summary>Makes the plan of a RowDescription and gives it to the result that it describes. False when the catalog has to be asked first.</summary>
    public bool TryTakeDescription(ReadOnlySpan<byte> body)
    {
        if (state.Queue.IsEmpty)
            throw ServerAnswers.Unexpected("RowDescription");
        ref var head = ref state.Queue.Head;
        if (head.Kind == RequestKind.DescribeStatement)
        {
            // Its formats are not known yet; the plan is made from the portal's description, or once a COPY begins.
            head.Copy?.Description = body.ToArray();
            state.RemoveHead();
            return true;
        }
        var (plan, stamp) = (MaskPlan.None, default(PlanStamp));
        if (judge.NeedsPlans && !TryPlan(ref head, body, null, out plan, out stamp))
            return false;
        switch (head.Kind)
        {
            case RequestKind.Query:
                (head.Plan, head.PlannedAt) = (plan, stamp);
                break;
            case RequestKind.DescribePortal:
                if (head.Portal is { } portal)
                    (portal.Plan, portal.PlannedAt) = (plan, stamp);
                state.RemoveHead();
                break;
            default:
                throw ServerAnswers.Unexpected("RowDescription");
        }
        return true;
    }

    /// <summary>
    /// Called before the first row of each read: the rows can be newer than the plan, for the server waits for locks and calls code while a result is under way. Where
    /// columns were labelled since, or code that it runs may do something else by now, the plan is made anew; that costs two looks at a counter where nothing changed.
    /// False when the catalog has to be asked first.
    /// </summary>
    public bool TryRenew()
    {
        if (context.Catalog is not { } catalog || state.Queue.IsEmpty)
            return true;
        ref var head = ref state.Queue.Head;
        var isPortal = head.Kind == RequestKind.Execute;
        if ((isPortal ? head.Portal?.Plan : head.Plan) is not { Basis: { } basis })
            return true;
        var stamp = isPortal ? head.Portal!.PlannedAt : head.PlannedAt;
        if (stamp.Labels == catalog.LabelVersion && (!basis.IsOpen || stamp.Work == catalog.Work.Version))
            return true;
        if (!TryPlan(ref head, basis.Shape, (basis, stamp), out var plan, out stamp))
            return false;
        if (isPortal)
            (head.Portal!.Plan, head.Portal.PlannedAt) = (plan, stamp);
        else
            (head.Plan, head.PlannedAt) = (plan, stamp);
        return true;
    }

    /// <summary>False where a COPY is under way, and columns were labelled or code was changed since it was planned.</summary>
    public bool ExportIsCurrent => context.Catalog is not { } catalog || state.Queue.IsEmpty || !state.Queue.Head.IsExporting || state.Queue.Head.Statement is { CopyOut.IsQuery: false }
        || state.Queue.Head.PlannedAt == new PlanStamp(catalog.LabelVersion, catalog.Work.Version);

    /// <summary>
    /// The same for the data of a COPY, whose plan cannot be exchanged in their midst. A table is read as it was when the COPY began. Throws where a query's data may be
    /// masked otherwise by now; false when the catalog has to be asked first.
    /// </summary>
    public bool TryRenewExport()
    {
        if (ExportIsCurrent)
            return true;
        ref var head = ref state.Queue.Head;
        var (stamp, catalog) = (head.PlannedAt, context.Catalog!);
        if (!_asked)
            _since = catalog.Work.Version;
        var snapshot = _asked ? _askedSnapshot : catalog.Current;
        if (!_asked && (snapshot is null || catalog.LacksLabels))
            return false;
        (_asked, _askedSnapshot) = (false, null);
        if (snapshot is null || (stamp.Work != _since && RunsCode(head, snapshot))
            || (stamp.Labels != snapshot.LabelVersion && !IsLabelledElsewhere(head, judge.ViewOf(snapshot))))
        {
            throw new ProtocolException(ProtocolFault.Proxy, "while a bulk export was under way, columns were labelled or code was changed, so what comes cannot be masked: run it again");
        }
        head.PlannedAt = new(snapshot.LabelVersion, _since);
        return true;
    }

    /// <summary>True where the labels that came are none of the columns that the COPY under way sends.</summary>
    private bool IsLabelledElsewhere(in Request request, ICatalogView view)
    {
        if (_export is not { } planned || request.Copy?.Description is not { } shape || !RowDescription.TryParse(shape, out var description))
            return request.Statement is { } statement && !judge.Involves(statement, view);
        var column = 0;
        foreach (var field in description)
        {
            // What is computed goes on only where it is masked as a whole already: its sources may have been labelled.
            var isSame = field.TableOid == 0 || field.AttributeNumber == 0
                ? planned.Plan.MasksAnything && planned.Plan[column] is { HasPlaces: false }
                : planned.View.Resolve(field.TableOid, field.AttributeNumber) == view.Resolve(field.TableOid, field.AttributeNumber);
            if (!isSame)
                return false;
            column++;
        }
        _export = (planned.Plan, view);
        return true;
    }

    /// <summary>Makes a plan. False when the catalog has to be asked first.</summary>
    /// <param name="head">The request whose result is planned.</param>
    /// <param name="body">The description of its columns.</param>
    /// <param name="before">The plan under which rows have come already, where there is one: the statement that runs is what it was then, whatever its names mean now.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="stamp">Up to when it holds.</param>
    private bool TryPlan(ref Request head, ReadOnlySpan<byte> body, (PlanBasis Basis, PlanStamp Stamp)? before, out MaskPlan plan, out PlanStamp stamp)
    {
        (plan, stamp) = (MaskPlan.None, default);
        var catalog = context.Catalog!;
        if (!_asked)
            _since = catalog.Work.Version;
        var snapshot = _asked ? _askedSnapshot : catalog.Current;
        var isFresh = _asked || catalog.IsFresh;
        if ((snapshot is null || catalog.LacksLabels) && !_asked)
            return false;
        var view = snapshot is null || head.MasksEverything ? null : judge.ViewOf(snapshot);
        var involves = judge.HasMasking && Involves(ref head, view);
        var lineage = before?.Basis.Under.Lineage;
        if (lineage is null && !TryFindLineage(ref head, body, involves ? view : null, snapshot, isFresh, out lineage))
            return false;
        if (lineage is not null && ResultLineage.IsPlan(head))
            (involves, lineage) = (!LineageRules.PlanIsClear(lineage, ResultLineage.RunsPlan(head), view!), null);
        var codeMayDiffer = judge.HasMasking && snapshot is not null && (before is { } old ? old.Basis.Under.CodeMayDiffer || old.Stamp.Work != _since : state.Work!.IsDisturbed(snapshot))
            && RunsCode(head, snapshot);
        var under = new MaskPlanner.Circumstances(
            view, snapshot, involves, isFresh, state.ChangedCatalog && !state.UncommittedCode.ReachesMasked,
            state.Settings.Encoding == PostgresTextEncoding.Utf8, lineage, state.UncommittedCode.ReachesMasked,
            judge.Detection, judge.HasMasking, codeMayDiffer);
        if (!_planner.TryPlan(body, under, out plan))
            return false;
        stamp = new(snapshot?.LabelVersion ?? 0, _since);
        (_asked, _askedSnapshot) = (false, null);
        return true;
    }

    /// <summary>True where the statement may run code of a user's making, by whichever way.</summary>
    private static bool RunsCode(in Request request, ICatalogSnapshot snapshot)
    {
        if ((request.Judgement?.Runs ?? request.Statement?.Facts) is not { } all)
            return true;
        foreach (var facts in all)
        {
            if (snapshot.RunsCode(facts))
                return true;
        }
        return false;
    }

    /// <summary>Finds where the result's columns come from, if any of them would be masked as a whole otherwise. False when the catalog has to be asked first.</summary>
    private bool TryFindLineage(
        ref Request head, ReadOnlySpan<byte> description, ICatalogView? view, ICatalogSnapshot? snapshot, bool isFresh, out LineageAnswer? lineage)
    {
        lineage = null;
        if (view is null || snapshot is null || !_lineage.CanFind(head) || !MaskPlanner.LeavesOriginsOpen(description, view))
            return true;
        return isFresh && _lineage.TryFind(head, snapshot, view, out lineage);
    }

    /// <summary>Makes the plan of a COPY that begins, as the catalog is now that it runs. False when the catalog has to be asked first.</summary>
    public bool TryPlanCopy(ref Request request, byte type, CopyResponse response, out MaskPlan plan)
    {
        plan = MaskPlan.None;
        if (!judge.HasMasking)
            return true;
        // Counted first: a change that begins later is none of this COPY's.
        var changes = context.Catalog!.ChangeCount;
        if (!_asked)
            _since = context.Catalog.Work.Version;
        var snapshot = _asked ? _askedSnapshot : context.Catalog.IsFresh ? context.Catalog.Current : null;
        if (snapshot is null && !_asked)
            return false;
        var view = snapshot is null ? null : judge.ViewOf(snapshot);
        if (view is null || Involves(ref request, view))
        {
            if (view is null || type != BackendMessageType.CopyOutResponse || request.Copy is not { Description: { } description } copy
                || response.IsBinary != (copy.Copy.Format == CopyFormat.Binary) || CopyShape.Of(description, copy.Copy, response, snapshot!) is not { } shape)
            {
                throw new ProtocolException(ProtocolFault.Proxy, "the server began a bulk export that cannot be masked");
            }
            if (!copy.HoldsUnder(changes))
                throw new ProtocolException(ProtocolFault.Proxy, "the catalog changed while a bulk export began, so it cannot be masked: run it again");
            LineageAnswer? lineage = null;
            if (MaskPlanner.LeavesOriginsOpen(shape, view) && !_lineage.TryFindOfCopy(request, snapshot!, view, out lineage))
                return false;
            var under = new MaskPlanner.Circumstances(
                view, snapshot, Involves: true, IsFresh: true, TrustsNewRelations: false, copy.Copy.IsUtf8 ?? state.Settings.Encoding == PostgresTextEncoding.Utf8, lineage);
            copy.Description = shape;
            _planner.TryPlan(shape, under, out plan);
        }
        _export = view is null || !plan.MasksAnything ? null : (plan, view);
        (request.IsExporting, request.PlannedAt) = (true, new(snapshot!.LabelVersion, _since));
        (_asked, _askedSnapshot) = (false, null);
        return true;
    }

    /// <summary>
    /// A statement that was judged before somebody's DDL was committed may run under what that DDL made: a name can have come to mean a view of a masked
    /// column. So it is judged again by the picture that the rows are masked by, and what comes after is told.
    /// </summary>
    private bool Involves(ref Request request, ICatalogView? view)
    {
        var judgement = request.Judgement ?? request.Statement?.Judgement;
        if (Involves(judgement))
            return true;
        if (view is null || ReferenceEquals(judgement!.View, view) || request.Statement is not { } statement || !judge.Involves(statement, view))
            return false;
        state.InvolvedMasked = true;
        request.Judgement = judgement with { InvolvesMasked = true };
        return true;
    }

    /// <summary>A statement that was described but not judged yet (Describe before Execute) may involve anything.</summary>
    public bool Involves(Judgement? judgement) => judgement is null || judgement.InvolvesMasked || state.UncommittedCode.ReachesMasked;

    /// <summary>True when an error or notice that belongs to the request may quote a masked value.</summary>
    public bool MayQuoteMasked(in Request request) =>
        judge.HasMasking && (state.InvolvedMasked || (request.Kind != RequestKind.Sync && Involves(request.Judgement ?? request.Statement?.Judgement)));
}
