using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Catalog;

namespace WireGuardian.Postgres.Relay;

/// <summary>
/// What masking rules say of statements that use their columns to choose, join, group or order rows (<c>predicates:</c>). By which columns a statement does that
/// its lineage tells; where that is not known, it counts as using every masked column.
/// </summary>
public sealed class PredicateRules(RelayState state, IDatabaseCatalog? catalog)
{
    /// <summary>What runs no query uses no column so: a definition, a grant, a setting.</summary>
    private const StatementKinds RunsQueries = StatementKinds.Select | StatementKinds.Insert | StatementKinds.Update | StatementKinds.Delete | StatementKinds.Merge
        | StatementKinds.Explain | StatementKinds.Export | StatementKinds.Code | StatementKinds.Unclassified;

    private MaskingRule? _strictest;
    private IReadOnlyList<PredicateBudget> _budgets = [];

    /// <summary>The lineage of what a statement makes, runs or reads by a name: good for the judgement that follows.</summary>
    private (PreparedStatement? Statement, LineageAnswer? Answer) _named;

    /// <summary>What has to be known before the statement can be judged.</summary>
    public LineageInquiry Inquiry { get; } = new(catalog);

    /// <summary>Other rules are in force for the session.</summary>
    public void Follow(IEnumerable<MaskingRule> rules)
    {
        MaskingRule[] all = [.. rules];
        _strictest = all.Where(rule => rule.Predicates != RuleAction.Allow).OrderByDescending(rule => rule.Predicates).FirstOrDefault();
        _budgets = [.. all.Select(rule => rule.PredicateBudget).OfType<PredicateBudget>()];
    }

    /// <summary>Finds the lineage of every statement of the text that needs it. False when the server has to be asked first.</summary>
    /// <param name="statement">The text.</param>
    /// <param name="snapshot">The picture that it is judged under.</param>
    /// <param name="view">The same, as it concerns the session.</param>
    /// <param name="named">Where the text is one statement: what it makes, runs or reads by a name, which is surely that.</param>
    public bool TryFindLineage(PreparedStatement statement, ICatalogSnapshot? snapshot, ICatalogView? view, NamedQuery? named)
    {
        _named = default;
        if ((_strictest is null && _budgets.Count == 0) || snapshot is null || view is null || view.MasksNothing)
            return true;
        if (named is not null)
        {
            if (state.ChangedCatalog || !view.Involves(named.Definition.Facts) || !ResultLineage.IsReadable(named))
                return true;
            if (Inquiry.Find(named.Question(), snapshot) is not { } lineage)
                return false;
            _named = (statement, lineage);
            return true;
        }
        for (var index = 0; index < statement.Facts.Count; index++)
        {
            ref var known = ref statement.Lineages[index];
            if (!CanAsk(statement, index, out var question) || !view.Involves(statement.Facts[index]))
                continue;
            // An answer for want of a better one serves until the text is judged.
            if (ReferenceEquals(known.Snapshot, snapshot) && !(known.Answer!.IsPassing && statement.Judgement is { IsPassing: true }))
                continue;
            if (Inquiry.Find(question, snapshot) is not { } answer)
            {
                // The judgement that could not be sure is given up, or two such answers would ask for each other for ever.
                statement.Judgement = null;
                return false;
            }
            known = (snapshot, answer);
        }
        return true;
    }

    /// <summary>
    /// The rule that decides about a statement that involves masked columns, null where none forbids what it does; and the budgets out of which it is taken.
    /// </summary>
    public (MaskingRule? Rule, IReadOnlyList<PredicateBudget> Budgets) Of(PreparedStatement statement, int index, ICatalogView view)
    {
        if (_strictest is null && _budgets.Count == 0)
            return (null, []);
        var facts = statement.Facts[index];
        if (!facts.IsOpaque && (facts.Conditions.Count > 0 ? !view.NamesMaskedColumn(facts.Conditions) : facts.TakesAllRows || (facts.Kinds & RunsQueries) == 0))
            return (null, []);
        var isNamed = ReferenceEquals(_named.Statement, statement);
        var answer = isNamed ? _named.Answer : CanAsk(statement, index, out _) ? statement.Lineages[index].Answer : null;
        if (answer is not { ReadsElsewhere: false, Lineage: { Predicates.IsKnown: true } lineage } || lineage.Relations.Any(view.MasksMoreThanItReads))
            return (_strictest, _budgets);
        MaskingRule? decides = null;
        var budgets = new List<PredicateBudget>();
        foreach (var column in lineage.Predicates.Columns)
        {
            var resolution = view.Resolve(column);
            if (resolution.Origin == ColumnOrigin.Unknown)
                return (_strictest, _budgets);
            if (resolution.Rule is not { } deciding)
                continue;
            foreach (var rule in deciding.InForce ?? [deciding])
            {
                if (rule.Predicates > (decides?.Predicates ?? RuleAction.Allow))
                    decides = rule;
                // What a cursor's query may use was counted when it was opened.
                if (rule.PredicateBudget is { } budget && facts.FetchesCursor is null && !budgets.Exists(other => other.Rule == budget.Rule))
                    budgets.Add(budget);
            }
        }
        return (decides, budgets);
    }

    private bool CanAsk(PreparedStatement statement, int index, out LineageQuestion question)
    {
        question = default;
        return catalog is not null && !state.ChangedCatalog && ResultLineage.TryGetQuestion(statement, index, out question);
    }
}
