using System.Text;
using WireGuardian.Core.Labels;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Catalog;

namespace WireGuardian.Postgres.Relay;

/// <summary>Brings a statement's facts, the policy and the catalog together. Synchronous: where the catalog has to be asked first, it says so.</summary>
public sealed class StatementJudge(SessionContext context, RelayState state)
{
    private const StatementKinds Definitions = StatementKinds.Ddl | StatementKinds.Privilege | StatementKinds.Code;

    /// <summary>What a routine may do while the rows that it gives are masked.</summary>
    private const StatementKinds Reading = StatementKinds.Select | StatementKinds.Insert | StatementKinds.Update | StatementKinds.Delete | StatementKinds.Merge;

    /// <summary>What may move rows from one partition to another.</summary>
    private const StatementKinds Filling =
        StatementKinds.Insert | StatementKinds.Update | StatementKinds.Merge | StatementKinds.Import | StatementKinds.Code | StatementKinds.Unclassified;

    /// <summary>A name that stands for more than this stands for anything.</summary>
    private const int MostInner = 256;

    private Policy? _policy;
    private bool _hasMasking;
    private bool _hasNoRules;
    private bool _hasDetection;
    private IReadOnlyList<DetectionRule> _detection = [];
    private bool _isGuarded;
    private ApprovalRule _copies = BuiltInRules.Copies(CopiesMode.Hold);
    private ICatalogSnapshot? _snapshot;
    private ICatalogView? _view;

    /// <summary>What rules say of predicates, and what has to be asked for that.</summary>
    public PredicateRules Predicates { get; } = new(state, context.Catalog);

    /// <summary>What <c>copies: label</c> asks of statements, and what has to be asked for that.</summary>
    public CopyLabels Labels { get; } = new(state, context);

    /// <summary>Grows when a column is labelled or a label is taken away: plans of before may not hold any more.</summary>
    public long LabelVersion => context.Catalog?.LabelVersion ?? 0;

    /// <summary>What the server has to be asked before the statement can be judged; null where that is nothing.</summary>
    public LineageInquiry? OpenInquiry => Predicates.Inquiry.Wanted is not null ? Predicates.Inquiry : Labels.Inquiry.Wanted is not null ? Labels.Inquiry : null;

    /// <summary>What becomes of a statement whose copies cannot be told.</summary>
    public ApprovalRule Copies => _copies;

    /// <summary>True when a masking rule of this listener can concern this session at all.</summary>
    public bool HasMasking
    {
        get
        {
            FollowPolicy();
            return _hasMasking;
        }
    }

    /// <summary>The rules of this listener for values in columns that are not masked; empty where none can concern this session.</summary>
    public IReadOnlyList<DetectionRule> Detection
    {
        get
        {
            FollowPolicy();
            return _detection;
        }
    }

    /// <summary>True when every result's columns have to be known: some may be masked, or their values looked into.</summary>
    public bool NeedsPlans => HasMasking || _hasDetection;

    /// <summary>True when statements are judged by the catalog: what is masked is known from there, and what the routines do that a statement calls.</summary>
    private bool NeedsCatalog => _hasMasking || Labels.IsInForce || (context.Catalog is not null && !_hasNoRules);

    /// <summary>True when no rule at all concerns this session: then everything passes as it is.</summary>
    public bool HasNoRules
    {
        get
        {
            FollowPolicy();
            return _hasNoRules;
        }
    }

    /// <summary>
    /// Judges a statement. Null when the catalog's picture is missing or stale and <paramref name="asked"/> is null: ask it, and call again with its answer.
    /// </summary>
    /// <param name="statement">The statement; keeps the judgement for the next time.</param>
    /// <param name="asked">A picture of the catalog that was loaded for this call, or null.</param>
    public Judgement? TryJudge(PreparedStatement statement, ICatalogSnapshot? asked)
    {
        FollowPolicy();
        ICatalogView? view = null;
        if (NeedsCatalog)
        {
            view = asked is null ? FreshView() : ViewOf(asked);
            if (view is null)
                return null;
        }
        if (statement.Judgement is { } known && known.Policy == _policy && known.View == view && known.UncommittedVersion == state.UncommittedCode.Version
            && !statement.DependsOnNames && !known.IsPassing && statement.CopyOut is null && !(known.MayChangeCatalog && context.Catalog is { Unkept: not null }))
        {
            return known;
        }
        if (!Predicates.TryFindLineage(statement, _snapshot, view, OnlyQuery(statement, view)) || !Labels.TryFindLineage(statement, view is null ? null : _snapshot))
            return null;
        return statement.Judgement = Judge(statement, view);
    }

