using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.MySql.Catalog;
using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Relay;

/// <summary>Brings a statement's facts, the policy and the catalog together. Synchronous: where the catalog has to be asked first, it says so.</summary>
public sealed class StatementJudge(SessionContext context, RelayState state)
{
    private const StatementKinds CatalogChangers = StatementKinds.Ddl | StatementKinds.Unclassified;
    private const StatementKinds RunsQueries = StatementKinds.Select | StatementKinds.Insert | StatementKinds.Update | StatementKinds.Delete | StatementKinds.Merge
        | StatementKinds.Explain | StatementKinds.Export | StatementKinds.Code | StatementKinds.Unclassified;

    private const StatementKinds CodeRunners = StatementKinds.Code | StatementKinds.Unclassified;

    private Policy? _policy;
    private object? _principal;
    private bool _hasMasking;
    private bool _masksFindings;
    private IReadOnlyList<DetectionRule> _detection = [];
    private MaskingRule? _predicates;
    private bool _hasNoRules;
    private bool _hasResubmission;
    private TimeSpan? _longestHoldOfResults;
    private ICatalogSnapshot? _snapshot;
    private ICatalogView? _view;

    /// <summary>True when a masking rule of this listener can concern this session at all.</summary>
    public bool HasMasking
    {
        get
        {
            FollowPolicy();
            return _hasMasking;
        }
    }

    /// <summary>The rules for values in columns that no rule masks, in order, the names in them folded; none where they concern nobody. A new list whenever they change, or the principal does.</summary>
    public IReadOnlyList<DetectionRule> Detection
    {
        get
        {
            FollowPolicy();
            return _detection;
        }
    }

    /// <summary>True when it decides about a value where it comes from.</summary>
    public bool DetectsByColumn => Detection is { Count: > 0 } rules && rules[0] is not { Columns.Count: 0, Except.Count: 0 };

    /// <summary>True when rows cannot pass as they are: columns of them may be masked or looked into.</summary>
    public bool NeedsPlans => HasMasking || _detection.Count > 0;

    /// <summary>True when no rule at all concerns this session: then everything passes as it is.</summary>
    public bool HasNoRules
    {
        get
        {
            FollowPolicy();
            return _hasNoRules;
        }
    }

    /// <summary>True when a rule lets statements come back: what they are bound to must be known, the session's database too.</summary>
    public bool HasResubmission
    {
        get
        {
            FollowPolicy();
            return _hasResubmission;
        }
    }

    /// <summary>How long a result may wait at its limit; null where no rule limits any.</summary>
    public TimeSpan? LongestHoldOfResults
    {
        get
        {
            FollowPolicy();
            return _longestHoldOfResults;
        }
    }

    /// <summary>True when statements are judged by the catalog: what is masked is known from there, and what the routines do that a statement calls.</summary>
    private bool NeedsCatalog => _hasMasking || (context.Catalog is not null && !_hasNoRules);

    /// <summary>
    /// Judges a text. Null when the catalog's picture is missing or stale and <paramref name="asked"/> is null: ask it, and call again with its answer.
    /// </summary>
    public Judgement? TryJudge(SessionStatement statement, ICatalogView? asked)
    {
        FollowPolicy();
        ICatalogView? view = null;
        if (NeedsCatalog)
        {
            view = asked ?? FreshView();
            if (view is null)
                return null;
        }
        if (statement.Judgement is { } known && known.Policy == _policy && known.View == view && !statement.DependsOnSession)
            return known;
        return statement.Judgement = Judge(statement, view);
    }

    /// <summary>A picture of the catalog as it concerns this session.</summary>
    public ICatalogView ViewOf(ICatalogSnapshot snapshot)
    {
        if (!ReferenceEquals(snapshot, _snapshot) || _view is null)
            (_snapshot, _view) = (snapshot, snapshot.ViewFor(state.Principal));
        return _view;
    }

    /// <summary>Which of a text's statements involve masked columns by this picture of the catalog, or did by the one it was judged by.</summary>
    public IReadOnlyList<bool> InvolvesOf(SessionStatement statement, ICatalogView view, Judgement before) =>
        [.. statement.Statements.Select((one, index) => before.Involves[index] || Involves(one, before.Inner[index]?.Statement, view, state.InvolvedMasked || before.Involves.Take(index).Contains(true)))];

