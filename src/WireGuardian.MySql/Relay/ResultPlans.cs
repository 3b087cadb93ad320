using WireGuardian.Core.Detection;
using WireGuardian.Core.Statements;
using WireGuardian.MySql.Catalog;
using WireGuardian.MySql.Packets;
using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Relay;

/// <summary>Finds out how the rows of each result are masked: from its statement, the picture of the catalog, and its column definitions.</summary>
public sealed class ResultPlans(RelayState state, StatementJudge judge, SessionContext context, SessionDetection detections)
{
    private readonly MaskPlanner _planner = new(context.MaskKey, detections);
    private ICatalogSnapshot? _askedSnapshot;
    private bool _asked;

    /// <summary>The column definitions of the result that begins.</summary>
    public ResultColumns Columns { get; } = new();

    /// <summary>The catalog was asked for the result that waits.</summary>
    /// <param name="snapshot">Its answer; null when there was none.</param>
    public void CatalogWasAsked(ICatalogSnapshot? snapshot) => (_asked, _askedSnapshot) = (true, snapshot);

    /// <summary>
    /// Makes the plan of the result whose definitions are all there. False when the catalog has to be asked first: a statement that was judged before
    /// somebody's DDL may run under what that DDL made.
    /// </summary>
    public bool TryBegin(Request request)
    {
        if (!judge.NeedsPlans)
        {
            request.Plan = MaskPlan.None;
            return true;
        }
        var snapshot = _asked ? _askedSnapshot : context.Catalog is { IsFresh: true } catalog ? catalog.Current : null;
        if (snapshot is null && !_asked)
            return false;
        (_asked, _askedSnapshot) = (false, null);
        var view = snapshot is null ? null : judge.ViewOf(snapshot);
        request.Plan = view is null ? PlanWithoutCatalog(request) : Plan(request, view);
        return true;
    }

    /// <summary>True when an error of the request may quote a masked value.</summary>
    public bool MayQuoteMasked(Request request) =>
        judge.HasMasking && (request.Judgement is null ? request.Command == Command.StatementPrepare : request.Judgement.InvolvesMasked);

    /// <summary>True when the request's statement may run code of the server's, which can put anything into an error.</summary>
    public static bool RunsCode(Request request) =>
        request.Judgement is not null && (request.Judgement.Verdict.Kinds & (StatementKinds.Code | StatementKinds.Unclassified)) != StatementKinds.None;

    private MaskPlan Plan(Request request, ICatalogView view)
    {
        if (view.MasksNothing && judge.Detection.Count == 0)
            return MaskPlan.None;
        var judgement = request.Judgement;
        if (judgement is not null && request.Statement is { } statement && !ReferenceEquals(judgement.View, view))
            request.Judgement = judgement = judgement with { Involves = judge.InvolvesOf(statement, view, judgement), View = view };
        state.InvolvedMasked |= judgement?.InvolvesMasked == true;
        var one = StatementOf(request, out var index);
        var involves = judgement is null || (index < 0 ? judgement.InvolvesMasked : judgement.Involves[index]);
        // What is prepared has its place in another text.
        if (involves && one is not null && judgement?.Inner[index] is null && MetadataText.Is(one, request.Statement!.Text))
            involves = false;
        var asksForOrigins = involves || judge.DetectsByColumn;
        var shape = one is not null && asksForOrigins && !state.HasTemporaryTables && !request.Statement!.IsGuessed ? one.Shape : null;
        var database = index < 0 || !asksForOrigins ? null : DatabaseOf(request, index);
        return _planner.Plan(Columns, new(view, involves, shape, database, request.IsBinary, judge.Detection, state.Principal));
    }

    /// <summary>Nothing is known: every column is masked, where any is.</summary>
    private MaskPlan PlanWithoutCatalog(Request request) =>
        _planner.Plan(Columns, new(NoView.Instance, judge.HasMasking, Shape: null, Database: null, request.IsBinary, judge.Detection, state.Principal));

    /// <summary>The statement of a text whose result begins, or what that executes; null, and -1, where that cannot be told.</summary>
    private static MySqlStatement? StatementOf(Request request, out int index)
    {
        index = -1;
        if (request.Statement is not { } statement)
            return null;
        for (var at = 0; at <= request.ResultsSeen && at < statement.Statements.Count; at++)
        {
            if (Executed(request, at).Results == ResultSets.Unknown)
            {
                // Any number of results: only where nothing else stands in the text is it known whose they are.
                index = statement.Statements.Count == 1 ? 0 : -1;
                return null;
            }
        }
        if (request.ResultsSeen >= statement.Statements.Count)
            return null;
        index = request.ResultsSeen;
        return Executed(request, index);
    }

    private static MySqlStatement Executed(Request request, int index) => request.Judgement?.Inner[index]?.Statement ?? request.Statement!.Statements[index];

    private static string? DatabaseOf(Request request, int index) =>
        request.Judgement?.Inner[index] is { } inner ? inner.Database : request.Statement!.DatabaseOf(index);
}