    /// <summary>Judges a function-call message, of which nothing but the function's number is known.</summary>
    public Judgement JudgeFunctionCall()
    {
        FollowPolicy();
        var verdict = ApprovalDecider.Decide(_policy!, context.Listener, StatementKinds.Code);
        if (verdict is { Action: RuleAction.Allow, Rule: null } && !HasNoRules)
        {
            verdict = new(RuleAction.Deny, BuiltInRules.FunctionCall, StatementKinds.Code,
                "A function-call message cannot be looked into, and no rule for kind code allows it.");
        }
        else if (verdict is { Action: RuleAction.Allow, LimitedBy: { } limited })
        {
            verdict = new(RuleAction.Deny, BuiltInRules.FunctionCall, StatementKinds.Code, $"The result of a function-call message cannot be held by size, as rule {limited.Name} asks.");
        }
        if (context.Catalog?.Unkept is { } unkept && verdict.Action != RuleAction.Deny)
            verdict = new(RuleAction.Deny, BuiltInRules.Masking, StatementKinds.Code, unkept);
        return new(verdict, _hasMasking, MayChangeCatalog: true, MayChangeSettings: true, MayOpenCursors: true, _policy!, View: null, state.UncommittedCode.Version, [])
        {
            Changes = _isGuarded ? [PreparedStatement.UnseenFacts] : [],
            TouchesMasked = true,
        };
    }

    /// <summary>The picture of the catalog as it concerns this session, where one is at hand that is known to be that of the database; otherwise null.</summary>
    public ICatalogView? ViewAtHand => NeedsCatalog ? FreshView() : null;

    /// <summary>A picture of the catalog as it concerns this session.</summary>
    public ICatalogView ViewOf(ICatalogSnapshot snapshot)
    {
        if (!ReferenceEquals(snapshot, _snapshot))
            (_snapshot, _view) = (snapshot, snapshot.ViewFor(context.Principal));
        return _view!;
    }

    private ICatalogView? FreshView() => context.Catalog is { IsFresh: true, Current: { } snapshot } ? ViewOf(snapshot) : null;