    private ICatalogView? FreshView() => context.Catalog is { IsFresh: true, Current: { } snapshot } ? ViewOf(snapshot) : null;

    private Judgement Judge(SessionStatement text, ICatalogView? view)
    {
        var all = text.Statements;
        var verdict = new Verdict(RuleAction.Allow, null, StatementKinds.None, "");
        var kinds = StatementKinds.None;
        var settings = false;
        var involves = new bool[all.Count];
        var inner = new PreparedText?[all.Count];
        var prepared = state.SqlPrepared;
        for (var index = 0; index < all.Count; index++)
        {
            inner[index] = Inner(text, index, prepared);
            var one = JudgeOne(all[index], inner[index]?.Statement, view, state.InvolvedMasked || involves.AsSpan(0, index).Contains(true), out involves[index]);
            kinds |= one.Kinds;
            settings |= all[index].Facts.MayChangeSettings || all[index].UsesDatabase is not null || (one.Kinds & CodeRunners) != 0;
            var limiting = verdict.LimitedBy ?? one.LimitedBy;
            if (one.Action > verdict.Action || (verdict.Rule is null && one.Rule is not null))
                verdict = one;
            if (verdict.LimitedBy != limiting)
                verdict = verdict with { LimitedBy = limiting };
            // Later statements of the same text may run what this one makes; that it is made at all is not said yet.
            if (index + 1 < all.Count && SqlPrepared.IsChangedBy(all[index], runsCode: (one.Kinds & CodeRunners) != 0))
            {
                prepared = ReferenceEquals(prepared, state.SqlPrepared) ? prepared.Copy() : prepared;
                prepared.Note(all[index], text.Settings, text.DatabaseOf(index), (one.Kinds & CodeRunners) != 0);
            }
        }
        if (text.IsBinaryLog && verdict is { Action: not RuleAction.Deny, LimitedBy: { } limited })
            verdict = new(RuleAction.Deny, BuiltInRules.BinaryLog, kinds, $"What the command reads of the binary log cannot be held by size, as rule {limited.Name} asks.");
        // What a routine does is among the kinds where the catalog is asked.
        var changesCatalog = (kinds & CatalogChangers) != 0 || (view is null && kinds.HasFlag(StatementKinds.Code));
        return new(verdict with { Kinds = kinds }, involves, inner, changesCatalog, settings || (kinds & StatementKinds.Ddl) != 0, _policy!, view);
    }

    /// <param name="statement">One of a text.</param>
    /// <param name="inner">What it runs, where it is an EXECUTE.</param>
    /// <param name="view">The picture of the catalog.</param>
    /// <param name="quoted">Messages of earlier statements may quote masked values.</param>
    /// <param name="involves">It may read masked columns.</param>
    private Verdict JudgeOne(MySqlStatement statement, MySqlStatement? inner, ICatalogView? view, bool quoted, out bool involves)
    {
        var kinds = statement.Facts.Kinds;
        involves = Involves(statement, inner, view, quoted);
        var copies = view is { MasksNothing: false } && (view.Copies(statement) || (involves && statement.UserVariablesWritten.Count > 0));
        if (inner is not null)
        {
            kinds |= inner.Facts.Kinds;
            copies |= view is { MasksNothing: false } && view.Copies(inner);
        }
        if (view is not null)
            kinds |= view.KindsOfRoutines(statement) | (inner is null ? StatementKinds.None : view.KindsOfRoutines(inner));

        if ((statement.AsksForLocalFile || inner?.AsksForLocalFile == true) && !context.LocalInfile)
            return new(RuleAction.Deny, BuiltInRules.LocalInfile, kinds, "The listener lets no server ask for a client's file (localInfile).");
        var verdict = ApprovalDecider.Decide(_policy!, context.Listener, kinds);
        if (involves && kinds.HasFlag(StatementKinds.Export))
        {
            return new(RuleAction.Deny, BuiltInRules.Masking, kinds,
                "The statement takes out data of a relation with masked columns in a form that cannot be masked.");
        }
        if (_masksFindings && statement.Facts is { IsOpaque: true, Kinds: StatementKinds.Export })
            return new(RuleAction.Deny, BuiltInRules.Detection, kinds, "The command takes out data in a form that detectors cannot look into.");
        if (copies && verdict.Action != RuleAction.Deny)
        {
            var rule = BuiltInRules.Copies(_policy!.Copies);
            if (rule.Action > verdict.Action)
                verdict = verdict with { Action = rule.Action, Rule = rule, Reason = "The statement may write masked data to where no rule masks it." };
        }
        // By which columns a statement chooses rows is not told apart here: it counts as all of them.
        if (involves && (kinds & RunsQueries) != 0 && _predicates is { } predicates && predicates.Predicates > verdict.Action)
        {
            return new(predicates.Predicates, BuiltInRules.Predicates(predicates.Predicates), kinds,
                $"The statement may choose, join, group or order rows by a column that rule {predicates.Name} masks.")
            { LimitedBy = verdict.LimitedBy };
        }
        return verdict;
    }