    private Judgement Judge(PreparedStatement statement, ICatalogView? view)
    {
        var all = statement.Facts;
        var verdict = new Verdict(RuleAction.Allow, null, StatementKinds.None, "");
        var sum = default(Findings);
        var runs = all;
        NamedQuery?[]? named = null;
        var labels = new List<LabelledColumn>();
        var budgets = new List<PredicateBudget>();
        var meeting = new StatementMeeting(_isGuarded ? context.Catalog : null, view is null ? null : _snapshot, rests: view is not null && (Masks(view) || Labels.IsInForce));
        for (var index = 0; index < all.Count; index++)
        {
            var facts = all[index];
            var findings = Find(facts, view, masksCopies: all.Count == 1);
            if (Labels.IsInForce && view is not null)
            {
                var copied = Labels.Of(statement, index, _snapshot!, findings.CopiesUnseen, sum.MayChangeCatalog);
                if (copied is not null)
                    findings = findings with { Copies = false };
                findings = findings with { Copies = findings.Copies || Labels.Loses(facts, view.KindsOfRoutines(facts)) };
                labels.AddRange(copied ?? []);
            }
            findings = findings with { Copies = findings.Copies || (findings.InvolvesMasked && HidesRows(facts, sum)) };
            meeting.Add(facts, findings.Kinds, findings.MayChangeCatalog);
            // What runs by its name counts like the statement itself.
            if (OnlyMeaning(facts) is { } only)
                (named ??= new NamedQuery?[all.Count])[index] = only;
            foreach (var inner in Inner(facts))
            {
                var within = Find(inner, view, masksCopies: false);
                meeting.Add(inner, within.Kinds, within.MayChangeCatalog);
                findings |= within;
                runs = [.. runs, inner];
                Note(inner, null, view);
            }
            var (predicates, taken) = findings.InvolvesMasked ? Predicates.Of(statement, index, view!) : (null, []);
            // A text that uses a column several times over is one statement: it runs, or does not, as a whole.
            budgets.AddRange(taken.Where(budget => !budgets.Exists(other => other.Rule == budget.Rule)));
            var one = Decide(findings, predicates, reachesMasked: state.UncommittedCode.ReachesMasked || (sum.InvolvesMasked && sum.MayChangeCatalog));
            var limiting = verdict.LimitedBy ?? one.LimitedBy;
            if (one.Action > verdict.Action || (verdict.Rule is null && one.Rule is not null))
                verdict = one;
            if (verdict.LimitedBy != limiting)
                verdict = verdict with { LimitedBy = limiting };
            if (findings.MayOpenCursors && all.Count > 1)
                state.SqlNames.CursorsMayDiffer();
            sum |= findings;
            // Later statements of the same message may use what this one defines.
            Note(facts, state.ChangedCatalog || sum.MayChangeCatalog ? null : statement, view);
        }
        var unkept = sum.MayChangeCatalog ? context.Catalog?.Unkept : null;
        if (unkept is not null && verdict.Action != RuleAction.Deny)
            verdict = new(RuleAction.Deny, BuiltInRules.Masking, sum.Kinds, unkept);
        return new(
            verdict with { Kinds = sum.Kinds }, sum.InvolvesMasked, sum.MayChangeCatalog, sum.MayChangeSettings || sum.MayChangeCatalog, sum.MayOpenCursors,
            _policy!, view, state.UncommittedCode.Version, runs)
        {
            Named = named,
            Labels = verdict.Action == RuleAction.Deny ? [] : labels,
            Budgets = budgets,
            Changes = meeting.Changes,
            TouchesMasked = meeting.TouchesMasked || state.UncommittedCode.ReachesMasked,
            Rests = meeting.Rests,
            IsPassing = unkept is not null || Array.Exists(statement.Lineages, one => one.Answer is { IsPassing: true }),
        };
    }

    /// <summary>
    /// True for taking away a partition or a child which the same transaction may have made so, and filled through its parent: no picture of the catalog has ever shown that it is masked.
    /// </summary>
    private bool HidesRows(StatementFacts facts, Findings before) =>
        facts.Detaches && (state.ChangedCatalog || before.MayChangeCatalog)
        && (!state.IsInTransaction || ((state.Transaction.Kinds | before.Kinds) & Filling) != StatementKinds.None);

    /// <param name="facts">A statement.</param>
    /// <param name="text">The text that it stands in; null where its names may not mean what the catalog's picture says.</param>
    /// <param name="view">The picture of the catalog.</param>
    private void Note(StatementFacts facts, PreparedStatement? text, ICatalogView? view)
    {
        state.UncommittedCode.Note(facts, view);
        state.SqlNames.Define(facts, text, view);
    }

    /// <param name="facts">A statement.</param>
    /// <param name="view">The picture of the catalog.</param>
    /// <param name="masksCopies">It is all that its message runs, so that the data of a COPY are its own.</param>
    private Findings Find(StatementFacts facts, ICatalogView? view, bool masksCopies)
    {
        if (view is null)
            return new(facts.Kinds, false, false, false, facts.MayChangeSettings, facts.Kinds.HasFlag(StatementKinds.Code), ExportsUnmasked: false);
        var routines = view.KindsOfRoutines(facts);
        var kinds = facts.Kinds | routines;
        var involves = Masks(view) && view.Involves(facts);
        var copies = Masks(view) && !ReferenceEquals(facts, PreparedStatement.UnseenCursorFacts) && view.Copies(facts);
        var copiesUnseen = false;
        var callsUnseen = Masks(view) && state.UncommittedCode.MayCallUnseen(facts);
        if (state.UncommittedCode.MayCall(facts))
        {
            // A definition that names it runs nothing of it: CREATE TRIGGER, COMMENT, GRANT.
            if ((kinds & ~Definitions) != StatementKinds.None)
            {
                kinds |= StatementKinds.Code | StatementKinds.Unclassified;
                involves |= callsUnseen;
            }
            copiesUnseen |= involves;
        }
        involves |= callsUnseen;
        copiesUnseen |= (involves && state.UncommittedCode.MayRun(facts)) || (Masks(view) && (state.UncommittedCode.MayStoreReached(facts) || state.UncommittedCode.MayFeed(facts, view)));
        var mayChangeSettings = facts.MayChangeSettings || (routines | view.KindsOfTriggers(facts)).HasFlag(StatementKinds.Session);
        var canMask = masksCopies && !mayChangeSettings && (routines & ~Reading) == StatementKinds.None && CanMask(facts.CopyOut);
        return new(
            kinds, involves, copies || copiesUnseen, copiesUnseen, mayChangeSettings,
            facts.Kinds.HasFlag(StatementKinds.Code) || (routines & (StatementKinds.Session | StatementKinds.Code)) != 0,
            ExportsUnmasked: kinds.HasFlag(StatementKinds.Export) && !canMask);
    }