    private static bool Involves(MySqlStatement statement, MySqlStatement? inner, ICatalogView? view, bool quoted)
    {
        if (view is null || view.MasksNothing)
            return false;
        // What the server says of earlier statements, or of others', may quote anything.
        if ((statement.SideOutputs & ~SideOutputs.Diagnostics) != SideOutputs.None || (statement.SideOutputs != SideOutputs.None && quoted))
            return true;
        return view.Involves(statement) || (inner is not null && view.Involves(inner));
    }

    /// <summary>What EXECUTE or EXECUTE IMMEDIATE runs; anything, where that is not known.</summary>
    private static PreparedText? Inner(SessionStatement text, int index, SqlPrepared prepared)
    {
        var statement = text.Statements[index];
        if (statement.Facts.ExecutesPrepared is { } name)
            return prepared.Find(name, text.Settings) ?? new(SessionStatement.Unseen, text.Settings, null);
        return statement.Facts.Defines is null && statement.Prepares is { } immediate ? new(immediate, text.Settings, text.DatabaseOf(index)) : null;
    }

    private void FollowPolicy()
    {
        var policy = context.Policies.Current;
        if (policy == _policy && ReferenceEquals(state.Principal, _principal))
            return;
        if (!ReferenceEquals(state.Principal, _principal))
            (_snapshot, _view, _principal) = (null, null, state.Principal);
        _policy = policy;
        _hasMasking = context.Catalog is not null && policy.Masking.Any(rule => rule.AppliesTo(context.Listener) && !rule.Exempts(state.Principal));
        _predicates = policy.Masking.Where(rule => rule.AppliesTo(context.Listener) && !rule.Exempts(state.Principal) && rule.Predicates != RuleAction.Allow)
            .OrderByDescending(rule => rule.Predicates).FirstOrDefault();
        _hasResubmission = policy.Approvals.Any(rule => rule is { Action: RuleAction.Hold, Mode: HoldMode.Resubmit } && rule.AppliesTo(context.Listener));
        _longestHoldOfResults = policy.Approvals.Where(rule => rule.LimitsResults && rule.AppliesTo(context.Listener)).Max(rule => (TimeSpan?)rule.Timeout);
        var detection = context.Catalog is null ? [] : policy.DetectionFor(context.Listener);
        _masksFindings = detection.Any(rule => !rule.Observe && !rule.Exempts(state.Principal));
        _detection = detection.Any(rule => !rule.Exempts(state.Principal)) ? [.. detection.Select(Fold)] : [];
        _hasNoRules = !_hasMasking && _detection.Count == 0 && !policy.Approvals.Any(rule => rule.AppliesTo(context.Listener));
    }

    /// <summary>The servers' names are compared without regard to case.</summary>
    private static DetectionRule Fold(DetectionRule rule) => rule with { Columns = [.. rule.Columns.Select(Fold)], Except = [.. rule.Except.Select(Fold)] };

    private static ColumnPattern Fold(ColumnPattern pattern) => new(MySqlNames.Fold(pattern.Schema), MySqlNames.Fold(pattern.Table), MySqlNames.Fold(pattern.Column));
}