    /// <summary>The columns of a COPY are described right before it: while the catalog changes, the names in it may come to mean something else in between.</summary>
    private bool CanMask(CopyOut? copy) => copy is not null && !state.UncommittedCode.HasChanges && (copy.IsCertain || context.Catalog!.IsFresh);

    private Verdict Decide(Findings findings, MaskingRule? predicates, bool reachesMasked)
    {
        var kinds = findings.Kinds;
        var verdict = ApprovalDecider.Decide(_policy!, context.Listener, kinds);
        if (reachesMasked ? kinds.HasFlag(StatementKinds.Export) : findings.InvolvesMasked && findings.ExportsUnmasked)
        {
            return new(RuleAction.Deny, BuiltInRules.Masking, kinds,
                "The statement takes out data of a relation with masked columns in a form that cannot be masked. COPY … TO STDOUT alone in its message can be, in a "
                + "transaction without DDL and with options that are understood.");
        }
        var rule = _copies;
        if (findings.Copies && rule.Action > verdict.Action)
            verdict = verdict with { Action = rule.Action, Rule = rule, Reason = "The statement may write masked data to where no rule masks it." };
        if (predicates is not null && predicates.Predicates > verdict.Action)
        {
            verdict = verdict with
            {
                Action = predicates.Predicates,
                Rule = BuiltInRules.Predicates(predicates.Predicates),
                Reason = $"The statement may choose, join, group or order rows by a column that rule {predicates.Name} masks.",
            };
        }
        return verdict;
    }

    /// <summary>The portal that a Bind opened under this name, unless code may have put another in its place.</summary>
    private Portal? OpenPortal(ReadOnlySpan<byte> name) =>
        state.Portals.Find(name)?.Value is { } portal && portal.CursorChanges == state.SqlNames.CursorChanges ? portal : null;

    /// <summary>
    /// What EXECUTE or FETCH will really run or read, and what that in turn runs by a name: a statement prepared by message can be any, also an EXECUTE.
    /// </summary>
    private List<StatementFacts> Inner(StatementFacts facts)
    {
        if (facts.ExecutesPrepared is null && facts.FetchesCursor is null)
            return [];
        var all = new List<StatementFacts>(Named(facts));
        for (var next = 0; next < all.Count; next++)
        {
            if (all.Count > MostInner)
                return [PreparedStatement.UnseenFacts];
            foreach (var further in Named(all[next]))
            {
                if (!all.Contains(further, ReferenceEqualityComparer.Instance))
                    all.Add(further);
            }
        }
        return all;
    }

    /// <summary>What EXECUTE runs or FETCH reads, where that is sure: a name that SQL gave once, and that no message has given to something else.</summary>
    private NamedQuery? OnlyMeaning(StatementFacts facts)
    {
        if ((facts.ExecutesPrepared ?? facts.FetchesCursor) is not { } name || facts.Kinds != StatementKinds.Select)
            return null;
        var isCursor = facts.ExecutesPrepared is null;
        var only = state.SqlNames.FindOnly(isCursor, name);
        if (only is null)
            return null;
        var bytes = Encoding.UTF8.GetBytes(name);
        // Under a name that the server recodes or cuts short a message may have made something unseen.
        if (!Ascii.IsValid(bytes) || !SignificantName.Of(bytes).SequenceEqual(bytes))
            return null;
        return (isCursor ? state.Portals.Find(bytes) is null : state.Statements.Find(bytes) is null) ? only : null;
    }

    /// <summary>What a text that is one statement makes, runs or reads by a name, where it is sure what that is.</summary>
    private NamedQuery? OnlyQuery(PreparedStatement statement, ICatalogView? view) =>
        view is null || statement.Facts is not [var facts] || statement.Settings is null ? null
        : facts.Defines is { } defined ? new NamedQuery(defined, statement, view)
        : OnlyMeaning(facts) is { } only && ResultLineage.MeansTheSame(only, facts, view) ? only
        : null;

    private IEnumerable<StatementFacts> Named(StatementFacts facts)
    {
        if ((facts.ExecutesPrepared ?? facts.FetchesCursor) is not { } name)
            return [];
        var isCursor = facts.ExecutesPrepared is null;
        var inSql = state.SqlNames.Find(isCursor, name);
        var bytes = Encoding.UTF8.GetBytes(name);
        var inProtocol = isCursor ? OpenPortal(bytes)?.Statement.Facts : state.Statements.Find(bytes)?.Value.Facts;
        // No account is kept of names in messages that the server recodes.
        if ((inSql is null && inProtocol is null) || !Ascii.IsValid(bytes))
            return [isCursor ? PreparedStatement.UnseenCursorFacts : PreparedStatement.UnseenFacts];
        return [.. inSql ?? [], .. inProtocol ?? []];
    }

    /// <summary>True when the statement may involve masked columns by this picture of the catalog.</summary>
    public bool Involves(PreparedStatement statement, ICatalogView view)
    {
        if (!Masks(view))
            return false;
        foreach (var facts in statement.Facts)
        {
            if (view.Involves(facts) || Inner(facts).Any(view.Involves))
                return true;
        }
        return false;
    }

    private static bool Masks(ICatalogView view) => !view.MasksNothing;

    private void FollowPolicy()
    {
        var policy = context.Policies.Current;
        if (policy == _policy)
            return;
        _policy = policy;
        Labels.Follow(policy);
        _copies = BuiltInRules.Copies(policy.Copies);
        _isGuarded = context.Catalog is not null && policy.MaskingFor(context.Listener).Count > 0;
        _hasMasking = context.Catalog is not null && policy.Masking.Any(rule => Concerns(rule.Listeners) && !rule.Exempt.Any(context.Principal.Is));
        Predicates.Follow(_hasMasking ? policy.Masking.Where(rule => Concerns(rule.Listeners) && !rule.Exempt.Any(context.Principal.Is)) : []);
        var detection = context.Catalog is null ? [] : policy.DetectionFor(context.Listener);
        _hasDetection = detection.Any(rule => !rule.Exempts(context.Principal));
        _detection = _hasDetection ? detection : [];
        _hasNoRules = !_hasMasking && !_hasDetection && !Labels.IsInForce && !policy.Approvals.Any(rule => Concerns(rule.Listeners));
    }

    private bool Concerns(IReadOnlyList<string> listeners) => listeners.Count == 0 || listeners.Contains(context.Listener);

    /// <summary>What is found out about statements, before policy.</summary>
    private readonly record struct Findings(
        StatementKinds Kinds, bool InvolvesMasked, bool Copies, bool CopiesUnseen, bool MayChangeSettings, bool MayOpenCursors, bool ExportsUnmasked)
    {
        /// <summary>A privilege on a schema decides whether names are looked for in it.</summary>
        public bool MayChangeCatalog => (Kinds & (StatementKinds.Ddl | StatementKinds.Privilege | StatementKinds.Code | StatementKinds.Unclassified)) != 0;

        public static Findings operator |(Findings one, Findings other) => new(
            one.Kinds | other.Kinds, one.InvolvesMasked | other.InvolvesMasked, one.Copies | other.Copies, one.CopiesUnseen | other.CopiesUnseen,
            one.MayChangeSettings | other.MayChangeSettings, one.MayOpenCursors | other.MayOpenCursors,
            one.ExportsUnmasked | other.ExportsUnmasked);
    }
}
